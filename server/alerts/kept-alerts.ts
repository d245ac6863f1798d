/** Alerts and what was sent, in Redis: what was told and the messages that tell it are stored together, or neither is. */
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { type KeptDelivery, triedAnew } from './deliveries/delivery.ts';
import type { Target } from './routing/resolve-recipients.ts';
import type { AlertRecord } from './telling/alert-record.ts';
import type { Sent } from './telling/spend.ts';

/** Messages that can be looked up; those that wait are kept whatever their age. */
export const DELIVERIES_KEPT = 10_000;

/** What every write is fenced by, with what else belongs to no single alert. */
export type Position = {
  /** Counts writes: who finds another one has been overtaken. */
  turn: number;
  /** Begins the ids of messages. It is drawn anew where nothing is kept, so that ids never come twice. */
  epoch: string;
  seq: number;
  /** Whether business has ever reached the present: what arrives of a past calls for nobody. */
  live: boolean;
  lookedAt: number;
  sent: Record<Target, Sent>;
};

export type Written = {
  alerts?: ReadonlyMap<string, AlertRecord | null>;
  deliveries?: readonly KeptDelivery[];
};

export class Overtaken extends Error {}

export type KeptAlerts = ReturnType<typeof openKeptAlerts>;

/** @param redis for `write` a connection of its own: WATCH belongs to the connection */
export function openKeptAlerts(redis: Redis, keys: Keys) {
  const [standing, waiting, log, position] = (['standing', 'waiting', 'log', 'position'] as const).map(keys.alerts) as [
    string,
    string,
    string,
    string,
  ];

  async function readPosition(): Promise<Position | null> {
    const text = await redis.get(position);
    return text === null ? null : (JSON.parse(text) as Position);
  }

  async function alerts(): Promise<Map<string, AlertRecord>> {
    const all = Object.entries(await redis.hGetAll(standing));
    return new Map(all.map(([key, text]) => [key, JSON.parse(text) as AlertRecord]));
  }

  async function deliveries(seqs: readonly (string | number)[]): Promise<KeptDelivery[]> {
    if (seqs.length === 0) return [];
    const texts = await redis.hmGet(log, seqs.map(String));
    return texts.flatMap((text) => (typeof text === 'string' ? (JSON.parse(text) as KeptDelivery) : []));
  }

  const waitingNumbers = (): Promise<string[]> => redis.sMembers(waiting);

  /** @throws Overtaken when somebody else has written since `before` */
  async function write(before: Position | null, after: Position, { alerts, deliveries = [] }: Written): Promise<void> {
    await redis.watch(position);
    const stands = await readPosition();
    if ((stands?.turn ?? 0) !== (before?.turn ?? 0)) {
      await redis.unwatch();
      throw new Overtaken(`alerts stand at turn ${stands?.turn ?? 0}, not at ${before?.turn ?? 0}`);
    }
    const transaction = redis.multi().set(position, JSON.stringify(after));
    for (const [key, record] of alerts ?? []) {
      if (record === null) transaction.hDel(standing, key);
      else transaction.hSet(standing, key, JSON.stringify(record));
    }
    for (const delivery of deliveries) writeDelivery(transaction, delivery, after.seq);
    // One that still waits stays, and goes when it has ended.
    const old = deliveries.filter(({ seq }) => seq > (before?.seq ?? 0)).map(({ seq }) => seq - DELIVERIES_KEPT);
    const ended = old.length === 0 ? [] : (await deliveriesThatEnded(old)).map(String);
    if (ended.length > 0) transaction.hDel(log, ended);
    try {
      await transaction.exec();
    } catch (error) {
      if (error instanceof Error && error.name === 'WatchError') throw new Overtaken('alerts moved during the write');
      throw error;
    }
  }

  function writeDelivery(transaction: ReturnType<Redis['multi']>, delivery: KeptDelivery, newest: number): void {
    const field = String(delivery.seq);
    if (delivery.state === 'waiting') transaction.sAdd(waiting, field);
    else transaction.sRem(waiting, field);
    if (delivery.state !== 'waiting' && delivery.seq <= newest - DELIVERIES_KEPT) transaction.hDel(log, field);
    else transaction.hSet(log, field, JSON.stringify(delivery));
  }

  const deliveriesThatEnded = async (seqs: readonly number[]): Promise<number[]> =>
    (await deliveries(seqs)).filter(({ state }) => state !== 'waiting').map(({ seq }) => seq);

  /**
   * Asks for another try. Whoever sends finds it in the set of those that wait; it never touches one that has ended.
   * @returns null: it is under way, or was taken
   */
  async function retry(known: KeptDelivery, now: number): Promise<KeptDelivery | null> {
    const again = triedAnew(known, now);
    if (again === null) return null;
    const field = String(again.seq);
    await redis.multi().hSet(log, field, JSON.stringify(again)).sAdd(waiting, field).exec();
    return again;
  }

  return { readPosition, alerts, deliveries, waitingNumbers, write, retry };
}
