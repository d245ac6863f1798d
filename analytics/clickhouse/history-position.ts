/** How far history is written, and the range that is being written: the memory that makes every insert repeatable. */
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

export type Range = { first: number; last: number; token: string };
export type HistoryPosition = {
  /** Sequence of the last fact that is in history for certain. */
  seq: number;
  /** A range whose insert may or may not have happened. */
  writing: Range | null;
};

/** Another writer has moved the position: what we wanted to do is done, or not ours to do any more. */
export class PositionMoved extends Error {}

export async function readPosition(redis: Redis, keys: Keys): Promise<HistoryPosition> {
  const [seq, writing] = await redis.hmGet(keys.historyPosition, ['seq', 'writing']);
  return { seq: Number(seq ?? 0), writing: typeof writing === 'string' ? (JSON.parse(writing) as Range) : null };
}

/** @throws PositionMoved */
export async function writeDown(redis: Redis, keys: Keys, known: HistoryPosition, range: Range): Promise<void> {
  const { first, last, token } = range;
  await move(redis, keys, known, (transaction) =>
    transaction.hSet(keys.historyPosition, { seq: known.seq, writing: JSON.stringify({ first, last, token }) }),
  );
}

/** The range is in history: the position passes it, and Redis may forget its facts. @throws PositionMoved */
export async function passRange(redis: Redis, keys: Keys, known: HistoryPosition): Promise<HistoryPosition> {
  const seq = known.writing?.last ?? known.seq;
  await move(redis, keys, known, (transaction) =>
    transaction
      .hSet(keys.historyPosition, { seq })
      .hDel(keys.historyPosition, 'writing')
      .xTrim(keys.facts, 'MINID', `${seq + 1}-0` as never),
  );
  return { seq, writing: null };
}

type Transaction = ReturnType<Redis['multi']>;

async function move(
  redis: Redis,
  keys: Keys,
  known: HistoryPosition,
  change: (transaction: Transaction) => unknown,
): Promise<void> {
  const [, stands] = await Promise.all([redis.watch(keys.historyPosition), readPosition(redis, keys)]);
  if (stands.seq !== known.seq || stands.writing?.token !== known.writing?.token) {
    await redis.unwatch();
    throw new PositionMoved(`history is written up to ${stands.seq}, not ${known.seq}`);
  }
  const transaction = redis.multi();
  change(transaction);
  try {
    await transaction.exec();
  } catch (error) {
    if (error instanceof Error && error.name === 'WatchError')
      throw new PositionMoved('the position moved while it was being stored');
    throw error;
  }
}
