/** One transaction: states, deadlines, facts, dedupe window and checkpoint move together, or nothing does. */

import type { StateMap, StateMaps } from '../operations/draft.ts';
import { scoreOf } from './deadline-score.ts';
import { identityOf, sliceOf } from './dedupe.ts';
import { LOG_START } from './event-log.ts';
import { factRow } from './fact-row.ts';
import type { Keys } from './keys.ts';
import type { Batch } from './process-batch.ts';
import type { Redis } from './redis.ts';

/** Where the processor stands: the last log entry applied and the sequence of the last fact. */
export type Checkpoint = { position: string; seq: number };
export const checkpointOf = (text: string | null): Checkpoint =>
  text === null ? { position: LOG_START, seq: 0 } : (JSON.parse(text) as Checkpoint);

/** Notices kept for gateways that are slow to read; one that misses some reads everything anew. */
const NOTICES_KEPT = 2_000;
/** Above this many changed states of one kind, a notice says only that the kind changed. */
const NOTICE_IDS_MAX = 500;
/** Of orders the newest are shown as a list: these are named even then, so that nobody has to ask history for them. */
const NOTICE_ORDERS_MAX = 200;

export class Fenced extends Error {}

export type CommitInput = {
  batch: Batch;
  maps: StateMaps;
  before: Checkpoint;
  after: Checkpoint;
  /** How many events of each source were repeats. */
  duplicates: Map<string, number>;
  committedAt: number;
};

/**
 * @param redis a connection of its own: WATCH belongs to the connection
 * @throws Fenced when somebody else has moved the checkpoint since this batch began
 */
export async function commit(redis: Redis, keys: Keys, input: CommitInput): Promise<void> {
  const { batch, before, after } = input;
  const standing = Promise.all([redis.watch(keys.checkpoint), redis.get(keys.checkpoint)]);
  // Written out before anything is awaited: the next batch may already change the states in memory.
  const transaction = redis.multi();
  writeStates(transaction, keys, input);
  writeDeadlines(transaction, keys, batch);
  writeFacts(transaction, keys, batch);
  for (const [source, count] of input.duplicates) transaction.hIncrBy(keys.feedStats(source), 'duplicates', count);
  if (batch.facts.length > 0) transaction.xAdd(keys.changes, '*', noticeOf(input), noticeTrim);
  transaction.set(keys.checkpoint, JSON.stringify(after));
  const stands = checkpointOf((await standing)[1]);
  if (stands.position !== before.position || stands.seq !== before.seq) {
    await redis.unwatch();
    throw new Fenced(`the checkpoint stands at ${stands.position}, not at ${before.position}`);
  }
  try {
    await transaction.exec();
  } catch (error) {
    if (error instanceof Error && error.name === 'WatchError')
      throw new Fenced('the checkpoint moved during the commit');
    throw error;
  }
}

type Transaction = ReturnType<Redis['multi']>;
const noticeTrim = { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: NOTICES_KEPT } } as const;

function writeStates(transaction: Transaction, keys: Keys, { batch, maps }: CommitInput): void {
  for (const [kind, ids] of batch.draft.dirty) {
    const states = maps[kind] as StateMap<unknown>;
    const written: string[] = [];
    const removed: string[] = [];
    for (const id of ids) {
      const state = states.get(id);
      if (state === undefined) removed.push(id);
      else written.push(id, JSON.stringify(state));
    }
    if (written.length > 0) transaction.hSet(keys.state(kind), written);
    if (removed.length > 0) transaction.hDel(keys.state(kind), removed);
  }
}

function writeDeadlines(transaction: Transaction, keys: Keys, batch: Batch): void {
  for (const { source, kind, subject, due, setBy } of batch.draft.deadlines.values()) {
    const member = `${kind}|${subject}`;
    if (due === null) transaction.zRem(keys.deadlines(source), member);
    else {
      transaction.zAdd(keys.deadlines(source), { score: scoreOf(due, setBy), value: member });
      transaction.sAdd(keys.deadlineSources, source);
    }
  }
}

function writeFacts(transaction: Transaction, keys: Keys, batch: Batch): void {
  if (batch.facts.length === 0) return;
  const lines = batch.facts.map(factRow).join('\n');
  const first = batch.facts[0]!.seq;
  transaction.xAdd(keys.facts, `${batch.seq}-0`, { s: String(first), n: String(batch.facts.length), f: lines });
  const bySlice = Map.groupBy(batch.facts, (fact) => sliceOf(fact.event.receivedAt));
  for (const [slice, facts] of bySlice)
    transaction.sAdd(
      keys.seen(slice),
      facts.map((fact) => identityOf(fact.event)),
    );
}

/** What gateways need to know: which states changed, and the newest event behind it, to measure how late screens are. */
export type Notice = {
  changed: Record<string, string[] | '*'>;
  /** The last of the orders that changed, where `changed` does not name them. */
  orders?: string[];
  /** Absent when states were replaced as a whole. */
  newest?: Newest;
};
export type Newest = { occurredAt: number; receivedAt: number; committedAt: number };

function noticeOf({ batch, committedAt }: CommitInput): { c: string } {
  const changed: Notice['changed'] = {};
  for (const [kind, ids] of batch.draft.dirty) changed[kind] = ids.size > NOTICE_IDS_MAX ? '*' : [...ids];
  const { occurredAt, receivedAt } = batch.facts.at(-1)!.event;
  const orders = changed['order'] === '*' ? [...batch.draft.dirty.get('order')!].slice(-NOTICE_ORDERS_MAX) : undefined;
  const newest = { occurredAt, receivedAt, committedAt };
  const notice: Notice = orders === undefined ? { changed, newest } : { changed, orders, newest };
  return { c: JSON.stringify(notice) };
}
