/**
 * Cohorts: orders of one node that have to reach a step by one moment are counted together, and one deadline watches all
 * of them. Those that are late are summed per node, so that a lost truck is one exception and not a thousand.
 */
import type { EventOf } from '../../events/index.ts';
import type { OrderStep } from '../../events/order-steps.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import type { Order, OrderLine } from '../states.ts';
import { type CohortKind, cohortId, type OrderSum, type Overdue, overdueId } from './cohort-state.ts';

const MINUTE_MS = 60_000;
/** Orders due within such a span share a cohort: they are told together, at its end. */
export const COHORT_SPAN_MS = 15 * MINUTE_MS;
/** What nobody has reported for so long will not be: the cohort is given up. */
export const COHORT_ENDS_AFTER_MS = 14 * 24 * 60 * MINUTE_MS;

/**
 * Carries a changed order over from the cohorts it was counted in to those it belongs to now.
 * @returns their ids, to be kept in the order
 */
export function moveInCohorts(draft: Draft, before: Order | undefined, after: Order): string[] {
  const was = before?.awaits ?? none;
  const is = awaitsOf(draft, after);
  if (was.length === 0 && is.length === 0) return none;
  const less = before === undefined ? nothing : sumOf(before);
  const more = sumOf(after);
  for (const id of was) if (!is.includes(id)) change(draft, id, after, minus(nothing, less), false);
  for (const id of is) {
    const isNew = !was.includes(id);
    const by = isNew ? more : minus(more, less);
    if (isNew || by.amount !== 0 || by.cost !== 0) change(draft, id, after, by, isNew);
  }
  return is;
}

const none: string[] = [];
const nothing: OrderSum = { orders: 0, amount: 0, cost: 0 };

const sumOf = (order: Order): OrderSum => ({
  orders: 1,
  amount: order.amount,
  cost: order.lines.reduce((sum, line) => sum + line.quantity * line.unitCost, 0),
});

const plus = (a: OrderSum, b: OrderSum): OrderSum => ({
  orders: a.orders + b.orders,
  amount: a.amount + b.amount,
  cost: a.cost + b.cost,
});
const minus = (a: OrderSum, b: OrderSum): OrderSum => ({
  orders: a.orders - b.orders,
  amount: a.amount - b.amount,
  cost: a.cost - b.cost,
});

/** What this order has to reach next, as ids of cohorts. */
function awaitsOf(draft: Draft, order: Order): string[] {
  const ids: string[] = [];
  if (order.open && order.releasedAt > 0 && !order.picked && order.holds.length === 0) {
    const { pickWithinMinutes } = policyOf(draft, 'orders');
    ids.push(cohortOf('pick', order, order.releasedAt + pickWithinMinutes * MINUTE_MS));
  }
  if (order.shipBy > 0 && isWithoutProof(draft, order)) {
    const { proofWithinMinutes } = policyOf(draft, 'orders');
    ids.push(cohortOf('proof', order, order.shipBy + proofWithinMinutes * MINUTE_MS));
  }
  if (order.deliverBy > 0 && order.lines.some(isOnItsWay)) {
    const { deliveriesAreReported, deliveryGraceMinutes } = policyOf(draft, 'orders');
    if (deliveriesAreReported)
      ids.push(cohortOf('delivery', order, order.deliverBy + deliveryGraceMinutes * MINUTE_MS));
  }
  if (order.open) {
    for (const hold of order.holding?.aged ?? none) {
      ids.push(overdueId({ kind: 'hold', node: '', hold, channel: order.channel }));
    }
  }
  return ids;
}

const cohortOf = (kind: OrderStep, order: Order, due: number): string =>
  cohortId(kind, order.node, Math.ceil(due / COHORT_SPAN_MS) * COHORT_SPAN_MS);

const isOnItsWay = (line: OrderLine): boolean => Math.max(line.delivered, line.returned) < line.dispatched;

/** Something is packed and has not left; or, where carriers scan, has left without being scanned. */
function isWithoutProof(draft: Draft, order: Order): boolean {
  if (!order.lines.some((line) => Math.max(line.packed, line.dispatched) > line.scanned)) return false;
  const { scannedNodes } = policyOf(draft, 'orders');
  const isScanned = scannedNodes.length > 0 && (scannedNodes.includes('*') || scannedNodes.includes(order.node));
  return order.lines.some((line) => {
    const ready = Math.min(line.packed, line.quantity - line.cancelled);
    return isScanned
      ? Math.max(ready, line.dispatched) > line.scanned
      : ready > Math.max(line.dispatched, line.scanned);
  });
}

function change(draft: Draft, id: string, order: Order, by: OrderSum, isNew: boolean): void {
  const { source } = order;
  const [kind, name, last] = id.split('|') as [CohortKind, string, string];
  if (kind === 'hold') {
    const agesAt = isNew ? order.holding!.reasons.find(({ hold }) => hold === name)!.agesAt : 0;
    addToOverdue(draft, { kind, node: '', hold: name, channel: last }, by, agesAt);
    return;
  }
  const known = draft.get('cohort', id);
  // One that was given up does not begin anew because an order in it changes.
  if (known === undefined && !isNew) return;
  const cohort = known ?? { kind, node: name, due: Number(last), source, overdue: false, ...nothing };
  const changed = { ...cohort, ...plus(cohort, by) };
  const about = { kind, node: name, hold: '', channel: '' };
  if (cohort.overdue) addToOverdue(draft, about, by, changed.orders === 0 ? -cohort.due : 0);
  if (known === undefined) draft.setDeadline(source, 'cohort', id, cohort.due);
  if (changed.orders > 0) {
    draft.put('cohort', id, changed);
    return;
  }
  draft.clearDeadline(cohort.source, 'cohort', id);
  draft.clearDeadline(cohort.source, 'cohort-ends', id);
  draft.remove('cohort', id);
}

/** @param due a moment that has gone by, to be named; negative: to be named no longer */
function addToOverdue(
  draft: Draft,
  about: Pick<Overdue, 'kind' | 'node' | 'hold' | 'channel'>,
  by: OrderSum,
  due = 0,
): void {
  const id = overdueId(about);
  const known = draft.get('overdue', id) ?? { ...about, ...nothing, dues: [], openExceptions: [] };
  let { dues } = known;
  if (due > 0 && !dues.includes(due)) dues = [...dues, due].sort((a, b) => a - b);
  // Each held order has a moment of its own: the oldest says enough.
  if (about.kind === 'hold') dues = dues.slice(0, 1);
  if (due < 0) dues = dues.filter((moment) => moment !== -due);
  draft.put('overdue', id, { ...known, ...plus(known, by), dues });
  draft.touch('overdue', id);
}

/** Deadline `cohort`: whoever is still in it is late. */
export function cohortDue(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { subject, clock } = event.data;
  const cohort = draft.get('cohort', subject);
  if (cohort === undefined || cohort.overdue) return;
  draft.put('cohort', subject, { ...cohort, overdue: true });
  draft.setDeadline(clock, 'cohort-ends', subject, cohort.due + COHORT_ENDS_AFTER_MS);
  const { kind, node, due } = cohort;
  addToOverdue(draft, { kind, node, hold: '', channel: '' }, cohort, due);
}

/** Deadline `cohort-ends`: what has not been reported by now never will be. */
export function cohortEnds(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const cohort = draft.get('cohort', event.data.subject);
  if (cohort === undefined) return;
  const { kind, node, due } = cohort;
  if (cohort.overdue) addToOverdue(draft, { kind, node, hold: '', channel: '' }, minus(nothing, cohort), -due);
  draft.remove('cohort', event.data.subject);
}

/** A sum over no orders says nothing any more. */
export function endOverdue(draft: Draft, id: string): void {
  if (draft.get('overdue', id)?.orders === 0) draft.remove('overdue', id);
}
