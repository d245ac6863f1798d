/** What many viewers of one board cost: nothing in working it out, a little each in sending, and how late they see. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { durationQuantile } from '../../../analytics/kpis/histogram.ts';
import { opening, orders } from '../business.ts';
import { type BenchServer, startServer } from '../server.ts';
import { bodiesOf, post, send, signUp } from '../whole-way.ts';
import type { ViewersAsked, ViewersTold } from './many-viewers.ts';

const TOPIC = 'board:operations';
const PROCESSES_MAX = 2;
const MEASURED_MS = 20_000;
const SETTLE_MS = 3_000;
const REQUEST_EVERY_MS = 100;
const ORDERS_PER_REQUEST = 5;
/** Browsers come back within this time after a restart: 0.5 to 1.5 times the first retry, and longer. */
const CONNECT_WITHIN_MS = 3_000;
const EARLIER_ORDERS = 20_000;
const LOOK_EVERY_MS = 500;
const REST_MS_MAX = 120_000;
/** Commits that history has not written: a trickle is always under way. */
const UNWRITTEN_MAX = 5;

export type ViewersMeasured = {
  viewers: number;
  connectedWithinMs: number;
  /** Of one core, in ms per turn of 250 ms: working out, handing to the sockets, and all the server does. */
  computeMsPerTurn: number;
  sendMsPerTurn: number;
  serverCpuMsPerTurn: number;
  turnsPerSecond: number;
  changesPerViewer: number;
  kilobytesPerChange: number;
  p50Ms: number | null;
  p99Ms: number | null;
  serverMiB: number;
  lost: number;
};

export async function measureViewers(
  counts: readonly number[],
  say: (words: string) => void,
): Promise<ViewersMeasured[]> {
  const server = await startServer();
  try {
    const before = opening(Date.now());
    await post(server, bodiesOf(before));
    await post(server, bodiesOf(orders(0, EARLIER_ORDERS, Date.now())));
    const cookie = await signUp(server);
    await atRest(server, cookie, EARLIER_ORDERS + before.length);
    const measured: ViewersMeasured[] = [];
    let first = EARLIER_ORDERS;
    for (const viewers of counts) {
      const one = await measure(server, cookie, viewers, first);
      first += 1_000_000;
      measured.push(one);
      say(describe(one));
    }
    return measured;
  } finally {
    await server.stop();
  }
}

/** What was sent before is applied, and history has nearly all of it. */
async function atRest(server: BenchServer, cookie: string, sent: number): Promise<void> {
  const until = performance.now() + REST_MS_MAX;
  while (performance.now() < until) {
    const { unwritten, applied } = await readMetrics(server, cookie);
    if (applied >= sent && unwritten <= UNWRITTEN_MAX) return;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`after ${REST_MS_MAX / 1_000} s the server was still busy with what was sent before`);
}

async function measure(server: BenchServer, cookie: string, viewers: number, first: number): Promise<ViewersMeasured> {
  const processes = Math.min(PROCESSES_MAX, viewers);
  const children = Array.from({ length: processes }, () => fork(new URL('./many-viewers.ts', import.meta.url)));
  const flow = flowOf(server, first);
  try {
    const connected = await Promise.all(
      children.map((child, index) => {
        const count = Math.floor(viewers / processes) + (index < viewers % processes ? 1 : 0);
        const asked = { url: server.url, cookies: [cookie], topic: TOPIC, count, withinMs: CONNECT_WITHIN_MS };
        return ask<{ tookMs: number }>(child, { ...asked, stepMs: REQUEST_EVERY_MS });
      }),
    );
    await pause(SETTLE_MS);
    for (const child of children) child.send('reset');
    const before = await readMetrics(server, cookie);
    await pause(MEASURED_MS);
    const after = await readMetrics(server, cookie);
    const told = await Promise.all(
      children.map((child) => ask<Extract<ViewersTold, { changes: number }>>(child, 'tell')),
    );
    const turns = after.turns - before.turns;
    const changes = told.reduce((sum, one) => sum + one.changes, 0);
    const late = told.flatMap((one) => one.late);
    return {
      viewers,
      connectedWithinMs: Math.max(...connected.map(({ tookMs }) => tookMs)),
      computeMsPerTurn: ((after.compute - before.compute) * 1_000) / turns,
      sendMsPerTurn: ((after.send - before.send) * 1_000) / turns,
      serverCpuMsPerTurn: ((after.cpu - before.cpu) * 1_000) / turns,
      turnsPerSecond: (turns * 1_000) / MEASURED_MS,
      changesPerViewer: changes / viewers,
      kilobytesPerChange: told.reduce((sum, one) => sum + one.characters, 0) / changes / 1_000,
      p50Ms: durationQuantile(late, 0.5),
      p99Ms: durationQuantile(late, 0.99),
      serverMiB: Math.round(after.memory / 2 ** 20),
      lost: told.reduce((sum, one) => sum + one.lost, 0),
    };
  } finally {
    await flow.stop();
    for (const child of children) child.send('end');
    await Promise.all(children.map((child) => once(child, 'exit')));
  }
}

/** Orders at an even pace, until it is stopped. */
function flowOf(server: BenchServer, first: number): { stop(): Promise<void> } {
  let next = first;
  let sending = Promise.resolve();
  const timer = setInterval(() => {
    const [body] = bodiesOf(orders(next, ORDERS_PER_REQUEST, Date.now()));
    next += ORDERS_PER_REQUEST;
    // A request that could not be sent in time is one that a busy server did not get: viewers are what is measured.
    const sent = send(server, body!).catch(() => undefined);
    sending = Promise.all([sending, sent]).then(() => undefined);
  }, REQUEST_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await sending;
    },
  };
}

async function ask<Answer>(child: ChildProcess, message: ViewersAsked | 'tell'): Promise<Answer> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0] as Answer;
}

async function readMetrics({ url }: BenchServer, cookie: string) {
  const answer = await fetch(`${url}/metrics`, { headers: { cookie } });
  if (!answer.ok) throw new Error(`metrics: ${answer.status}`);
  const text = await answer.text();
  const value = (name: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')
        .at(-1),
    );
  return {
    unwritten: value('tideline_stream_entries{stream="facts"}'),
    applied: value('tideline_events_processed_total{outcome="applied"}'),
    turns: value('tideline_live_turns_total'),
    compute: value('tideline_live_seconds_total{part="compute"}'),
    send: value('tideline_live_seconds_total{part="send"}'),
    cpu: value('process_cpu_seconds_total'),
    memory: value('process_resident_memory_bytes'),
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function describe(one: ViewersMeasured): string {
  const ms = (value: number) => value.toFixed(1);
  return (
    `${one.viewers} viewers: per turn ${ms(one.computeMsPerTurn)} ms working out, ${ms(one.sendMsPerTurn)} ms sending, ` +
    `${ms(one.serverCpuMsPerTurn)} ms CPU of the server in all; ${one.turnsPerSecond.toFixed(1)} turns/s; ` +
    `event to socket p50 ${one.p50Ms} ms, p99 ${one.p99Ms} ms; ${one.kilobytesPerChange.toFixed(1)} kB a change; ` +
    `${one.serverMiB} MiB; all connected within ${one.connectedWithinMs} ms; ${one.lost} lost`
  );
}
