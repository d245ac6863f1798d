import { LIVE_LAG_MAX_MS } from '../../../streams/operations/sources/source.ts';
import type { Source } from '../../../streams/operations/states.ts';
import type { FeedState } from '../contract.ts';
import type { Mirror } from '../mirror.ts';
import { anyOf, type View } from './view.ts';

/** Ages are told in steps; the browser counts the seconds in between by itself. */
const LOOK_EVERY_MS = 5_000;

export const sourcesView: View = {
  concerns: anyOf('source'),
  everyMs: LOOK_EVERY_MS,
  entries: async (mirror) =>
    Object.fromEntries((await feedStates(mirror)).map((feed): [string, FeedState] => [feed.source, feed])),
};

export async function feedStates(mirror: Mirror): Promise<FeedState[]> {
  await mirror.readDuplicates();
  return [...mirror.states.source.values()].map((source) => feedState(mirror, source));
}

export function feedState(mirror: Mirror, source: Source): FeedState {
  const minutes = (source.watermark - source.firstOccurredAt) / 60_000;
  return {
    source: source.source,
    name: source.name,
    kind: source.kind,
    status: feedStatus(mirror, source),
    lastOccurredAt: source.events > 0 ? source.lastOccurredAt : null,
    lastReceivedAt: source.events > 0 ? source.lastReceivedAt : null,
    events: source.events,
    duplicates: mirror.duplicates.get(source.source) ?? 0,
    deadLetters: source.deadLetters,
    eventsPerMinute: minutes < 1 ? null : Math.round((source.events / minutes) * 100) / 100,
    silentAfterMinutes: source.silentAfterMinutes,
  };
}

function feedStatus(mirror: Mirror, source: Source): FeedState['status'] {
  if (source.events === 0) return 'never';
  if (source.kind === 'replay' || source.lastReceivedAt - source.watermark > LIVE_LAG_MAX_MS) return 'replayed';
  const silentMs = mirror.now() - source.lastReceivedAt;
  return silentMs > source.silentAfterMinutes * 60_000 ? 'stale' : 'live';
}
