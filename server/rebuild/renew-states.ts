/**
 * Brings live states to the shape this version knows: when they were made by other rules, or are gone, they are made anew
 * from history beside the live ones and take their place in one transaction. Nothing that was accepted is lost: the log,
 * the outbox and the dedupe window stay as they are.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { lastSeqInHistory } from '../../analytics/clickhouse/history-reader.ts';
import { startHistoryWriter } from '../../analytics/clickhouse/history-writer.ts';
import { checkpointOf, type Notice } from '../../streams/processing/commit.ts';
import { slicesAt } from '../../streams/processing/dedupe.ts';
import { LOG_START } from '../../streams/processing/event-log.ts';
import { type Keys, keysOf, stateKinds } from '../../streams/processing/keys.ts';
import { keepLease } from '../../streams/processing/lease.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { stateShape } from '../../streams/processing/state-store.ts';
import type { Runtime } from '../runtime.ts';
import { StartError } from '../start/start-error.ts';
import { rebuildStates } from './from-history.ts';

/** A processor of an older version ends within seconds of its stop; its lease ends by itself. */
const LEASE_WAIT_MS_MAX = 30_000;
const OUTBOX_WAIT_MS_MAX = 120_000;
const LOOK_EVERY_MS = 100;
const TELL_EVERY_EVENTS = 50_000;

export type RenewDeps = {
  runtime: Runtime;
  logger: Parameters<typeof startHistoryWriter>[0]['logger'];
  say: (words: string) => void;
  /** Whether this process writes history; otherwise another one has to be running. */
  writesHistory: boolean;
  /** Make live states from history even though Redis has none: after Redis was lost and history was not. */
  restore: boolean;
};

/**
 * Call before the processor starts.
 * @throws StartError when another process still works on the states, or when Redis is empty and history is not
 */
export async function renewStates(deps: RenewDeps): Promise<void> {
  const { runtime, say } = deps;
  const { redis, keys } = runtime;
  const [shape, checkpoint] = await Promise.all([redis.get(keys.stateShape), redis.get(keys.checkpoint)]);
  const { seq } = checkpointOf(checkpoint);
  if (checkpoint === null && deps.restore) return restoreLost(deps);
  if (seq === 0) return void (await redis.set(keys.stateShape, stateShape));
  if (Number(shape ?? 1) === stateShape) return;
  say(`live state was made by another version: making it anew from ${seq.toLocaleString('en')} events of history`);
  await holdingLease(runtime, async (writer) => {
    await historyHas(deps, seq);
    await replaceStates(runtime, writer, seq, say);
  });
}

async function restoreLost({ runtime, say }: RenewDeps): Promise<void> {
  const { history, keys } = runtime;
  const seq = await lastSeqInHistory(history);
  if (seq === 0) return;
  say(`Redis is empty: making live state anew from ${seq.toLocaleString('en')} events of history`);
  await holdingLease(runtime, async (writer) => {
    await replaceStates(runtime, writer, seq, say, 'with the dedupe window');
    await writer
      .multi()
      .set(keys.checkpoint, JSON.stringify({ position: LOG_START, seq }))
      .hSet(keys.historyPosition, { seq })
      .exec();
  });
}

async function holdingLease({ connectToWatch, keys }: Runtime, work: (writer: Redis) => Promise<void>): Promise<void> {
  const writer = await connectToWatch();
  const lease = keepLease(writer, keys.lease, () => undefined);
  try {
    await until(() => lease.held(), LEASE_WAIT_MS_MAX, 'Another process still works on this workspace. Stop it first.');
    await work(writer);
  } finally {
    await lease.stop();
    await writer.close();
  }
}

/** What was committed and not yet written has to be in history first. */
async function historyHas({ runtime, logger, writesHistory }: RenewDeps, seq: number): Promise<void> {
  const { history, keys, connectToWatch } = runtime;
  const redis = await connectToWatch();
  const writer = writesHistory ? startHistoryWriter({ redis, history, keys, logger }) : undefined;
  try {
    await until(
      async () => (await lastSeqInHistory(history)) >= seq,
      OUTBOX_WAIT_MS_MAX,
      'History does not get the newest events. Start the process with the role "history", then this one again.',
    );
  } finally {
    await writer?.stop();
    await redis.close();
  }
}

async function replaceStates(
  { redis, history, keys }: Runtime,
  writer: Redis,
  seq: number,
  say: (words: string) => void,
  dedupe?: 'with the dedupe window',
): Promise<void> {
  const next = keysOf(keys.workspace, 'next');
  await clear(redis, next);
  let told = 0;
  await rebuildStates({ redis: writer, history, keys: next }, seq, (done) => {
    if (done - told < TELL_EVERY_EVENTS && done < seq) return;
    told = done;
    say(`${done.toLocaleString('en')} of ${seq.toLocaleString('en')} events`);
  });
  await takePlace(writer, keys, next, dedupe === undefined ? [] : slicesAt(Date.now()));
  await clear(redis, next);
}

/** All live states go and all new ones come, in one transaction. */
async function takePlace(writer: Redis, keys: Keys, next: Keys, seenSlices: number[]): Promise<void> {
  const [before, after] = await Promise.all([
    writer.sMembers(keys.deadlineSources),
    writer.sMembers(next.deadlineSources),
  ]);
  const pairs: [string, string][] = [
    ...stateKinds.map((kind): [string, string] => [next.state(kind), keys.state(kind)]),
    ...after.map((source): [string, string] => [next.deadlines(source), keys.deadlines(source)]),
    ...seenSlices.map((slice): [string, string] => [next.seen(slice), keys.seen(slice)]),
    [next.deadlineSources, keys.deadlineSources],
  ];
  const there = await Promise.all(pairs.map(([from]) => writer.exists(from)));
  const transaction = writer.multi();
  for (const source of before) transaction.unlink(keys.deadlines(source));
  for (const [index, [from, to]] of pairs.entries()) {
    if (there[index] === 1) transaction.rename(from, to);
    else transaction.unlink(to);
  }
  const changed = Object.fromEntries(stateKinds.map((kind) => [kind, '*' as const]));
  const notice: Notice = { changed };
  transaction.xAdd(keys.changes, '*', { c: JSON.stringify(notice) });
  transaction.set(keys.stateShape, stateShape);
  await transaction.exec();
}

/** What an earlier attempt that was stopped has left. */
async function clear(redis: Redis, next: Keys): Promise<void> {
  const sources = await redis.sMembers(next.deadlineSources);
  await redis.unlink([
    ...stateKinds.map(next.state),
    ...sources.map(next.deadlines),
    ...slicesAt(Date.now()).map(next.seen),
    next.deadlineSources,
    next.checkpoint,
    next.facts,
    next.changes,
  ]);
}

async function until(holds: () => boolean | Promise<boolean>, msMax: number, otherwise: string): Promise<void> {
  const deadline = performance.now() + msMax;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new StartError(otherwise);
    await wait(LOOK_EVERY_MS);
  }
}
