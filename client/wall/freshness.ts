/** How much a screen may still be believed, from how long nothing was heard. */
import type { ConnectionState } from '../live/connection.ts';

export const LOST_SHOWN_AFTER_MS = 5_000;
export const BLIND_AFTER_MS = 60_000;

/** `lost`: say so. `blind`: the values are too old to act on. */
export type Freshness = { level: 'live' | 'connecting' | 'lost' | 'blind'; silentMs: number; heardAt: number | null };

export function screenFreshness(state: ConnectionState, heardAt: number | null, now: number): Freshness {
  const silentMs = heardAt === null ? 0 : Math.max(0, now - heardAt);
  if (state === 'live') return { level: 'live', silentMs, heardAt };
  if (heardAt === null) return { level: 'connecting', silentMs, heardAt };
  if (silentMs > BLIND_AFTER_MS) return { level: 'blind', silentMs, heardAt };
  return { level: silentMs > LOST_SHOWN_AFTER_MS ? 'lost' : 'live', silentMs, heardAt };
}
