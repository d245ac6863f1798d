/** Which rule answers which event. */
import type { Event, EventOf } from '../events/index.ts';
import { acknowledged, anomalyCleared, anomalyDetected, assigned, commented } from '../exceptions/work.ts';
import { minutesExpired } from '../operations/buckets.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import * as fulfilment from '../operations/fulfilment.ts';
import * as masterData from '../operations/master-data.ts';
import * as orders from '../operations/order.ts';
import { park, parkedTooLong, unpark } from '../operations/parking.ts';
import * as returns from '../operations/returns.ts';
import * as sources from '../operations/source.ts';
import type { Order } from '../operations/states.ts';
import * as stock from '../operations/stock.ts';
import * as waves from '../operations/wave.ts';

export function applyEvent(draft: Draft, event: Event): void {
  switch (event.type) {
    case 'workspace.configured':
      return masterData.workspaceConfigured(draft, event);
    case 'item.defined':
      return masterData.itemDefined(draft, event);
    case 'node.defined':
      return masterData.nodeDefined(draft, event);
    case 'channel.defined':
      return masterData.channelDefined(draft, event);
    case 'source.defined':
      return sources.sourceDefined(draft, event);
    case 'delivery.rejected':
      return sources.deliveryRejected(draft, event);
    case 'delivery.settled':
      return sources.deliverySettled(draft, event);
    case 'stock.received':
      return stock.received(draft, event);
    case 'stock.adjusted':
      return stock.adjusted(draft, event);
    case 'stock.transferred':
      return stock.transferred(draft, event);
    case 'stock.counted':
      return stock.counted(draft, event);
    case 'stock.asserted':
      return stock.asserted(draft, event);
    case 'stock.condition-changed':
      return stock.conditionChanged(draft, event);
    case 'order.placed':
      return place(draft, event);
    case 'order.edited':
      return withOrder(draft, event, (order) => orders.edited(draft, event, order));
    case 'order.cancelled':
      return withOrder(draft, event, (order) => orders.cancelled(draft, event, order));
    case 'order.held':
      return withOrder(draft, event, (order) => orders.held(draft, event, order));
    case 'order.released':
      return withOrder(draft, event, (order) => orders.released(draft, event, order));
    case 'order.refunded':
      return withOrder(draft, event, (order) => orders.refunded(draft, event, order));
    case 'fulfilment.allocated':
      return withOrder(draft, event, (order) => fulfilment.allocated(draft, event, order));
    case 'fulfilment.picked':
      return withOrder(draft, event, (order) => fulfilment.picked(draft, event, order));
    case 'fulfilment.packed':
      return withOrder(draft, event, (order) => fulfilment.packed(draft, event, order));
    case 'fulfilment.dispatched':
      return withOrder(draft, event, (order) => fulfilment.dispatched(draft, event, order));
    case 'fulfilment.delivered':
      return withOrder(draft, event, (order) => fulfilment.delivered(draft, event, order));
    case 'return.received':
      return returns.received(
        draft,
        event,
        event.data.order === undefined ? undefined : draft.get('order', event.data.order),
      );
    case 'return.judged':
      return returns.judged(draft, event);
    case 'deadline.passed':
      return deadlinePassed(draft, event);
    case 'anomaly.detected':
      return anomalyDetected(draft, event);
    case 'anomaly.cleared':
      return anomalyCleared(draft, event);
    case 'exception.acknowledged':
      return acknowledged(draft, event);
    case 'exception.assigned':
      return assigned(draft, event);
    case 'exception.commented':
      return commented(draft, event);
    case 'latency.measured':
      return; // Only measured: see the KPI catalog.
    default:
      return event satisfies never;
  }
}

type OrderChild = Extract<Event, { data: { order: string } }>;

/** A child whose order has not come yet is parked until it does. */
function withOrder(draft: Draft, event: OrderChild, apply: (order: Order) => void): void {
  const order = draft.get('order', event.data.order!);
  if (order === undefined) park(draft, event.data.order!, event);
  else apply(order);
}

/** A child that is refused after its parent came must not take the parent with it; rules refuse before they change anything. */
function place(draft: Draft, event: EventOf<'order.placed'>): void {
  orders.placed(draft, event);
  for (const child of unpark(draft, event.data.order)) {
    try {
      applyEvent(draft, child);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      draft.effects.refused = `waiting ${child.type} ${child.id} of ${child.source}: ${error.message}`;
    }
  }
}

function deadlinePassed(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const { clock, kind, subject } = event.data;
  // Silence may have been put off since: that rule takes its deadline away itself.
  if (kind !== 'source-silent') draft.clearDeadline(clock, kind, subject);
  switch (event.data.kind) {
    case 'source-silent':
      return sources.silenceDue(draft, event);
    case 'ship-by-risk':
      return waves.waveAtRisk(draft, event);
    case 'ship-by':
      return waves.waveLate(draft, event);
    case 'expire-minutes':
      return minutesExpired(draft, event);
    case 'parked':
      return parkedTooLong(draft, event);
    default:
      throw new Refused(`no rule answers a deadline of kind ${event.data.kind}`);
  }
}
