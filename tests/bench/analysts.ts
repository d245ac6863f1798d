/** `measure-analysts`: what bombs of analysts cost those who take in events, how fast a cancel is, how fair the turns are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { createAccess } from '../../server/access/index.ts';
import type { SqlRun } from '../../server/http/contract/sql-runs.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { opening, orders } from './business.ts';
import { type BenchServer, startServer } from './server.ts';
import { bodiesOf, post, send } from './whole-way.ts';

const EVENTS_PER_SECOND = 1_500;
const REQUESTS_PER_SECOND = 10;
/** Turn about, so that a machine that gets slower or faster does not favour one side. */
const ROUNDS = 4;
const ROUND_SECONDS = 15;
const BOMBERS = 4;
const ANALYSTS = 20;
const CHANGE_MAX = 0.2;
const bombs = [
  'SELECT count() FROM events a CROSS JOIN events b WHERE cityHash64(a.id, b.id) % 7 = 0',
  'SELECT sum(cityHash64(number)) FROM (SELECT arrayJoin(range(100000000)) AS number)',
  'SELECT groupArray(a.id) FROM events a CROSS JOIN events b',
];
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;

const server = await startServer();
const { redisUrl } = JSON.parse(readFileSync(join(server.dataDir, 'run', 'reach.json'), 'utf8')) as {
  redisUrl: string;
};
const redis = createClient({ url: redisUrl }) as Redis;
await redis.connect();
const keys = keysOf('main');
const access = createAccess({ redis, workspace: 'main' });
const newAnalyst = async (name: string) => (await access.createKey('bench', { source: name, scope: 'read' })).text;
const applied = async () => checkpointOf(await redis.get(keys.checkpoint)).seq;
let first = 0;
try {
  await post(server, bodiesOf(opening(Date.now())));
  await post(server, bodiesOf(next(10_000)));
  await pause(5_000);
  const without: Round[] = [];
  const withBombs: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await load(server));
    const stop = await startBombs(server);
    withBombs.push(await load(server));
    await stop();
    await pause(3_000);
  }
  const report = {
    eventsPerSecond: EVENTS_PER_SECOND,
    withoutBombs: summary(without),
    withBombs: summary(withBombs),
    throughputRatio: summary(withBombs).committedPerSecond / summary(without).committedPerSecond,
    p99Ratio: summary(withBombs).p99Ms / summary(without).p99Ms,
    cancel: await measureCancel(server),
    fairness: await measureFairness(server),
  };
  console.table({ 'without bombs': report.withoutBombs, 'with bombs': report.withBombs });
  console.table(report.cancel);
  console.table(report.fairness);
  const holds = report.throughputRatio >= 1 - CHANGE_MAX && report.p99Ratio <= 1 + CHANGE_MAX;
  console.log(
    `throughput ${report.throughputRatio.toFixed(2)}, p99 ${report.p99Ratio.toFixed(2)} of the load without bombs`,
  );
  console.log(holds ? 'Bombs change both by less than 20 %.' : 'Bombs change one of them by 20 % or more.');
  writeFileSync('measure-analysts.json', `${JSON.stringify(report, null, 2)}\n`);
} finally {
  await redis.close();
  await server.stop();
}

type Round = { committedPerSecond: number; latencies: number[] };

function next(count: number): object[] {
  const made = orders(first, count, Date.now());
  first += count;
  return made;
}

/** An even load: from each request's moment to the commit of its last event, as whoever waits for it sees it. */
async function load(to: BenchServer): Promise<Round> {
  const perRequest = EVENTS_PER_SECOND / REQUESTS_PER_SECOND;
  const before = await applied();
  const latencies: number[] = [];
  const started = performance.now();
  const sent: Promise<void>[] = [];
  const waiting: { at: number; seq: number }[] = [];
  let over = false;
  const watching = (async () => {
    while (!over || waiting.length > 0) {
      const seq = await applied();
      while (waiting.length > 0 && waiting[0]!.seq <= seq) latencies.push(performance.now() - waiting.shift()!.at);
      await pause(5);
    }
  })();
  for (let request = 0; request < ROUND_SECONDS * REQUESTS_PER_SECOND; request++) {
    await pause(Math.max(0, started + (request * 1_000) / REQUESTS_PER_SECOND - performance.now()));
    const body = bodiesOf(next(perRequest)).join('\n');
    waiting.push({ at: performance.now(), seq: before + (request + 1) * perRequest });
    sent.push(send(to, body));
  }
  await Promise.all(sent);
  over = true;
  await watching;
  const seconds = (performance.now() - started) / 1_000;
  return { committedPerSecond: ((await applied()) - before) / seconds, latencies };
}

function summary(rounds: Round[]) {
  const latencies = rounds.flatMap((round) => round.latencies);
  const committedPerSecond = rounds.reduce((sum, round) => sum + round.committedPerSecond, 0) / rounds.length;
  return {
    committedPerSecond,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    samples: latencies.length,
  };
}

async function ask<Answer>(to: BenchServer, key: string, method: string, path: string, body?: object): Promise<Answer> {
  const answer = await fetch(`${to.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

function start(to: BenchServer, key: string, sql: string): Promise<SqlRun> {
  return ask<SqlRun>(to, key, 'POST', '/v1/sql/runs', { sql });
}

function isOver({ state }: SqlRun): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

async function finish(to: BenchServer, key: string, run: SqlRun): Promise<SqlRun> {
  let now = run;
  while (!isOver(now)) now = await ask<SqlRun>(to, key, 'GET', `/v1/sql/runs/${run.id}?after=${now.version}`);
  return now;
}

/** Several analysts ask bombs without a pause. They run before it resolves. */
async function startBombs(to: BenchServer): Promise<() => Promise<void>> {
  let over = false;
  const began: Promise<void>[] = [];
  const bombers = Array.from({ length: BOMBERS }, async (_, at) => {
    const key = await newAnalyst(`bomber-${at}-${first}`);
    for (let asked = at; !over; asked++) {
      const run = await start(to, key, bombs[asked % bombs.length]!);
      const ended = finish(to, key, run);
      while (!over && !(await Promise.race([ended.then(() => true), pause(200).then(() => false)])));
      if (over) await ask(to, key, 'POST', `/v1/sql/runs/${run.id}/cancel`);
      await ended;
    }
  });
  began.push(pause(4_000));
  await Promise.all(began);
  return async () => {
    over = true;
    await Promise.all(bombers);
  };
}

async function measureCancel(to: BenchServer) {
  const key = await newAnalyst('canceller');
  const times: number[] = [];
  for (const sql of bombs) {
    const run = await start(to, key, sql);
    await pause(2_000);
    const asked = performance.now();
    await ask(to, key, 'POST', `/v1/sql/runs/${run.id}/cancel`);
    await finish(to, key, run);
    times.push(performance.now() - asked);
  }
  return { cancelMsMax: Math.max(...times), samples: times.length };
}

/** Twenty ask three small questions each at once; one of them twenty. */
async function measureFairness(to: BenchServer) {
  const took = await Promise.all(
    Array.from({ length: ANALYSTS }, async (_, at) => {
      const key = await newAnalyst(`analyst-${at}`);
      const asked = performance.now();
      const runs = await Promise.all(
        Array.from({ length: at === 0 ? 20 : 3 }, () => start(to, key, 'SELECT count() FROM orders')),
      );
      await Promise.all(runs.map((run) => finish(to, key, run)));
      return performance.now() - asked;
    }),
  );
  const others = took.slice(1);
  return {
    floodMs: took[0]!,
    othersMsMin: Math.min(...others),
    othersMsMedian: quantile(others, 0.5),
    othersMsMax: Math.max(...others),
  };
}
