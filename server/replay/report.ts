/** What a replay did, in numbers that add up: every row has exactly one outcome. */
import { addDecimals, type Decimal, formatDecimal, ZERO } from './decimal.ts';

export const REJECTED_SHOWN_MAX = 1_000;
export const OUTCOMES_MAX = 1_000;
const LINES_SHOWN_MAX = 20;

export type Outcome = { name: string; kind: 'mapped' | 'left out'; rows: number; totals: Record<string, string> };
export type Rejected = { lines: number[]; by: 'mapping' | 'server'; problem: string };
export type Report = {
  rows: number;
  outcomes: Outcome[];
  rejectedRows: number;
  /** Events that rows made but that the catalog, or the server, did not take. */
  rejectedEvents: number;
  /** The first ones, with their lines in the file. */
  rejected: Rejected[];
  events: number;
  eventsByType: Record<string, number>;
  /** What was changed or noticed on the way -> how often. */
  notes: Record<string, number>;
  from: string | null;
  to: string | null;
};

/** @param totals names of the fields that are summed per outcome */
export function createReport(totals: readonly string[]) {
  const outcomes = new Map<string, { kind: Outcome['kind']; rows: number; sums: Decimal[] }>();
  const eventsByType = new Map<string, number>();
  const notes = new Map<string, number>();
  const rejected: Rejected[] = [];
  let [rows, rejectedRows, rejectedEvents, events] = [0, 0, 0, 0];
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const show = (one: Rejected) => {
    if (rejected.length < REJECTED_SHOWN_MAX) rejected.push({ ...one, lines: one.lines.slice(0, LINES_SHOWN_MAX) });
  };
  return {
    row(kind: Outcome['kind'], reason: string, time: number, values: readonly (Decimal | null)[]) {
      rows++;
      from = Math.min(from, time);
      to = Math.max(to, time);
      const name = outcomes.has(`${kind}:${reason}`) || outcomes.size < OUTCOMES_MAX ? reason : 'other reasons';
      const key = `${kind}:${name}`;
      let outcome = outcomes.get(key);
      if (outcome === undefined) {
        outcome = { kind, rows: 0, sums: totals.map(() => ZERO) };
        outcomes.set(key, outcome);
      }
      outcome.rows++;
      for (let at = 0; at < totals.length; at++) outcome.sums[at] = addDecimals(outcome.sums[at]!, values[at] ?? ZERO);
    },
    rejectRow(line: number, problem: string) {
      rows++;
      rejectedRows++;
      show({ lines: [line], by: 'mapping', problem });
    },
    rejectEvent(by: Rejected['by'], lines: number[], problem: string) {
      rejectedEvents++;
      show({ lines, by, problem });
    },
    event(type: string) {
      events++;
      eventsByType.set(type, (eventsByType.get(type) ?? 0) + 1);
    },
    note: (words: string) => notes.set(words, (notes.get(words) ?? 0) + 1),
    read: (more: ReadonlyMap<string, number> = new Map()): Report => ({
      rows,
      outcomes: [...outcomes].map(([key, { kind, rows, sums }]) => ({
        name: key.slice(kind.length + 1),
        kind,
        rows,
        totals: Object.fromEntries(totals.map((name, at) => [name, formatDecimal(sums[at]!)])),
      })),
      rejectedRows,
      rejectedEvents,
      rejected: [...rejected],
      events,
      eventsByType: Object.fromEntries([...eventsByType].sort(([a], [b]) => (a < b ? -1 : 1))),
      notes: Object.fromEntries([...notes, ...more]),
      from: from === Number.POSITIVE_INFINITY ? null : new Date(from).toISOString(),
      to: to === Number.NEGATIVE_INFINITY ? null : new Date(to).toISOString(),
    }),
  };
}
export type ReportKeeper = ReturnType<typeof createReport>;
