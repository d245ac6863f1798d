/**
 * What detectors have learned, in Redis: of each series once an hour, together with how far it had come and what stood
 * open then, so that a restart goes on from one moment. What came since is judged again from history.
 */
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { SavedWatch, Watch } from '../../analytics/anomalies/watching/watch.ts';
import type { SavedSeries } from '../../analytics/anomalies/watching/watched.ts';
import type { Runtime } from '../runtime.ts';
import type { SeriesStatus, SignalsStatus } from './status.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);
type Store = Pick<Runtime, 'redis' | 'keys'>;

/** No series is called so. */
const WHOLE = '.watch';
/** Raised when saved detectors cannot be read any more: they learn anew from history. */
const SHAPE = 1;

export type SavedWhole = SavedWatch & {
  shape: number;
  timeZone: string;
  until: Record<string, number>;
  savedAt: number;
};
export type SavedSignals = { whole: SavedWhole; series(name: string): Promise<SavedSeries | undefined> };

const packed = async (value: object): Promise<string> => (await deflate(JSON.stringify(value))).toString('base64');
const unpacked = async <T>(text: string): Promise<T> =>
  JSON.parse((await inflate(Buffer.from(text, 'base64'))).toString()) as T;

/** @returns the bytes that are kept of each */
export async function saveSignals(
  { redis, keys }: Store,
  watch: Watch,
  whole: Omit<SavedWhole, 'groups' | 'shape'>,
): Promise<Map<string, number>> {
  const fields: Record<string, string> = {};
  for (const one of watch.all()) fields[one.series.name] = await packed(one.save());
  fields[WHOLE] = JSON.stringify({ ...watch.save(), ...whole, shape: SHAPE } satisfies SavedWhole);
  const key = keys.signals('learned');
  const gone = (await redis.hKeys(key)).filter((name) => fields[name] === undefined);
  const transaction = redis.multi().hSet(key, fields);
  if (gone.length > 0) transaction.hDel(key, gone);
  await transaction.exec();
  return new Map(Object.entries(fields).map(([name, text]) => [name, text.length]));
}

/** Null when nothing was saved, or what was saved is of another shape or another time zone. */
export async function loadSignals({ redis, keys }: Store, timeZone: string): Promise<SavedSignals | null> {
  const key = keys.signals('learned');
  const text = await redis.hGet(key, WHOLE);
  if (typeof text !== 'string') return null;
  const whole = JSON.parse(text) as SavedWhole;
  if (whole.shape !== SHAPE || whole.timeZone !== timeZone) return null;
  return {
    whole,
    async series(name) {
      const saved = await redis.hGet(key, name);
      // Without how far it had come, it cannot go on.
      if (typeof saved !== 'string' || whole.until[name] === undefined) return undefined;
      return unpacked<SavedSeries>(saved);
    },
  };
}

/** What the screens are told of, each round. */
export async function tellStatus(
  { redis, keys }: Store,
  status: SignalsStatus,
  series: readonly SeriesStatus[],
  gone: readonly string[],
): Promise<void> {
  const key = keys.signals('series');
  const fields = Object.fromEntries(series.map((one) => [one.series, JSON.stringify(one)]));
  const transaction = redis.multi().hSet(key, { ...fields, [WHOLE]: JSON.stringify(status) });
  if (gone.length > 0) transaction.hDel(key, [...gone]);
  await transaction.exec();
}

export async function readStatus({
  redis,
  keys,
}: Store): Promise<{ status: SignalsStatus | null; series: SeriesStatus[] }> {
  const { [WHOLE]: whole, ...fields } = await redis.hGetAll(keys.signals('series'));
  return {
    status: whole === undefined ? null : (JSON.parse(whole) as SignalsStatus),
    series: Object.values(fields).map((text) => JSON.parse(text) as SeriesStatus),
  };
}

/** Null when it is not watched. */
export async function readStatusOf({ redis, keys }: Store, name: string): Promise<SeriesStatus | null> {
  const text = await redis.hGet(keys.signals('series'), name);
  return typeof text === 'string' && name !== WHOLE ? (JSON.parse(text) as SeriesStatus) : null;
}
