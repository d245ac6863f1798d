/** From HTTP to committed state, to history, and to a browser's websocket. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from 'redis';
import { io } from 'socket.io-client';
import { readPosition } from '../../analytics/clickhouse/history-position.ts';
import type { Change } from '../../server/live/contract.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { keysOf } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { opening, orders } from './business.ts';
import { type BenchServer, startServer } from './server.ts';

const EVENTS_PER_REQUEST = 500;
const REQUESTS_AT_ONCE = 4;
const LOOK_EVERY_MS = 20;
const HALF_LOAD_SECONDS = 20;
const REQUESTS_PER_SECOND_AT_HALF_LOAD = 10;
const WARM_UP = 10_000;

/** Of the newest event behind each change: to its commit, to the gateway's sending, to the socket. */
const hops = ['commit', 'push', 'wire'] as const;
type Late = { p50Ms: number; p99Ms: number };

export type WholeWay = {
  committed: number;
  inHistory: number;
  atHalfLoad: Late & { rate: number; samples: number; hops: Record<(typeof hops)[number], Late> };
  peakMemory: number;
};

export async function measureWholeWay(count: number, say: (words: string) => void): Promise<WholeWay> {
  const server = await startServer();
  const { redisUrl } = JSON.parse(readFileSync(join(server.dataDir, 'run', 'reach.json'), 'utf8')) as {
    redisUrl: string;
  };
  const redis = createClient({ url: redisUrl }) as Redis;
  await redis.connect();
  let peakMemory = 0;
  const watch = setInterval(() => {
    peakMemory = Math.max(peakMemory, server.memory());
  }, 200);
  const keys = keysOf('main');
  const applied = async () => checkpointOf(await redis.get(keys.checkpoint)).seq;
  const written = async () => (await readPosition(redis, keys)).seq;
  try {
    await post(server, bodiesOf(opening(Date.now())));
    await post(server, bodiesOf(orders(0, WARM_UP, Date.now())));
    const start = (await reach(applied, (seq) => seq >= WARM_UP + 6_000)).value;
    await reach(written, (seq) => seq >= start);

    const bodies = bodiesOf(orders(WARM_UP, count, Date.now()));
    const started = performance.now();
    const committedAt = reach(applied, (seq) => seq >= start + count);
    const writtenAt = reach(written, (seq) => seq >= start + count);
    await post(server, bodies);
    const acknowledged = performance.now();
    const committed = (count / ((await committedAt).at - started)) * 1_000;
    const inHistory = (count / ((await writtenAt).at - started)) * 1_000;
    say(`  acknowledged at ${Math.round((count / (acknowledged - started)) * 1_000)}/s`);
    const atHalfLoad = await measureLateness(server, Math.min(committed, inHistory) / 2, WARM_UP + count);
    return { committed, inHistory, atHalfLoad, peakMemory };
  } finally {
    clearInterval(watch);
    await redis.close();
    await server.stop();
  }
}

export function bodiesOf(events: object[]): string[] {
  const bodies: string[] = [];
  for (let from = 0; from < events.length; from += EVENTS_PER_REQUEST) {
    bodies.push(
      events
        .slice(from, from + EVENTS_PER_REQUEST)
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
  }
  return bodies;
}

export async function post(server: BenchServer, bodies: string[]): Promise<void> {
  let next = 0;
  const sender = async () => {
    while (next < bodies.length) await send(server, bodies[next++]!);
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, sender));
}

export async function send(server: BenchServer, body: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${server.key}` },
      body,
    });
    const text = await answer.text();
    if (answer.status === 202) return;
    if (answer.status !== 503 && answer.status !== 429) throw new Error(`${answer.status}: ${text}`);
    await pause(Number(answer.headers.get('retry-after') ?? 1) * 1_000);
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function reach(
  read: () => Promise<number>,
  enough: (value: number) => boolean,
): Promise<{ at: number; value: number }> {
  for (;;) {
    const value = await read();
    if (enough(value)) return { at: performance.now(), value };
    await pause(LOOK_EVERY_MS);
  }
}

/** Posts at an even pace and measures, for each acknowledged request, when the wall first shows something as new. */
async function measureLateness(server: BenchServer, rate: number, first: number): Promise<WholeWay['atHalfLoad']> {
  const cookie = await signUp(server);
  const socket = io(server.url, {
    path: '/live',
    transports: ['websocket'],
    extraHeaders: { cookie, origin: server.url },
  });
  const waiting: { receivedAt: number; acknowledgedAt: number }[] = [];
  const late: number[] = [];
  const byHop: Record<(typeof hops)[number], number[]> = { commit: [], push: [], wire: [] };
  await new Promise<void>((resolve, reject) => {
    socket.on('connect_error', reject);
    socket.on('connect', () => socket.emit('subscribe', { topic: 'board:operations' }, () => resolve()));
  });
  socket.on('change', (change: Change) => {
    if (change.newest === undefined) return;
    const { receivedAt: newest, committedAt, sentAt } = change.newest;
    const now = Date.now();
    byHop.commit.push(committedAt - newest);
    byHop.push.push(sentAt - committedAt);
    byHop.wire.push(now - sentAt);
    while (waiting.length > 0 && waiting[0]!.receivedAt <= newest) late.push(now - waiting.shift()!.acknowledgedAt);
  });
  const perRequest = Math.round(rate / REQUESTS_PER_SECOND_AT_HALF_LOAD);
  const requests = HALF_LOAD_SECONDS * REQUESTS_PER_SECOND_AT_HALF_LOAD;
  const bodies = Array.from({ length: requests }, (_, index) =>
    orders(first + index * perRequest, perRequest, Date.now())
      .map((event) => JSON.stringify(event))
      .join('\n'),
  );
  const started = Date.now();
  const sent: Promise<void>[] = [];
  for (const [index, body] of bodies.entries()) {
    await pause(Math.max(0, started + (index * 1_000) / REQUESTS_PER_SECOND_AT_HALF_LOAD - Date.now()));
    const sentAt = Date.now();
    sent.push(send(server, body).then(() => void waiting.push({ receivedAt: sentAt, acknowledgedAt: Date.now() })));
  }
  await Promise.all(sent);
  const took = Date.now() - started;
  await pause(2_000);
  socket.close();
  return {
    rate: (requests * perRequest * 1_000) / took,
    ...quantilesOf(late),
    samples: late.length,
    hops: { commit: quantilesOf(byHop.commit), push: quantilesOf(byHop.push), wire: quantilesOf(byHop.wire) },
  };
}

function quantilesOf(times: number[]): Late {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

export async function signUp(server: BenchServer): Promise<string> {
  const token = new URL(server.setUpUrl).searchParams.get('token');
  const answer = await fetch(`${server.url}/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ token, email: 'bench@example.com', name: 'Bench', password: 'a long enough password' }),
  });
  if (!answer.ok) throw new Error(`set-up: ${answer.status} ${await answer.text()}`);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}
