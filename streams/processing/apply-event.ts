/** Which rule answers which event. */
import { actionTaken, actionUndone } from '../actions/take.ts';
import type { Event, EventOf, EventType } from '../events/index.ts';
import { anomalyCleared, anomalyDetected } from '../exceptions/kpi-anomaly.ts';
import { CONDITION_DEADLINE, conditionDue } from '../exceptions/life.ts';
import { rated } from '../exceptions/rate.ts';
import { SNOOZE_DEADLINE, snoozeDue } from '../exceptions/snooze.ts';
import * as work from '../exceptions/work.ts';
import * as assertions from '../operations/accuracy/assertions.ts';
import { countRequested } from '../operations/accuracy/count-request.ts';
import * as snapshots from '../operations/accuracy/snapshot.ts';
import * as instructions from '../operations/actions/instruction.ts';
import { minutesExpired } from '../operations/buckets.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import * as kpis from '../operations/kpis/kpi-decisions.ts';
import * as masterData from '../operations/master-data.ts';
import * as impairment from '../operations/nodes/impairment.ts';
import * as pace from '../operations/nodes/node-pace.ts';
import * as reroutes from '../operations/nodes/reroute.ts';
import * as waves from '../operations/nodes/wave.ts';
import * as waveRelease from '../operations/nodes/wave-release.ts';
import { cohortDue, cohortEnds } from '../operations/orders/cohort.ts';
import * as fulfilment from '../operations/orders/fulfilment.ts';
import * as orders from '../operations/orders/order.ts';
import * as cancels from '../operations/orders/order-cancel.ts';
import * as holds from '../operations/orders/order-hold.ts';
import { rerouted } from '../operations/orders/order-reroute.ts';
import { park, parkedTooLong, unpark } from '../operations/parking.ts';
import { policyDefined } from '../operations/policy.ts';
import { predictionSettled } from '../operations/predictions/prediction-record.ts';
import * as purchaseOrders from '../operations/purchasing/purchase-order.ts';
import { purchaseOrderDue, purchaseOrderForgotten } from '../operations/purchasing/purchase-order-due.ts';
import * as carts from '../operations/reservations/cart.ts';
import { leakReleased } from '../operations/reservations/leak.ts';
import { availabilityRequested } from '../operations/reservations/publication.ts';
import { reallocated } from '../operations/reservations/reallocation.ts';
import { protectionLapsed } from '../operations/reservations/reservation.ts';
import { unallocatedDue } from '../operations/reservations/unallocated.ts';
import * as sources from '../operations/sources/source.ts';
import type { Order } from '../operations/states.ts';
import {
  correctable,
  correctableForgotten,
  correctionDue,
  correctionOf,
  inUnits,
  voided,
} from '../operations/stock/corrections.ts';
import * as returns from '../operations/stock/returns.ts';
import * as stock from '../operations/stock/stock-changes.ts';
import { stockReviewed } from '../operations/stock/stock-review.ts';
import * as transfers from '../operations/stock/transfer.ts';

type Rule<T extends EventType> = (draft: Draft, event: EventOf<T>) => void;

const rules: { [T in EventType]: Rule<T> } = {
  'workspace.configured': masterData.workspaceConfigured,
  'policy.defined': policyDefined,
  'kpi.terms-set': kpis.termsSet,
  'kpi.baseline-frozen': kpis.baselineFrozen,
  'kpi.baseline-removed': kpis.baselineRemoved,
  'item.defined': masterData.itemDefined,
  'node.defined': pace.defined,
  'node.impaired': impairment.impaired,
  'node.recovered': impairment.recovered,
  'channel.defined': masterData.channelDefined,
  'source.defined': sources.sourceDefined,
  'delivery.rejected': sources.deliveryRejected,
  'delivery.settled': sources.deliverySettled,
  'stock.received': correctableBy(stock.received),
  'stock.adjusted': correctableBy(stock.adjusted),
  'stock.transferred': correctableBy(transfers.transferred),
  'stock.voided': correctableBy(voided),
  'transfer.requested': inUnits(transfers.requested, 'cancel the transfer and request another'),
  'transfer.sent': correctableBy(transfers.sent),
  'transfer.received': correctableBy(transfers.received),
  'transfer.closed': transfers.closed,
  'transfer.cancelled': transfers.cancelled,
  'stock.counted': correctableBy(assertions.counted),
  'stock.asserted': inUnits(assertions.asserted),
  'stock.count-requested': countRequested,
  'stock.snapshot': snapshots.snapshotStated,
  'snapshot.approved': snapshots.snapshotApproved,
  'snapshot.rejected': snapshots.snapshotRejected,
  'stock.condition-changed': correctableBy(stock.conditionChanged),
  'reservation.held': carts.reservationHeld,
  'reservation.extended': carts.reservationExtended,
  'reservation.released': carts.reservationReleased,
  'stock.leak-released': leakReleased,
  'availability.requested': availabilityRequested,
  'purchase-order.confirmed': purchaseOrders.purchaseOrderConfirmed,
  'purchase-order.changed': purchaseOrders.purchaseOrderChanged,
  'purchase-order.cancelled': purchaseOrders.purchaseOrderCancelled,
  'order.placed': place,
  'order.edited': ofOrder(orders.edited),
  'order.cancelled': ofOrder(cancels.cancelled),
  'order.held': ofOrder(holds.held),
  'order.released': ofOrder(holds.released),
  'order.refunded': ofOrder(cancels.refunded),
  'order.rerouted': ofOrder(rerouted),
  'reroute.proposed': reroutes.proposed,
  'reroute.approved': reroutes.approved,
  'reroute.rejected': reroutes.rejected,
  'wave.released': waveRelease.released,
  'fulfilment.allocated': ofOrder(fulfilment.allocated),
  'fulfilment.picked': ofOrder(fulfilment.picked),
  'fulfilment.packed': ofOrder(fulfilment.packed),
  'fulfilment.dispatched': ofOrder(fulfilment.dispatched),
  'fulfilment.scanned': ofOrder(fulfilment.scanned),
  'fulfilment.short-picked': ofOrder(fulfilment.shortPicked),
  'fulfilment.delivered': ofOrder(fulfilment.delivered),
  'return.received': inUnits(returns.received, 'send what is right as another return, or judge what came'),
  'return.judged': inUnits(returns.judged, 'judge the goods again, or change their condition'),
  'deadline.passed': deadlinePassed,
  'anomaly.detected': anomalyDetected,
  'anomaly.cleared': anomalyCleared,
  'exception.acknowledged': work.acknowledged,
  'exception.assigned': work.assigned,
  'exception.started': work.started,
  'exception.commented': work.commented,
  'exception.snoozed': work.snoozed,
  'exception.woken': work.woken,
  'exception.resolved': work.resolved,
  'exception.dismissed': work.dismissed,
  'exception.reopened': work.reopened,
  'exception.rated': rated,
  'calendar.planned': masterData.calendarPlanned,
  'calendar.withdrawn': masterData.calendarWithdrawn,
  'order.reallocated': ofOrder(reallocated),
  'action.taken': (draft, event) => actionTaken(draft, event, applyEvent),
  'action.undone': (draft, event) => actionUndone(draft, event, applyEvent),
  'instruction.confirmed': instructions.confirmed,
  'instruction.failed': instructions.failed,
  'instruction.repeated': instructions.repeated,
  'instruction.withdrawn': instructions.withdrawn,
  // Only measured: see the KPI catalog.
  'latency.measured': () => undefined,
  'kpi.measured': () => undefined,
  'prediction.made': () => undefined,
  'prediction.settled': predictionSettled,
};

export function applyEvent(draft: Draft, event: Event): void {
  (rules[event.type] as Rule<EventType>)(draft, event);
}

/** A child whose order has not come yet is parked until it does. */
function ofOrder<T extends EventType>(apply: (draft: Draft, event: EventOf<T>, order: Order) => void): Rule<T> {
  return (draft, event) => {
    const id = (event.data as { order: string }).order;
    const order = draft.get('order', id);
    if (order === undefined) park(draft, id, event as Event);
    else apply(draft, event, order);
  };
}

/** Children that came before their order are applied with it. */
function place(draft: Draft, event: EventOf<'order.placed'>): void {
  orders.placed(draft, event);
  for (const child of unpark(draft, event.data.order)) applyWaiting(draft, child);
}

/** What moves stock may correct another event and be corrected; a correction that came first has waited for it. */
function correctableBy<T extends EventType>(rule: Rule<T>): Rule<T> {
  const apply = correctable(rule as (draft: Draft, event: Event) => void);
  return (draft, event) => {
    apply(draft, event as Event);
    const correction = correctionOf(draft, event as Event);
    if (correction !== null) applyWaiting(draft, correction);
  };
}

/** An event that has waited for another. Refused now, it must not take the other with it. */
function applyWaiting(draft: Draft, event: Event): void {
  const refused = draft.attempt(() => applyEvent(draft, event));
  if (refused === null) return;
  draft.effects.refused = `waiting ${event.type} ${event.id} of ${event.source}: ${refused.message}`;
}

const deadlineRules: Record<string, Rule<'deadline.passed'>> = {
  'source-silent': sources.silenceDue,
  'source-volume': sources.slotDue,
  'ship-by-risk': waves.waveAtRisk,
  'ship-by': waves.waveLate,
  'impairment-overdue': impairment.overdue,
  'node-pace': pace.checkPace,
  'reroute-page': reroutes.pageDue,
  'expire-minutes': minutesExpired,
  [snapshots.PARTS_DEADLINE]: snapshots.partsDue,
  parked: parkedTooLong,
  cohort: cohortDue,
  unallocated: unallocatedDue,
  'cohort-ends': cohortEnds,
  'hold-aged': holds.holdAged,
  'hold-gives-back': holds.holdGivesBack,
  'lot-expiry': stock.lotExpired,
  'stock-review': stockReviewed,
  'transfer-late': transfers.transferLate,
  'transfer-forget': transfers.transferForgotten,
  'return-judge': returns.returnOverdue,
  'return-forget': returns.returnForgotten,
  'correction-waiting': (draft, event) => {
    const correction = correctionDue(draft, event);
    if (correction !== null) applyWaiting(draft, correction);
  },
  correctable: correctableForgotten,
  [CONDITION_DEADLINE]: conditionDue,
  [SNOOZE_DEADLINE]: snoozeDue,
  'purchase-order-due': purchaseOrderDue,
  'purchase-order-forget': purchaseOrderForgotten,
  'protection-lapse': protectionLapsed,
  'reservation-expiry': carts.reservationExpired,
  'reservation-orphan': carts.reservationOrphaned,
  'reservation-forget': carts.reservationForgotten,
  'instruction-answer': instructions.answerDue,
  'log-page': instructions.pageGrownOld,
};

/** These may have been put off since: their rules take the deadline away themselves. */
const keepTheirDeadline: ReadonlySet<string> = new Set(['source-silent', CONDITION_DEADLINE, SNOOZE_DEADLINE]);

function deadlinePassed(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { clock, kind, subject } = event.data;
  if (!keepTheirDeadline.has(kind)) draft.clearDeadline(clock, kind, subject);
  const rule = deadlineRules[kind];
  if (rule === undefined) throw new Refused(`no rule answers a deadline of kind ${kind}`);
  rule(draft, event);
}
