/** The desk on whatever history there is: labs beside the embedded engine, or a server with a user for analysts. */
import { type AnalystEngine, NoAnalystEngine, type ReadFrom } from '../../analytics/analyst-sql/engine.ts';
import { openLabEngine, snapshotsOf } from '../../analytics/analyst-sql/lab/lab-engine.ts';
import { openServerEngine } from '../../analytics/analyst-sql/server-engine.ts';
import { createHistoryClient, queryRows } from '../../analytics/clickhouse/client.ts';
import { readPosition } from '../../analytics/clickhouse/history-position.ts';
import { createGuard, guardEngineOf } from '../../analytics/guard/index.ts';
import { loadQuery } from '../../analytics/sql/load.ts';
import { opsDatabaseOf, views } from '../../analytics/views/index.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import type { Audit } from '../access/audit.ts';
import { historyAddress, type Runtime } from '../runtime.ts';
import { type AnalystLimits, analystLimits } from './limits.ts';
import { openSqlDesk, type SqlDesk } from './sql-desk.ts';

type Logger = { info(fields: object, words: string): void; warn(fields: object, words: string): void };

export function openDesk(deps: {
  config: { clickhouseUrl: string; clickhouseAnalystUrl: string };
  runtime: Runtime;
  audit: Pick<Audit, 'record'>;
  logger: Logger;
  limits?: Partial<AnalystLimits>;
}): SqlDesk {
  const { runtime, audit, logger } = deps;
  const { redis, keys, history, reached } = runtime;
  const limits = { ...analystLimits, ...deps.limits };
  const opsDatabase = opsDatabaseOf(reached.history.database);

  const liveSeq = async () => checkpointOf(await redis.get(keys.checkpoint)).seq;

  /** Of what is in history now. It is complete up to this moment, unless facts wait to be written. */
  async function readFrom(): Promise<ReadFrom> {
    const [position, live] = await Promise.all([readPosition(redis, keys), liveSeq()]);
    if (position.seq === 0) return { seq: 0, asOf: null };
    if (live <= position.seq) return { seq: position.seq, asOf: Date.now() };
    const [newest] = await queryRows<{ at: number | string }>(history, loadQuery('queries/newest-received'));
    return { seq: position.seq, asOf: newest === undefined ? null : Number(newest.at) };
  }

  return openSqlDesk({
    engine: engineFor(deps.config, runtime, opsDatabase, limits, readFrom, logger),
    guard: createGuard({ engine: guardEngineOf(history), schema: { database: opsDatabase, views } }),
    redis,
    keys,
    audit,
    eventsBehind: async (seq) => Math.max(0, (await liveSeq()) - seq),
    logger,
    limits,
  });
}

function engineFor(
  config: { clickhouseUrl: string; clickhouseAnalystUrl: string },
  { reached }: Runtime,
  opsDatabase: string,
  limits: AnalystLimits,
  readFrom: () => Promise<ReadFrom>,
  logger: Logger,
): AnalystEngine {
  if (config.clickhouseAnalystUrl !== '') {
    const address = historyAddress(config.clickhouseAnalystUrl);
    return openServerEngine({ analyst: createHistoryClient({ ...address, database: opsDatabase }), readFrom });
  }
  if (config.clickhouseUrl !== '') return noEngine();
  return openLabEngine({
    takeSnapshot: snapshotsOf(reached.history),
    readFrom,
    historyDatabase: reached.history.database,
    opsDatabase,
    limits: {
      memoryBytesMax: limits.memoryBytesMax,
      threadsMax: limits.threadsMax,
      // Of the longest kind of question; shorter limits are watched from outside.
      secondsMax: limits.wholeSecondsMax,
      bytesReadMax: limits.bytesReadMax,
    },
    logger,
  });
}

/** Never with the rights of the owner of history: rather not at all. */
function noEngine(): AnalystEngine {
  const words =
    'History is on a ClickHouse server, and no user for analysts is set (--clickhouse-analyst-url): see docs/sql-lab.md.';
  const refuse = () => Promise.reject(new NoAnalystEngine(words));
  return {
    run: refuse,
    estimate: refuse,
    columns: refuse,
    status: () => ({ kind: 'server', words: 'switched off: no user for analysts is set', lacks: [] }),
    stop: () => Promise.resolve(),
  };
}
