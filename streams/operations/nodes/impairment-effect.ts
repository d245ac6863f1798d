/** What an impairment does to a node's open work: how much of it is due while it lasts, and how much can still be done. */
import { linesPossible, paceIsKnown } from '../../policies/node-capacity.ts';
import type { Draft } from '../draft.ts';
import type { Affected, Impairment } from './impairment-state.ts';
import { LOAD_SLOT_MS, loadOf } from './node-load.ts';

/** When nobody knows how long it lasts, work due within this time counts as affected. */
export const UNKNOWN_LASTS_MS = 24 * 3_600_000;

/** Until when work counts as affected: the expected end, or a day from now when there is none or it has passed. */
export const affectedUntil = (
  { expectedUntil, from }: Pick<Impairment, 'expectedUntil' | 'from'>,
  at: number,
): number => (expectedUntil !== null && expectedUntil > at ? expectedUntil : Math.max(at, from) + UNKNOWN_LASTS_MS);

/** Open work of a node that is due by a moment, and what its promises are worth. */
export function affectedBy(draft: Draft, node: string, until: number): Affected {
  const affected: Affected = { orders: 0, lines: 0, margin: 0, penalty: 0, channels: {} };
  for (const slot of loadOf(draft, node).slots) {
    if (slot.slot * LOAD_SLOT_MS > until) break;
    affected.orders += slot.orders;
    affected.lines += slot.lines;
    affected.margin += slot.margin;
    affected.penalty += penaltyOf(draft, slot.channels);
    for (const [channel, orders] of Object.entries(slot.channels)) {
      affected.channels[channel] = (affected.channels[channel] ?? 0) + orders;
    }
  }
  return { ...affected, channels: sortedByName(affected.channels) };
}

const sortedByName = (counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What missing the promise of so many orders of each channel costs besides their margin, in minor units. */
export function penaltyOf(draft: Draft, channels: Record<string, number>): number {
  return Object.entries(channels).reduce(
    (sum, [channel, orders]) => sum + orders * (draft.get('channel', channel)?.penalty ?? 0),
    0,
  );
}

/** Lines the node can do until then in spite of it. Where no pace is known, it is taken to do its share of what is due. */
export function possibleUntil(
  draft: Draft,
  {
    node,
    capacityShare: share,
    from,
    expectedUntil,
  }: Pick<Impairment, 'node' | 'capacityShare' | 'from' | 'expectedUntil'>,
  lines: number,
  at: number,
  until: number,
): number {
  const known = draft.get('node', node);
  if (known === undefined || !paceIsKnown(known)) return Math.floor(share * lines + 1e-9);
  return linesPossible(known, { share, from, until: expectedUntil }, at, until);
}

/** Counts anew what is affected, at a moment. */
export function refreshImpairment(draft: Draft, id: string, at: number): void {
  const known = draft.get('impairment', id)!;
  const until = affectedUntil(known, at);
  const affected = affectedBy(draft, known.node, until);
  const possible = possibleUntil(draft, known, affected.lines, at, until);
  draft.put('impairment', id, { ...known, current: { ...affected, at, until, possible } });
  draft.touch('impairment', id);
}
