/** What is watched, in words. */
import { type SignalState, type WatchedSeries, watchedParts } from '../../server/http/contract/signals.ts';
import type { State } from '../status/states.ts';

export const signalStateWords: Record<SignalState, string> = {
  warming: 'Learning',
  quiet: 'As expected',
  out: 'Outside of its band',
  'no-data': 'No data',
  off: 'Off',
};

export const signalShapes: Record<SignalState, State> = {
  warming: 'low',
  quiet: 'ok',
  out: 'high',
  'no-data': 'stale',
  off: 'low',
};

/** `Channel web`, or the whole company. */
export function partWords(series: WatchedSeries): string {
  const part = watchedParts.find((one) => series[one] !== undefined);
  if (part === undefined) return 'Everything';
  return `${part === 'sku' ? 'SKU' : part.charAt(0).toUpperCase() + part.slice(1)} ${series[part]}`;
}

/** What a band of a series is asked by. */
export const partQuery = (series: WatchedSeries): Record<string, string | undefined> =>
  Object.fromEntries(watchedParts.map((part) => [part, series[part]]));
