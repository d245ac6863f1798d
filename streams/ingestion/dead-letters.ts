/** Dead letters: deliveries we acknowledged and could not understand, kept with their bytes until a person decides. */
import type { Event } from '../events/index.ts';
import { appendToLog } from '../processing/event-log.ts';
import { keysOf } from '../processing/keys.ts';
import type { Redis } from '../processing/redis.ts';
import type { DeliveryJob } from './deliveries.ts';

/** When there are more, the oldest is given up, with an event that says so. */
export const DEAD_LETTERS_MAX = 10_000;
const REASON_CHARACTERS_MAX = 1_000;

export type DeadLetterState = 'waiting' | 'replaying';
export type StoredDeadLetter = {
  id: string;
  source: string;
  receivedAt: number;
  failedAt: number;
  reason: string;
  attempts: number;
  bytes: number;
  contentType: string;
  topic: string | null;
  status: DeadLetterState;
  items: number;
};

export type DeadLetters = ReturnType<typeof openDeadLetters>;

export function openDeadLetters(redis: Redis, workspace: string) {
  const keys = keysOf(workspace);

  /** Keeps the delivery and tells the log. Safe to repeat: the id is the delivery's, and so is the event's. */
  async function keep(job: DeliveryJob, reason: string, at: number, attempts: number): Promise<void> {
    const id = job.deliveryId;
    const body = job.kind === 'webhook' ? job.body : job.lines;
    const known = await redis.hmGet(keys.deadLetter(id), ['attempts', 'items']);
    // What was announced as rejected is what will be settled, also when a replay has understood some of it meanwhile.
    const items = Number(known[1] ?? (job.kind === 'webhook' ? 1 : job.count));
    const { replay: _, ...delivery } = job;
    await redis
      .multi()
      .hSet(keys.deadLetter(id), {
        job: JSON.stringify(delivery),
        failedAt: String(at),
        reason: reason.slice(0, REASON_CHARACTERS_MAX),
        attempts: String(Number(known[0] ?? 0) + attempts),
        bytes: String(job.kind === 'webhook' && job.base64 ? (body.length * 3) / 4 : Buffer.byteLength(body)),
        items: String(items),
        status: 'waiting',
      })
      .zAdd(keys.deadLetterIndex, { score: job.receivedAt, value: id }, { NX: true })
      .exec();
    await tell('delivery.rejected', job, items, at, { reason: reason.slice(0, REASON_CHARACTERS_MAX) });
    await giveUpOldest(at);
  }

  async function giveUpOldest(at: number): Promise<void> {
    const over = (await redis.zCard(keys.deadLetterIndex)) - DEAD_LETTERS_MAX;
    if (over <= 0) return;
    for (const id of await redis.zRange(keys.deadLetterIndex, 0, over - 1)) await settle(id, 'discarded', at);
  }

  /** Removes a dead letter and tells the log how it ended. @returns false when there was none */
  async function settle(id: string, how: 'replayed' | 'discarded', at: number): Promise<boolean> {
    const found = await read(id);
    if (found === undefined) return false;
    // The event first: a crash in between leaves a letter to settle again, never one that vanished unsaid.
    await tell('delivery.settled', found.job, found.letter.items, at, { how });
    await redis.multi().del(keys.deadLetter(id)).zRem(keys.deadLetterIndex, id).exec();
    return true;
  }

  /** Both events have an id that repeats with the delivery, so that telling it twice counts once. */
  function tell(
    type: 'delivery.rejected' | 'delivery.settled',
    { deliveryId, source }: DeliveryJob,
    items: number,
    at: number,
    more: { reason: string } | { how: 'replayed' | 'discarded' },
  ): Promise<void> {
    const id = `${type === 'delivery.rejected' ? 'rejected' : 'settled'}:${deliveryId}`;
    const times = { occurredAt: at, observedAt: at, receivedAt: at };
    const event = { id, source: 'tideline', type, ...times, data: { deliveryId, source, items, ...more } } as Event;
    return appendToLog(redis, keys, [JSON.stringify(event)]);
  }

  async function read(id: string): Promise<{ letter: StoredDeadLetter; job: DeliveryJob } | undefined> {
    const stored = await redis.hGetAll(keys.deadLetter(id));
    if (stored.job === undefined) return undefined;
    const job = JSON.parse(stored.job) as DeliveryJob;
    const letter: StoredDeadLetter = {
      id,
      source: job.source,
      receivedAt: job.receivedAt,
      failedAt: Number(stored.failedAt),
      reason: stored.reason ?? '',
      attempts: Number(stored.attempts),
      bytes: Number(stored.bytes),
      contentType:
        job.headers['content-type'] ?? (job.kind === 'webhook' ? 'application/json' : 'application/x-ndjson'),
      topic: job.kind === 'webhook' ? job.topic : null,
      status: stored.status === 'replaying' ? 'replaying' : 'waiting',
      items: Number(stored.items),
    };
    return { letter, job };
  }

  /** Newest first. `cursor` is the rank to go on from. */
  async function list(cursor: number, limit: number): Promise<{ items: StoredDeadLetter[]; next: number | null }> {
    const ids = await redis.zRange(keys.deadLetterIndex, cursor, cursor + limit, { REV: true });
    const found = await Promise.all(ids.slice(0, limit).map(read));
    return {
      items: found.flatMap((entry) => (entry === undefined ? [] : [entry.letter])),
      next: ids.length > limit ? cursor + limit : null,
    };
  }

  const mark = (id: string, status: DeadLetterState) => redis.hSet(keys.deadLetter(id), 'status', status);
  const count = () => redis.zCard(keys.deadLetterIndex);
  return { keep, settle, read, list, mark, count };
}
