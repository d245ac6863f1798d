import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { projectDir } from '../../server/config.ts';
import type { Runtime } from '../../server/runtime.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import { askRedis } from '../../server/start/ask-redis.ts';
import { audit, differencesFromRebuild, faultless, untilSettled } from '../support/counted-once.ts';
import { isLong } from '../support/how-much.ts';
import { killInTurn, serverTarget, supervisedTarget, type Target } from '../support/killer.ts';
import { createShop, type Ledger } from '../support/order-ledger.ts';
import {
  describeServer,
  makeDataDir,
  openView,
  readReach,
  type ServerProcess,
  startStorage,
} from '../support/running-tideline.ts';

/** Each of the seven processes once, or thrice and more. */
const KILLS = isLong ? 21 : 7;

const seed = Number(process.env['TIDELINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const EVENTS_MIN = 10_000;
const EVENTS_PER_SECOND = 350;
const SETTLE_MS_MAX = 90_000;
const TEST_MS_MAX = 240_000;

const endings: (() => Promise<unknown> | unknown)[] = [];
afterEach(async (context) => {
  for (const end of endings.splice(0).reverse()) await end();
  if (context.task.result?.state === 'fail') console.log(`repeat with TIDELINE_SEED=${seed}`);
});

/** The folder of one Tideline; it stays for a look when the test fails. */
function dataDirOf(): { path: string; passed(): void } {
  const folder = makeDataDir();
  let failed = true;
  endings.push(() => (failed ? console.log(`what was stored is in ${folder.path}`) : folder.remove()));
  return {
    path: folder.path,
    passed: () => {
      failed = false;
    },
  };
}

async function startServer(options: Parameters<typeof describeServer>[0]): Promise<ServerProcess> {
  const server = await describeServer(options);
  endings.push(() => server.end('SIGTERM'));
  await server.start();
  return server;
}

const portOf = (url: string) => fetch(`${url}/ping`, { signal: AbortSignal.timeout(1_000) });

/** Trade goes on while `faults` run, and after them until enough was sent. */
async function tradeDuring(shop: ReturnType<typeof createShop>, eventsMin: number, faults: Promise<string[]>) {
  const giveUp = new AbortController();
  let over = false;
  const killing = faults.finally(() => {
    over = true;
  });
  killing.catch((error: unknown) => giveUp.abort(error));
  await shop.trade(() => over && shop.ledger.acknowledged.size >= eventsMin, giveUp.signal);
  return killing;
}

async function expectAllOnce(view: Runtime, reached: Parameters<typeof differencesFromRebuild>[1], ledger: Ledger) {
  expect(ledger.oddAnswers).toEqual([]);
  await untilSettled(view, SETTLE_MS_MAX);
  const found = await audit(view, ledger);
  keepArtefact(found);
  expect(found).toEqual(faultless(ledger, found));
  const { differences, seq } = await differencesFromRebuild(view, reached);
  expect(differences).toEqual([]);
  expect(seq).toBeGreaterThanOrEqual(ledger.acknowledged.size);
}

function keepArtefact(found: object): void {
  const folder = join(projectDir, 'tests', 'artifacts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `faults-${seed}.json`), JSON.stringify(found, null, 1));
}

function tell(words: string, killed: string[], { acknowledged, retried, repeated }: Ledger): void {
  console.log(
    `seed ${seed}, ${words}: ${killed.length} kills (${killed.join(', ')}); ${acknowledged.size} events ` +
      `acknowledged, ${retried} requests sent again, ${repeated} events repeated on purpose`,
  );
}

describe('an acknowledged event is there exactly once', () => {
  it('without any fault', { timeout: TEST_MS_MAX }, async () => {
    const dataDir = dataDirOf();
    const server = await startServer({ dataDir: dataDir.path });
    const { reached } = readReach(dataDir.path);
    const view = await openView(reached);
    endings.push(view.close);
    const shop = createShop({ url: server.url, key: await view.ingestKey(), seed, eventsPerSecond: 1_000 });
    await tradeDuring(shop, 4_000, Promise.resolve([]));
    tell('control', [], shop.ledger);
    expect(shop.ledger.retried).toBe(0);
    await expectAllOnce(view, reached, shop.ledger);
    dataDir.passed();
  });

  it(`after ${KILLS} kill -9 of every process of the split form`, { timeout: TEST_MS_MAX }, async () => {
    const dataDir = dataDirOf();
    const storage = await startStorage(dataDir.path);
    endings.push(storage.stop);
    const { redisUrl, clickhouseUrl } = storage;
    const common = { dataDir: dataDir.path, redisUrl, clickhouseUrl };
    // One first: it makes the tables.
    const web = await startServer({ ...common, roles: ['web', 'jobs'] });
    const workers = await Promise.all([
      startServer({ ...common, roles: ['ingest'] }),
      startServer({ ...common, roles: ['process'], name: 'process-1' }),
      startServer({ ...common, roles: ['process'], name: 'process-2' }),
      startServer({ ...common, roles: ['history'] }),
    ]);
    const view = await openView(storage.reached);
    endings.push(view.close);
    // Between the insert and the position that passes it, all rests on the token.
    const isVulnerable = () => view.redis.hExists(view.keys.historyPosition, 'writing').then(Boolean);
    const engine = supervisedTarget(
      'engine',
      () => storage.engine.pid,
      () => portOf(storage.engine.url),
    );
    const targets: Target[] = [
      ...[web, ...workers].map((server) =>
        server.name === 'history' ? { ...serverTarget(server), isVulnerable } : serverTarget(server),
      ),
      { ...engine, isVulnerable },
      supervisedTarget(
        'redis',
        () => storage.redis.pid,
        () => askRedis({ kind: 'socket', socketPath: storage.redis.socketPath! }, ['PING']),
      ),
    ];
    const shop = createShop({ url: web.url, key: await view.ingestKey(), seed, eventsPerSecond: EVENTS_PER_SECOND });
    const pace = { kills: KILLS, pauseMsMin: 300, pauseMsMax: 2_000 };
    const killed = await tradeDuring(shop, EVENTS_MIN, killInTurn(targets, randomOf(seed, 'kills'), pace));
    tell('split form', killed, shop.ledger);
    expect(killed).toHaveLength(KILLS);
    expect(new Set(killed)).toEqual(new Set(targets.map(({ name }) => name)));
    expect(shop.ledger.retried).toBeGreaterThan(0);
    await expectAllOnce(view, storage.reached, shop.ledger);
    dataDir.passed();
  });

  it('after kill -9 of the whole server, its engine and its Redis', { timeout: TEST_MS_MAX }, async () => {
    const dataDir = dataDirOf();
    const server = await startServer({ dataDir: dataDir.path });
    const first = await openView(readReach(dataDir.path).reached);
    const key = await first.ingestKey();
    await first.close();
    const enginePort = () => portOf(readReach(dataDir.path).reached.history.url);
    const whileUp = (target: Target): Target => ({ ...target, isUp: async () => server.isUp && target.isUp() });
    const socketPath = join(dataDir.path, 'run', 'redis.sock');
    const targets = [
      serverTarget(server),
      whileUp(supervisedTarget('engine', () => readReach(dataDir.path).enginePid, enginePort)),
      whileUp(
        supervisedTarget(
          'redis',
          () => readReach(dataDir.path).redisPid,
          () => askRedis({ kind: 'socket', socketPath }, ['PING']),
        ),
      ),
    ];
    const shop = createShop({ url: server.url, key, seed, eventsPerSecond: EVENTS_PER_SECOND });
    const pace = { kills: 6, pauseMsMin: 300, pauseMsMax: 2_000 };
    const killed = await tradeDuring(shop, 4_000, killInTurn(targets, randomOf(seed, 'kills'), pace));
    tell('one process', killed, shop.ledger);
    expect(killed.sort()).toEqual(['engine', 'engine', 'redis', 'redis', 'server', 'server']);
    const { reached } = readReach(dataDir.path);
    const view = await openView(reached);
    endings.push(view.close);
    await expectAllOnce(view, reached, shop.ledger);
    dataDir.passed();
  });
});
