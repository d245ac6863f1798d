/** What a question of an analyst may take. Each limit has a name that people are told when it is hit. */
import { totalmem } from 'node:os';
import { EngineError } from '../../analytics/clickhouse/embedded/engine-error.ts';
import { ROWS_SHOWN_MAX, type SqlFault, type SqlRun } from '../http/contract/sql-runs.ts';

export type AnalystLimits = {
  secondsMax: number;
  wholeSecondsMax: number;
  memoryBytesMax: number;
  bytesReadMax: number;
  rowsShownMax: number;
  bytesShownMax: number;
  wholeBytesMax: number;
  threadsMax: number;
  placesMax: number;
  perPersonMax: number;
  waitingMax: number;
  /** Nobody asks how it goes for this long: nobody waits for it. */
  abandonedSeconds: number;
};

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MEMORY_SHARE = 0.08;

export const analystLimits: AnalystLimits = {
  secondsMax: 60,
  wholeSecondsMax: 600,
  memoryBytesMax: Math.round(Math.min(2 * GIB, Math.max(512 * MIB, totalmem() * MEMORY_SHARE))),
  bytesReadMax: 200 * GIB,
  rowsShownMax: ROWS_SHOWN_MAX,
  bytesShownMax: 16 * MIB,
  wholeBytesMax: 8 * GIB,
  threadsMax: 2,
  placesMax: 3,
  perPersonMax: 2,
  waitingMax: 20,
  abandonedSeconds: 30,
};

export type Cut = NonNullable<SqlRun['cut']>;

export const describeLimits = (limits: AnalystLimits): { name: string; value: string }[] => [
  { name: 'rows shown', value: whole(limits.rowsShownMax) },
  { name: 'bytes shown', value: size(limits.bytesShownMax) },
  { name: 'seconds', value: whole(limits.secondsMax) },
  { name: 'memory', value: size(limits.memoryBytesMax) },
  { name: 'bytes read', value: size(limits.bytesReadMax) },
  { name: 'seconds of a file', value: whole(limits.wholeSecondsMax) },
  { name: 'bytes of a file', value: size(limits.wholeBytesMax) },
  { name: 'questions running at once', value: `${limits.perPersonMax} of yours, ${limits.placesMax} of all` },
  { name: 'questions waiting', value: `${limits.waitingMax} of yours` },
];

export const cutBy = {
  rows: (limits: AnalystLimits): Cut => ({
    limit: 'rows shown',
    value: whole(limits.rowsShownMax),
    remedy: 'Export it to have all rows, or ask for fewer: a LIMIT, a filter, a sum.',
  }),
  bytes: (limits: AnalystLimits): Cut => ({
    limit: 'bytes shown',
    value: size(limits.bytesShownMax),
    remedy: 'Export it to have all of it, or ask for fewer columns.',
  }),
  seconds: (seconds: number): Cut => ({
    limit: 'seconds',
    value: whole(seconds),
    remedy: 'Ask for a shorter period, or of the sums by hour or day (kpi_hours, kpi_days).',
  }),
  memory: (limits: AnalystLimits): Cut => ({
    limit: 'memory',
    value: size(limits.memoryBytesMax),
    remedy: 'Group by fewer values, join fewer rows, or use uniq and quantile instead of their exact forms.',
  }),
  bytesRead: (limits: AnalystLimits): Cut => ({
    limit: 'bytes read',
    value: size(limits.bytesReadMax),
    remedy: 'Ask for a shorter period or fewer columns.',
  }),
  wholeBytes: (limits: AnalystLimits): Cut => ({
    limit: 'bytes of a file',
    value: size(limits.wholeBytesMax),
    remedy: 'Ask for fewer rows or columns.',
  }),
};

// Numbers of ClickHouse's own exceptions.
const TIMED_OUT = new Set([159, 160, 209]);
const OUT_OF_MEMORY = new Set([173, 241]);
const READ_TOO_MUCH = new Set([158, 307, 396]);

/** The limit behind an exception of the engine, if it is one. */
export function limitBehind(error: unknown, limits: AnalystLimits, seconds: number): Cut | null {
  if (!(error instanceof EngineError)) return null;
  if (TIMED_OUT.has(error.code)) return cutBy.seconds(seconds);
  if (OUT_OF_MEMORY.has(error.code) || /bad_alloc|Cannot allocate memory/.test(error.message))
    return cutBy.memory(limits);
  if (READ_TOO_MUCH.has(error.code)) return cutBy.bytesRead(limits);
  return null;
}

export const faultOf = (cut: Cut): SqlFault => ({
  what: `It was ended at the limit ${cut.limit}: ${cut.value}.`,
  remedy: cut.remedy,
  line: null,
  column: null,
});

const whole = (value: number): string => value.toLocaleString('en');
function size(bytes: number): string {
  return bytes >= GIB ? `${Number((bytes / GIB).toFixed(1))} GiB` : `${Math.round(bytes / MIB)} MiB`;
}
