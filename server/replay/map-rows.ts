/** THE MAPPING: rows in, events out in the order of the business, and a report that accounts for every row. Pure. */
import { type CloudEvent, understandCloudEvent } from '../../streams/events/envelope.ts';
import { createBusinessOrder } from './business-order.ts';
import { type CompiledEvent, type CompiledRule, compileMapping } from './compile-mapping.ts';
import { asDecimal, compileFields, type Value } from './fields.ts';
import { createIdGuard } from './id-guard.ts';
import type { Mapping, Rule } from './mapping.ts';
import { createReport, type Report } from './report.ts';
import { createRowIdentity } from './row-identity.ts';
import { createSurvey, type Survey, upFrontEvents, type ValueOf } from './survey.ts';
import type { Json, Line, Scope } from './templates.ts';

/** `line` is the row's line number in the file; for a row over several lines, the last. */
export type Row = { line: number; cells: readonly string[] };
/** `lines` are the lines in the file that made the event; none for what the preamble made. */
export type MappedEvent = { event: CloudEvent; time: number; lines: number[] };
export type Mapper = {
  /** Takes the next row and gives the events whose time has surely come. */
  row: (row: Row) => MappedEvent[];
  /** Counts a row that could not even be read. */
  unreadable: (line: number, problem: string) => void;
  /** Gives all that is left. */
  end: () => MappedEvent[];
  /** Counts an event that the server did not take, by the lines that made it. */
  refused: (lines: number[], problem: string) => void;
  report: () => Report;
};
export type MapperOptions = { survey?: Survey; observe?: (rule: Rule, get: ValueOf, time: number) => void };

/** Groups whose rows may still come; more than this means `gapRows` is too large. */
const OPEN_GROUPS_MAX = 100_000;
/** Draining looks at all open groups, so it is not done for each row. */
const DRAIN_EVERY_ROWS = 64;

type OpenGroup = { events: CompiledEvent[]; time: number; sequence: number; lines: Line[]; lastRow: number };

/** @returns the mapper, or the columns that the header lacks */
export function createMapper(
  mapping: Mapping,
  header: readonly string[],
  options: MapperOptions = {},
): Mapper | { missing: string[] } {
  const fields = compileFields(mapping.fields, header);
  if ('missing' in fields) return fields;
  const report = createReport(mapping.totals);
  const identity = createRowIdentity();
  const ids = createIdGuard();
  const waiting = createBusinessOrder<() => MappedEvent | null>();
  const open = new Map<string, OpenGroup>();
  const timeAt = fields.index.get(mapping.time)!;
  const totalsAt = mapping.totals.map((name) => fields.index.get(name)!);
  let [rowNumber, sequence] = [0, 0];
  let newest = Number.NEGATIVE_INFINITY;

  const { rules, groups } = compileMapping(mapping, fields);

  const finish = (type: string, time: number, id: string, data: Json, lines: number[]): MappedEvent | null => {
    const event = {
      specversion: '1.0' as const,
      id,
      source: mapping.source,
      type,
      time: new Date(time).toISOString(),
      data,
    };
    const understood = understandCloudEvent(event, Number.MAX_SAFE_INTEGER);
    const problem = 'problem' in understood ? understood.problem : ids.problemWith(id, lines);
    if (problem !== null) {
      report.rejectEvent('mapping', lines, `${type} ${id}: ${problem}`);
      return null;
    }
    report.event(type);
    return { event, time, lines };
  };
  const schedule = (made: CompiledEvent, time: number, order: number, scope: () => Scope, lines: () => number[]) => {
    const at = time + made.after;
    waiting.add({
      time: at,
      sequence: order,
      item: () => {
        const filled = made.make(scope());
        if (filled === null) report.note(`${made.type} not made: all its lines were reversed`);
        return filled === null ? null : finish(made.type, at, filled.id, filled.data, lines());
      },
    });
  };
  const close = (group: OpenGroup) => {
    const { lines } = group;
    const scope = { line: lines[0]!, lines, row: () => '' };
    group.events.forEach((made, at) => {
      schedule(
        made,
        group.time,
        group.sequence + at / 100,
        () => scope,
        () => lines.map((line) => line.fileLine),
      );
    });
  };
  const closeIdle = () => {
    for (const [key, group] of open) {
      const gapRows = groups.get(key.slice(0, key.indexOf(':')))!.gapRows;
      if (rowNumber - group.lastRow <= gapRows + 1) continue;
      open.delete(key);
      close(group);
    }
  };
  const drain = (watermark: number): MappedEvent[] => {
    const ready: MappedEvent[] = [];
    while (waiting.size() > 0 && waiting.nextTime() < watermark) {
      const made = waiting.take()();
      if (made !== null) ready.push(made);
    }
    return ready;
  };
  const apply = (one: CompiledRule, line: Line, time: number, cells: readonly string[]) => {
    if (one.group !== null) {
      const key = `${one.rule.lineOf}:${one.group.by({ line, lines: [line], row: () => '' })}`;
      let group = open.get(key);
      if (group === undefined) {
        if (open.size >= OPEN_GROUPS_MAX)
          throw new Error(`more than ${OPEN_GROUPS_MAX} groups are open: lower gapRows`);
        group = { events: one.group.events, time, sequence: sequence++, lines: [], lastRow: rowNumber };
        open.set(key, group);
      }
      group.time = Math.min(group.time, time);
      group.lastRow = rowNumber;
      group.lines.push(line);
      line.number = group.lines.length;
      for (const reversals of one.group.reversibleBy) reversals.remember(line, group);
    }
    let row: string | null = null;
    const scope = { line, lines: [line], row: () => (row ??= identity.of(cells, time)) };
    const order = sequence++;
    one.events.forEach((made, at) => {
      schedule(
        made,
        time,
        order + at / 100,
        () => scope,
        () => [line.fileLine],
      );
    });
    // A row's identity counts its equals in the order of the file, so it is taken now and not when its time comes.
    if (one.events.length > 0) scope.row();
  };

  for (const made of options.survey === undefined ? [] : upFrontEvents(mapping, options.survey)) {
    const item = () => finish(made.type, made.time, made.id, made.data, []);
    waiting.add({ time: made.time, sequence: sequence++, item });
  }

  return {
    unreadable: (line, problem) => report.rejectRow(line, problem),
    refused: (lines, problem) => report.rejectEvent('server', lines, problem),
    row({ line: fileLine, cells }) {
      rowNumber++;
      if (cells.length !== header.length) {
        report.rejectRow(fileLine, `has ${cells.length} columns where the header has ${header.length}`);
        return [];
      }
      const values = fields.read(cells);
      if ('problem' in values) {
        report.rejectRow(fileLine, values.problem);
        return [];
      }
      const time = values[timeAt] as number;
      if (time < newest - mapping.file.disorder) {
        const older = `is ${Math.round((newest - time) / 60_000)} minutes older than a row before it`;
        report.rejectRow(fileLine, `${older}: sort the file by time, raise file.disorder, or set file.sorted: false`);
        return [];
      }
      newest = Math.max(newest, time);
      const line: Line = { values, number: 1, fileLine, reversed: false, reverses: null };
      const taken = rules.find((one) => {
        if (!one.holds(values)) return false;
        if (one.reversals === null) return true;
        line.reverses = one.reversals.find(values, time);
        return line.reverses !== null;
      });
      if (taken === undefined) {
        report.rejectRow(fileLine, 'no rule takes this row');
        return [];
      }
      const words = taken.leaveOut?.({ line, lines: [line], row: () => '' }) ?? taken.rule.name;
      const sums = totalsAt.map((at) => decimalOf(values[at]!));
      report.row(taken.leaveOut === null ? 'mapped' : 'left out', words, time, sums);
      if (options.observe !== undefined) {
        const get = (name: string) => {
          const at = fields.index.get(name)!;
          return fields.render(at, values[at]!);
        };
        options.observe(taken.rule, get, time);
      }
      apply(taken, line, time, cells);
      if (rowNumber % DRAIN_EVERY_ROWS !== 0) return [];

      closeIdle();
      const certain = newest - mapping.file.disorder;
      identity.forget(certain);
      for (const one of rules) one.reversals?.forget(certain);
      let watermark = certain;
      for (const group of open.values()) watermark = Math.min(watermark, group.time);
      return drain(watermark);
    },
    end() {
      for (const group of open.values()) close(group);
      open.clear();
      return drain(Number.POSITIVE_INFINITY);
    },
    report: () => report.read(fields.notes),
  };
}

const decimalOf = (value: Value) => (value === null ? null : asDecimal(value));

/**
 * Maps a whole table: looks at it once for items, openings and the first day, then makes the events.
 * @param rows is gone through twice
 */
export function mapRows(
  header: readonly string[],
  rows: Iterable<Row>,
  mapping: Mapping,
): { events: MappedEvent[]; report: Report } | { missing: string[] } {
  const survey = createSurvey(mapping);
  const look = createMapper(mapping, header, { observe: survey.row });
  if ('missing' in look) return look;
  for (const row of rows) survey.events(look.row(row));
  survey.events(look.end());
  const mapper = createMapper(mapping, header, { survey: survey.read() }) as Mapper;
  const events: MappedEvent[] = [];
  for (const row of rows) for (const one of mapper.row(row)) events.push(one);
  for (const one of mapper.end()) events.push(one);
  return { events, report: mapper.report() };
}
