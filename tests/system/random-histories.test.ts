/** The histories of the simulation against the real Redis: two processors on one log, repeats, and a Redis that is killed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import { openRuntime, type Runtime } from '../../server/runtime.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import type { Event } from '../../streams/events/index.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { appendToLog } from '../../streams/processing/event-log.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { startProcessor } from '../../streams/processing/run-processor.ts';
import { createWorld, expectSound } from '../support/fold.ts';
import { logOf } from '../support/random-log.ts';
import { startTestRedis, type TestRedis, uniqueWorkspace } from '../support/redis.ts';
import { killProcess, until } from '../support/running-tideline.ts';

const SEEDS = 3;
const silent = { info() {}, warn() {}, error() {} } as never;

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis({ aof: true });
});
afterAll(() => server.stop());

async function startTwo(runtime: Runtime, batchMax: number) {
  const start = async () =>
    startProcessor({
      reader: await runtime.connect(),
      writer: await runtime.connectToWatch(),
      redis: runtime.redis,
      keys: runtime.keys,
      catalog,
      logger: silent,
      batchMax,
    });
  return [await start(), await start()];
}

/** What was applied, in its order, out of the outbox that nobody empties here. */
async function applied({ redis, keys }: Runtime): Promise<Event[]> {
  const entries = await redis.xRange(keys.facts, '-', '+');
  return (entries ?? [])
    .flatMap(({ message }) => message['f']!.split('\n'))
    .map((line) => {
      const { id, source, type, occurred_at, observed_at, received_at, corrects, data } = JSON.parse(line);
      const times = { occurredAt: occurred_at, observedAt: observed_at, receivedAt: received_at };
      return { id, source, type, ...times, ...(corrects === undefined ? {} : { corrects }), data } as Event;
    });
}

it(`every event counts once, and history explains the states byte for byte, for ${SEEDS} random histories`, {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = randomOf(seed, 'real Redis');
    const history = { url: 'http://127.0.0.1:1', username: '', password: '', database: 'unused' };
    const runtime = await openRuntime({ redisUrl: server.url, history }, uniqueWorkspace(), { warn: () => undefined });
    const { redis, keys } = runtime;
    const processors = await startTwo(runtime, random.pick([1, 5, 1_000]));
    const events = logOf(seed, { events: 200, overtakes: 20 });
    const killAt = random.int(20, 150);
    for (let from = 0; from < events.length; ) {
      const to = from + random.int(1, 12);
      // Some of what came before comes again, as after an answer that was lost.
      const again = events.slice(Math.max(0, from - random.int(0, 8)), from);
      const lines = [...events.slice(from, to), ...again].map((event) => JSON.stringify(event));
      await until('the events are in the log', 30_000, () =>
        appendToLog(redis, keys, lines).then(
          () => true,
          () => false,
        ),
      );
      if (from <= killAt && killAt < to) await killProcess(server.server.pid);
      from = to;
    }
    await until('everything is applied', 30_000, async () => {
      const newest = await redis.xRevRange(keys.log, '+', '-', { COUNT: 1 });
      return newest?.[0]?.id === checkpointOf(await redis.get(keys.checkpoint)).position;
    });
    for (const processor of processors) await processor.stop();
    const told = await applied(runtime);
    const identities = told.map(({ source, id }) => `${source}|${id}`);
    const words = `seed ${seed}`;
    expect(identities.toSorted(), words).toEqual(events.map(({ source, id }) => `${source}|${id}`).toSorted());
    const replayed = createWorld();
    replayed.apply(...told);
    expectSound(replayed);
    for (const kind of stateKinds)
      expect({ ...(await redis.hGetAll(keys.state(kind))) }, `${words}, ${kind}`).toEqual(replayed.snapshot()[kind]);
    await runtime.close();
  }
});
