/** Impairments: a node can do less than usual, until it has recovered. One node has one at a time. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { affectedBy, affectedUntil, refreshImpairment } from './impairment-effect.ts';
import type { Impairment } from './impairment-state.ts';
import { loadOf } from './node-load.ts';
import { watchPace } from './node-pace.ts';
import { endReroutes } from './reroute.ts';

const nothing: Impairment['current'] = {
  at: 0,
  until: 0,
  possible: 0,
  orders: 0,
  lines: 0,
  margin: 0,
  penalty: 0,
  channels: {},
};

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
    atStart: known?.atStart ?? affectedBy(draft, data.node, affectedUntil({ from, expectedUntil }, occurredAt)),
    current: known?.current ?? nothing,
    moved: known?.moved ?? { orders: 0, lines: 0 },
    proposals: known?.proposals ?? [],
    openExceptions: known?.openExceptions ?? [],
  };
  if (known !== undefined) draft.clearDeadline(known.clock, 'impairment-overdue', id);
  if (expectedUntil !== null) draft.setDeadline(event.source, 'impairment-overdue', id, expectedUntil);
  draft.put('impairment', id, changed);
  const weakness = { impairment: id, share: capacityShare, from, until: expectedUntil };
  draft.put('node-load', data.node, { ...load, impaired: weakness });
  refreshImpairment(draft, id, occurredAt);
  watchPace(draft, data.node, event.source, occurredAt);
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
  endReroutes(draft, known.proposals, event.occurredAt);
  draft.touch('impairment', id);
}

/** Deadline `impairment-overdue`: it should have been over by now. */
export function overdue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const known = draft.get('impairment', event.data.subject);
  if (known === undefined || known.endedAt > 0 || known.expectedUntil === null) return;
  if (known.expectedUntil !== event.data.due) {
    // The end was put off while this was on its way, and passing it has taken the newer deadline away.
    if (!known.overdue) draft.setDeadline(known.clock, 'impairment-overdue', known.impairment, known.expectedUntil);
    return;
  }
  draft.put('impairment', known.impairment, { ...known, overdue: true });
  refreshImpairment(draft, known.impairment, event.data.due);
}
