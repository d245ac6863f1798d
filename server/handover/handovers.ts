/**
 * Handovers that were written. They are kept beside the accounts and not in the log of events: they move no figure and
 * no state follows from them. What they say of exceptions stands in events already, and the audit says who told whom.
 */
import { randomUUID } from 'node:crypto';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { HandoverRecord } from '../http/contract/handover.ts';

/** Beyond it the oldest are forgotten. */
const KEPT_MAX = 500;

type Written = Omit<HandoverRecord, 'taken'>;
type Taken = NonNullable<HandoverRecord['taken']>;
export type Handovers = ReturnType<typeof openHandovers>;

export function openHandovers(redis: Redis, keys: Keys) {
  const written = keys.saved('handover');
  const takenOver = keys.saved('handover-taken');

  /** Newest first. */
  async function all(): Promise<HandoverRecord[]> {
    const [texts, taken] = await Promise.all([redis.hGetAll(written), redis.hGetAll(takenOver)]);
    return Object.entries(texts)
      .map(([id, text]) => ({ ...(JSON.parse(text) as Written), taken: takenOf(taken[id]) }))
      .sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  }

  async function write(handover: Omit<Written, 'id'>): Promise<HandoverRecord> {
    const record: Written = { ...handover, id: randomUUID() };
    await redis.hSet(written, record.id, JSON.stringify(record));
    const old = (await all()).slice(KEPT_MAX).map(({ id }) => id);
    if (old.length > 0) await Promise.all([redis.hDel(written, old), redis.hDel(takenOver, old)]);
    return { ...record, taken: null };
  }

  /** The first to take it over has it. @returns undefined when there is no such handover */
  async function take(id: string, taken: Taken): Promise<{ record: HandoverRecord; isMine: boolean } | undefined> {
    const text = await redis.hGet(written, id);
    if (text === null) return undefined;
    const isMine = Boolean(await redis.hSetNX(takenOver, id, JSON.stringify(taken)));
    const stands = takenOf((await redis.hGet(takenOver, id)) ?? undefined);
    return { record: { ...(JSON.parse(text) as Written), taken: stands }, isMine };
  }

  const find = async (id: string): Promise<HandoverRecord | undefined> => (await all()).find((one) => one.id === id);
  return { all, find, write, take };
}

const takenOf = (text: string | undefined): Taken | null => (text === undefined ? null : (JSON.parse(text) as Taken));
