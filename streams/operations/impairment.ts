/** Impairments: a node can do less than usual, until it has recovered. One node has one at a time. */
import type { EventOf } from '../events/index.ts';
import { type Draft, Refused } from './draft.ts';
import type { Affected, Impairment } from './impairment-state.ts';
import { LOAD_SLOT_MS, loadOf } from './node-load.ts';
import type { LoadSlot } from './node-load-state.ts';

/** When nobody knows how long it lasts, work due within this time counts as affected. */
export const UNKNOWN_LASTS_MS = 24 * 3_600_000;

/** The first report opens an impairment; further ones of the same node correct it until it has recovered. */
export function impaired(draft: Draft, event: EventOf<'node.impaired'>): void {
  const { data, occurredAt } = event;
  const load = loadOf(draft, data.node);
  // A report that was made before the node recovered has been answered already.
  if (occurredAt < load.recoveredAt) return;
  const { from = occurredAt, expectedUntil = null, capacityShare } = data;
  if (expectedUntil !== null && expectedUntil <= from) throw new Refused('an impairment must end after it begins');
  const id = load.impaired?.impairment ?? data.impairment ?? event.id;
  const known = draft.get('impairment', id);
  if (known !== undefined && known.endedAt > 0) throw new Refused(`impairment ${id} of ${known.node} is over`);
  if (known !== undefined && known.node !== data.node) throw new Refused(`impairment ${id} is of node ${known.node}`);
  if (known !== undefined && occurredAt < known.reportedAt) return;
  const changed: Impairment = {
    impairment: id,
    node: data.node,
    capacityShare,
    from,
    expectedUntil,
    reason: data.reason,
    by: data.by ?? '',
    reportedAt: occurredAt,
    clock: event.source,
    overdue: false,
    endedAt: 0,
    atStart: known?.atStart ?? affectedBy(draft, data.node, expectedUntil ?? from + UNKNOWN_LASTS_MS),
    moved: known?.moved ?? { orders: 0, lines: 0 },
    proposals: known?.proposals ?? [],
    openExceptions: known?.openExceptions ?? [],
  };
  if (known !== undefined) draft.clearDeadline(known.clock, 'impairment-overdue', id);
  if (expectedUntil !== null) draft.setDeadline(event.source, 'impairment-overdue', id, expectedUntil);
  draft.put('impairment', id, changed);
  const weakness = { impairment: id, share: capacityShare, from, until: expectedUntil };
  draft.put('node-load', data.node, { ...load, impaired: weakness });
  draft.touch('impairment', id);
}

export function recovered(draft: Draft, event: EventOf<'node.recovered'>): void {
  const { node, impairment: named } = event.data;
  const load = loadOf(draft, node);
  const id = load.impaired?.impairment;
  if (id === undefined || (named !== undefined && named !== id)) {
    throw new Refused(`node ${node} is not impaired${named === undefined ? '' : ` by ${named}`}`);
  }
  const known = draft.get('impairment', id)!;
  if (event.occurredAt < known.reportedAt) return;
  draft.clearDeadline(known.clock, 'impairment-overdue', id);
  draft.put('impairment', id, { ...known, endedAt: event.occurredAt, overdue: false });
  draft.put('node-load', node, { ...load, impaired: null, recoveredAt: event.occurredAt });
  draft.touch('impairment', id);
}

/** Deadline `impairment-overdue`: it should have been over by now. */
export function overdue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('impairment', event.data.subject);
  if (known === undefined || known.endedAt > 0 || known.expectedUntil !== event.data.due) return;
  draft.put('impairment', known.impairment, { ...known, overdue: true });
  draft.touch('impairment', known.impairment);
}

/** Open work of a node that is due by a moment, and what its promises are worth. */
export function affectedBy(draft: Draft, node: string, until: number): Affected {
  const slots = loadOf(draft, node).slots.filter(({ slot }) => slot * LOAD_SLOT_MS <= until);
  const sum = (value: (slot: LoadSlot) => number) => slots.reduce((total, slot) => total + value(slot), 0);
  return {
    orders: sum((slot) => slot.orders),
    lines: sum((slot) => slot.lines),
    margin: sum((slot) => slot.margin),
    penalty: sum((slot) => penaltyOf(draft, slot.channels)),
  };
}

/** What missing the promise of so many orders of each channel costs besides their margin, in minor units. */
export function penaltyOf(draft: Draft, channels: Record<string, number>): number {
  return Object.entries(channels).reduce(
    (sum, [channel, orders]) => sum + orders * (draft.get('channel', channel)?.penalty ?? 0),
    0,
  );
}
