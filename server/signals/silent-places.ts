/** Which channels and nodes nobody could tell us of in a time: there, nothing counted is not a count of 0. */
import type { Bucket } from '../../analytics/anomalies/watching/watched.ts';
import { type Kpi, kpiById } from '../../analytics/kpis/index.ts';
import type { Source } from '../../streams/operations/states.ts';
import type { Time } from './read-figures.ts';

type Known = Pick<
  Source,
  'source' | 'kind' | 'channel' | 'node' | 'silentSince' | 'lastReceivedAt' | 'volume' | 'firstReceivedAt'
>;
export type Silence = Time & { source: string };

/** So many events were to be expected since it was heard: that none came is no chance. */
const EXPECTED_MIN = 7;
const GAP_MS_MIN = 3 * 60_000;
const SLOT_MS = 15 * 60_000;

/** Silences as they stand now, also those that are too young to be called so. */
export function silencesNow(sources: readonly Known[], now: number): Silence[] {
  return sources.flatMap(({ source, kind, silentSince, lastReceivedAt, volume }) => {
    if (kind === 'replay' || lastReceivedAt === 0) return [];
    if (silentSince > 0) return [{ source, from: silentSince, to: Number.POSITIVE_INFINITY }];
    const gap = now - lastReceivedAt;
    const expected = ((volume?.usual ?? 0) * gap) / SLOT_MS;
    const isOdd = gap >= GAP_MS_MIN && expected >= EXPECTED_MIN;
    return isOdd ? [{ source, from: lastReceivedAt, to: Number.POSITIVE_INFINITY }] : [];
  });
}

/** `channel=web`, `node=BER` and `source=shop` of which nobody told in a bucket: all who could were silent. */
export function silentPlaces(sources: readonly Known[], silences: readonly Silence[], bucket: Bucket): Set<string> {
  const silent = new Set(
    silences.filter(({ from, to }) => from < bucket.to && to > bucket.from).map(({ source }) => source),
  );
  const places = new Set([...silent].map((source) => `source=${source}`));
  if (silent.size === 0) return places;
  for (const part of ['channel', 'node'] as const) {
    const feeds = sources.filter((source) => source.kind !== 'replay' && source[part] !== '');
    for (const [value, own] of Map.groupBy(feeds, (source) => source[part])) {
      if (own.every(({ source }) => silent.has(source))) places.add(`${part}=${value}`);
    }
  }
  return places;
}

/** From whom figures of a KPI come: orders from channels, work from nodes. */
export function fedBy({ group, id }: Pick<Kpi, 'group' | 'id'>): readonly ('channel' | 'node')[] {
  if (group === 'fulfilment') return id.includes('cancel') || id.includes('rerouted') ? ['channel', 'node'] : ['node'];
  if (group === 'stock' || group === 'returns' || group === 'procurement') return ['node'];
  if (group === 'exceptions' || group === 'data') return [];
  return group === 'promises' ? ['channel', 'node'] : ['channel'];
}

/** Silent places that feed a KPI. */
export function silentFeeds(kpi: string, silent: ReadonlySet<string>): string[] {
  if (silent.size === 0) return [];
  const feeds = fedBy(kpiById(kpi)!);
  return [...silent].filter((place) => feeds.some((part) => place.startsWith(`${part}=`)));
}
