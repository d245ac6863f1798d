/** A workspace with the real processor on a real Redis and, where asked for, history in a real engine. */
import { createClient } from 'redis';
import { catalog } from '../../analytics/kpis/index.ts';
import { eventsBehind } from '../../server/reading/events-behind.ts';
import type { Runtime } from '../../server/runtime.ts';
import type { Event } from '../../streams/events/index.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { keysOf, type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { startProcessor } from '../../streams/processing/run-processor.ts';
import type { TestEngine } from './engine.ts';
import { openHistoryBench } from './history.ts';
import { type TestRedis, uniqueWorkspace } from './redis.ts';
import { until } from './running-tideline.ts';

export type LiveBench = Awaited<ReturnType<typeof openLiveBench>>;

/** @param engine none where a test asks live state only */
export async function openLiveBench(server: TestRedis, engine?: TestEngine) {
  const clients: Redis[] = [];
  const connect = async () => {
    const client = createClient({ url: server.url }) as Redis;
    client.on('error', () => undefined);
    clients.push(await client.connect());
    return client;
  };
  const bench = engine === undefined ? undefined : await openHistoryBench(engine, server);
  const redis = bench?.redis ?? (await connect());
  const keys = bench?.keys ?? keysOf(uniqueWorkspace());
  const problems: string[] = [];
  const note = (fields: object) => void problems.push(JSON.stringify(fields));
  const logger = { info() {}, debug() {}, warn: note, error: note } as never;
  const [reader, writer] = [await connect(), await connect()];
  const processor = startProcessor({ reader, writer, redis, keys, catalog, logger });
  await bench?.startWriter();
  const runtime = { redis, keys, history: bench?.history } as Runtime;
  const seq = async () => checkpointOf(await redis.get(keys.checkpoint)).seq;

  return {
    runtime,
    redis,
    keys,
    problems,
    seq,
    /** Appends events and waits until the processor has applied them. */
    async apply(...events: Event[]): Promise<void> {
      const before = await seq();
      await appendToLog(
        redis,
        keys,
        events.map((event) => JSON.stringify(event)),
      );
      await until('the events are applied', 10_000, async () => (await seq()) >= before + events.length);
    },
    async historyHasAll(): Promise<void> {
      await until('history has everything', 20_000, async () => (await eventsBehind(runtime)) === 0);
    },
    async read<S>(kind: StateKind, id: string): Promise<S | undefined> {
      const text = await redis.hGet(keys.state(kind), id);
      return text === null ? undefined : (JSON.parse(text) as S);
    },
    /** Every state as Redis holds it. */
    async snapshot(): Promise<Record<string, Record<string, string>>> {
      const all = await Promise.all(
        stateKinds.map(async (kind) => [kind, { ...(await redis.hGetAll(keys.state(kind))) }]),
      );
      return Object.fromEntries(all);
    },
    async close(): Promise<void> {
      await processor.stop();
      await bench?.close();
      for (const client of clients) client.destroy();
    },
  };
}
