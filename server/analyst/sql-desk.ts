/** The desk of those who write SQL: what they may ask, what it would cost, their runs, and whole answers for files. */
import type { AnalystEngine } from '../../analytics/analyst-sql/engine.ts';
import { allowedFunctionNames, type Guard } from '../../analytics/guard/index.ts';
import { describeViews } from '../../analytics/views/index.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Audit } from '../access/audit.ts';
import type { SqlCheck, SqlQuestion, SqlRun, SqlRunLine, SqlSchema } from '../http/contract/sql-runs.ts';
import { createFairQueue } from './fair-queue.ts';
import { type AnalystLimits, analystLimits, describeLimits } from './limits.ts';
import { type Asker, openRuns } from './runs.ts';
import { streamWhole, type WholeAnswer, type WholeQuestion } from './whole.ts';

export type SqlDesk = {
  schema(): SqlSchema;
  check(question: SqlQuestion): Promise<SqlCheck>;
  /** @throws LineIsFull */
  start(by: Asker, question: SqlQuestion): SqlRun;
  /** Null: there is no such run of theirs. */
  read(by: Asker, id: string, after?: number): Promise<SqlRun | null>;
  cancel(by: Asker, id: string): SqlRun | null;
  history(by: Asker): Promise<SqlRunLine[]>;
  streamWhole(asked: WholeQuestion): Promise<WholeAnswer>;
  status(): ReturnType<AnalystEngine['status']> & { running: number; waiting: number };
  stop(): Promise<void>;
};

export type SqlDeskDeps = {
  engine: AnalystEngine;
  guard: Guard;
  redis: Redis;
  keys: Keys;
  audit: Pick<Audit, 'record'>;
  eventsBehind: (seq: number) => Promise<number>;
  logger: { warn(fields: object, words: string): void };
  limits?: Partial<AnalystLimits>;
  now?: () => number;
};

/** Of each person. */
const HISTORY_MAX = 200;
const HISTORY_SECONDS = 90 * 86_400;
/** Working out the cost can cost as well: folding constants does. */
const ESTIMATE_MS_MAX = 2_000;

export function openSqlDesk(deps: SqlDeskDeps): SqlDesk {
  const { engine, guard, redis, keys, now = Date.now } = deps;
  const limits: AnalystLimits = { ...analystLimits, ...deps.limits };
  const queue = createFairQueue({ ...limits, wholeMax: 1 });
  const audit = (by: Asker, what: string, detail: Record<string, string | number>) =>
    deps.audit.record(by.name, what, detail);
  const { eventsBehind, logger } = deps;
  const runs = openRuns({ engine, guard, queue, limits, audit, keep, eventsBehind, now, logger });
  /** Costs are worked out one at a time: each needs an engine of its own. */
  let estimating: Promise<unknown> = Promise.resolve();

  async function keep(by: Asker, line: SqlRunLine): Promise<void> {
    const key = keys.sqlRuns(by.id);
    await redis
      .multi()
      .lPush(key, JSON.stringify(line))
      .lTrim(key, 0, HISTORY_MAX - 1)
      .expire(key, HISTORY_SECONDS)
      .exec();
  }

  function estimate(canonical: string): Promise<SqlCheck['estimate']> {
    const estimated = estimating.then(() => engine.estimate(canonical, ESTIMATE_MS_MAX));
    estimating = estimated.catch(() => undefined);
    // A question that is right may still have a cost nobody can tell.
    return estimated.catch(() => null);
  }

  return {
    schema: () => ({
      ...describeViews(),
      functions: [...allowedFunctionNames],
      limits: describeLimits(limits),
    }),
    async check({ sql, parameters }) {
      const verdict = await guard.check(sql, parameters);
      const cost = verdict.canonical === null ? null : await estimate(verdict.canonical);
      return { ...verdict, estimate: cost };
    },
    start: runs.start,
    read: runs.read,
    cancel: runs.cancel,
    history: async (by) =>
      (await redis.lRange(keys.sqlRuns(by.id), 0, HISTORY_MAX - 1)).map((line) => JSON.parse(line) as SqlRunLine),
    streamWhole: (asked) => streamWhole({ engine, guard, queue, limits, audit, eventsBehind }, asked),
    status: () => ({ ...engine.status(), running: queue.running(), waiting: queue.waiting() }),
    async stop() {
      await runs.stop();
      await engine.stop();
    },
  };
}
