/** Asks the questions again and again, tells how long they took, and compares the answers with those of the raw rows. */
import { type HistoryClient, queryRows, queryTable, type Table } from '../../../analytics/clickhouse/client.ts';
import { createViews } from '../../../analytics/clickhouse/create-views.ts';
import { type AskHistory, kpiSeries } from '../../../analytics/kpis/series.ts';
import { loadQuery } from '../../../analytics/sql/load.ts';
import type { Statement } from '../../../analytics/sql/metrics/statement.ts';
import { withinAddress } from '../../../server/questions/run.ts';
import { type Group, groupsOf, type Question, type Series } from './questions.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Nobody waits longer for a question without sums. */
const RAW_SECONDS_MAX = 60;
/** A question that takes this long altogether is not asked again: its place is known. */
const REPEATED_MS_MAX = 4_000;

export type Measured = {
  group: string;
  question: string;
  kind: string;
  aimMs: number;
  runs: number;
  p50Ms: number;
  p95Ms: number;
  timesMs: number[];
  rowsRead: number;
  /** The same of raw rows, once; null: there is no other way, or it did not end in time. */
  rawMs: number | null;
  rawRows: number | null;
  same: boolean | null;
  fault: string;
};

export type MeasureDeps = {
  history: HistoryClient;
  ops: HistoryClient;
  now: number;
  runs: number;
  say(words: string): void;
};

export async function measure(deps: MeasureDeps): Promise<Measured[]> {
  const { history, now, runs, say } = deps;
  await createViews(history);
  const situation = { now, timeZone: 'America/New_York', currency: 'USD' };
  // Local days all over the two years: midnight of winter time, which is close enough to a day of summer time.
  const midnight = Math.floor(now / DAY_MS) * DAY_MS + 5 * HOUR_MS;
  const days = Array.from({ length: runs }, (_, index) => midnight - (3 + index * Math.floor(650 / runs)) * DAY_MS);
  const measured: Measured[] = [];
  for (const group of groupsOf(situation, days)) {
    for (const question of group.questions) {
      const one = await measureOne(deps, group, question);
      measured.push(one);
      say(
        `${one.question}: p95 ${one.p95Ms} ms, raw ${one.rawMs ?? '-'} ms, ${one.fault || (one.same === false ? 'ANSWERS DIFFER' : 'ok')}`,
      );
    }
  }
  return measured;
}

async function measureOne({ ops, history }: MeasureDeps, group: Group, question: Question): Promise<Measured> {
  const times: number[] = [];
  let first: Table | undefined;
  const result: Measured = {
    ...{ group: group.name, question: question.name, kind: question.kind, aimMs: group.aimMs, runs: 0 },
    ...{ p50Ms: 0, p95Ms: 0, timesMs: times, rowsRead: 0, rawMs: null, rawRows: null, same: null, fault: '' },
  };
  try {
    for (const statement of question.statements) {
      if (times.reduce((sum, ms) => sum + ms, 0) > REPEATED_MS_MAX) break;
      if ('kpi' in statement) {
        times.push(await timedSeries(history, statement));
        continue;
      }
      const { table, ms } = await timed(ops, statement);
      first ??= table;
      times.push(ms);
      result.rowsRead = Math.max(result.rowsRead, table.rowsRead);
    }
    result.runs = times.length;
    result.p50Ms = rank(times, 0.5);
    result.p95Ms = rank(times, 0.95);
    if (question.raw !== null) {
      const { table, ms } = await timed(ops, bounded(question.raw));
      result.rawMs = ms;
      result.rawRows = table.rowsRead;
      result.same = sameAnswer(first!, table);
    }
  } catch (error) {
    result.fault = (error as Error).message.slice(0, 200);
  }
  return result;
}

async function timed(ops: HistoryClient, statement: Statement): Promise<{ table: Table; ms: number }> {
  const { sql, parameters } = withinAddress(statement);
  const started = performance.now();
  const table = await queryTable(ops, sql, parameters);
  return { table, ms: Math.round((performance.now() - started) * 10) / 10 };
}

async function timedSeries(history: HistoryClient, { kpi, query }: Series): Promise<number> {
  const ask: AskHistory = (text, parameters) =>
    queryRows(history, typeof text === 'string' ? loadQuery(text) : text.sql, parameters);
  const started = performance.now();
  await kpiSeries(ask, kpi, query);
  return Math.round((performance.now() - started) * 10) / 10;
}

const bounded = ({ sql, parameters }: Statement): Statement => ({
  sql: `${sql}\nSETTINGS max_execution_time = ${RAW_SECONDS_MAX}`,
  parameters,
});

/** Nearest rank. */
export const rank = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * times.length) - 1)]!;

/** Whatever the order of rows; figures made by division may differ in their last digits. */
function sameAnswer(one: Table, other: Table): boolean {
  const rounded = (value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(9)) : value);
  const lines = ({ rows }: Table) => rows.map((row) => JSON.stringify(row.map(rounded))).sort();
  return JSON.stringify(lines(one)) === JSON.stringify(lines(other));
}
