/** Fulfilment: what nodes report about order lines. Reports may come in any order; quantities add up. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { addTo, giveBack, queue, take } from '../reservations/reservation.ts';
import type { Order, OrderLine } from '../states.ts';
import { at, move, outside } from '../stock/stock.ts';
import { judgeAdvice, shippedFrom } from './advice.ts';
import { unitsFor } from './order.ts';
import { allocatedUnits, openUnits, settle } from './order-life.ts';
import { lineStepOf } from './order-step.ts';
import { notePickFailure } from './pick-failure.ts';
import { sourceLines } from './sourcing.ts';

type Report = { line: string; quantity: number }[];

function eachReported(
  order: Order,
  report: Report,
  change: (line: OrderLine, units: number) => OrderLine,
): OrderLine[] {
  const unknown = report.find((entry) => !order.lines.some((line) => line.line === entry.line));
  if (unknown !== undefined) throw new Refused(`order ${order.order} has no line ${unknown.line}`);
  return order.lines.map((line) => {
    const units = unitsFor(report, line.line);
    return units === 0 ? line : change(line, units);
  });
}

/** Another system reserved stock: the reservation follows it, also beyond what we would have promised. */
export function allocated(draft: Draft, event: EventOf<'fulfilment.allocated'>, order: Order): void {
  const { node, lines: report } = event.data;
  const lines = eachReported(order, report, (line, units) => {
    const wanted = Math.min(units, openUnits(line));
    const here = line.allocated.find(([known]) => known === node)?.[1] ?? 0;
    const missing = Math.max(0, wanted - here);
    const elsewhere = Math.max(0, missing - line.waiting);
    const freed = giveBack(draft, order, line, elsewhere, event.occurredAt, node);
    const taken = take(draft, order, { ...freed, waiting: freed.waiting + elsewhere }, node, missing, event.occurredAt);
    draft.transition(lineStepOf(order, line, { step: 'line-allocated', at: event.occurredAt, quantity: units, node }));
    return queue(draft, order, taken);
  });
  const reserved = { ...order, lines, node: order.node === '' ? node : order.node };
  settle(draft, order, judgeAdvice(draft, reserved, event.occurredAt), event.occurredAt);
}

export function picked(draft: Draft, event: EventOf<'fulfilment.picked'>, order: Order): void {
  const lines = eachReported(order, event.data.lines, (line, units) => {
    draft.transition(
      lineStepOf(order, line, { step: 'line-picked', at: event.occurredAt, quantity: units, node: event.data.node }),
    );
    return { ...line, picked: line.picked + units };
  });
  settle(draft, order, { ...order, lines }, event.occurredAt);
}

export function packed(draft: Draft, event: EventOf<'fulfilment.packed'>, order: Order): void {
  const lines = eachReported(order, event.data.lines, (line, units) => {
    draft.transition(
      lineStepOf(order, line, { step: 'line-packed', at: event.occurredAt, quantity: units, node: event.data.node }),
    );
    return { ...line, packed: line.packed + units };
  });
  settle(draft, order, { ...order, lines }, event.occurredAt);
}

/** The goods have left. That is a fact even when nothing was reserved there: the node's sellable stock pays for it. */
export function dispatched(draft: Draft, event: EventOf<'fulfilment.dispatched'>, order: Order): void {
  const { node, shipment, lines: report } = event.data;
  const when = event.occurredAt;
  const lines = eachReported(order, report, (line, units) => {
    const ready = reserveFor(draft, order, line, node, units, when);
    const held = ready.allocated.find(([known]) => known === node)?.[1] ?? 0;
    const fromReserved = Math.min(units, held);
    const ship = (place: 'allocated' | 'sellable', quantity: number) =>
      move(draft, {
        sku: line.sku,
        from: at(node, place),
        to: outside('customer'),
        quantity,
        reason: `shipment ${shipment}`,
        at: when,
        order: order.order,
        line: line.line,
        reserving: true,
        demand: true,
      });
    ship('allocated', fromReserved);
    ship('sellable', units - fromReserved);
    draft.transition(lineStepOf(order, line, { step: 'line-dispatched', at: when, quantity: units, node }));
    if (!line.attempted) {
      const short = Math.max(0, line.quantity - line.cancelled - units);
      const quantity = Math.min(units, line.quantity - line.cancelled);
      draft.transition(lineStepOf(order, line, { step: 'line-attempted', at: when, quantity, short, node }));
    }
    const isNewest = isNewer([when, node], [line.lastDispatchedAt ?? 0, line.shippedFrom ?? '']);
    const shipped: OrderLine = {
      ...ready,
      dispatched: line.dispatched + units,
      attempted: true,
      allocated: addTo(ready.allocated, node, -fromReserved),
      lastDispatchedAt: isNewest ? when : line.lastDispatchedAt!,
      shippedFrom: isNewest ? node : line.shippedFrom!,
      firstDispatch: earlier(line.firstDispatch, when, units),
    };
    return trim(draft, order, shipped, when);
  });
  const lastDispatchedAt = Math.max(order.lastDispatchedAt, when);
  const shipments = withShipment(order.shipments, shipment);
  const gone = { ...order, lines, lastDispatchedAt, shipments, node: order.node === '' ? node : order.node };
  if (order.advised === undefined) return settle(draft, order, gone, when);
  const units = report.reduce((sum, { quantity }) => sum + quantity, 0);
  const advised = shippedFrom(order.advised, node, units);
  settle(draft, order, judgeAdvice(draft, { ...gone, advised }, when), when);
}

/** Further shipments of one order than this are told apart no longer. */
const SHIPMENTS_MAX = 50;

const withShipment = (known: readonly string[] = [], shipment: string): string[] =>
  known.includes(shipment) || known.length >= SHIPMENTS_MAX ? [...known] : [...known, shipment].sort();

function earlier(known: OrderLine['firstDispatch'], at: number, units: number): [number, number] {
  if (known === undefined || at < known[0]) return [at, units];
  return at === known[0] ? [at, known[1] + units] : known;
}

/** Of two dispatches at one moment the same one is the last, whichever is heard of first. */
const isNewer = ([a, aFrom]: [number, string], [b, bFrom]: [number, string]): boolean =>
  a !== b ? a > b : aFrom >= bFrom;

/** Frees what the line holds elsewhere or waits for, as far as the units now shipped from this node replace it. */
function reserveFor(draft: Draft, order: Order, line: OrderLine, node: string, units: number, when: number): OrderLine {
  const held = line.allocated.find(([known]) => known === node)?.[1] ?? 0;
  const missing = Math.max(0, Math.min(units, openUnits(line)) - held);
  const fromWaiting = Math.min(missing, line.waiting);
  const waited = queue(draft, order, { ...line, waiting: line.waiting - fromWaiting });
  return giveBack(draft, order, waited, missing - fromWaiting, when, node);
}

/** More was shipped than was open: reservations beyond the open units go back. */
function trim(draft: Draft, order: Order, line: OrderLine, when: number): OrderLine {
  const excess = allocatedUnits(line) + line.waiting - openUnits(line);
  if (excess <= 0) return line;
  const fromWaiting = Math.min(excess, line.waiting);
  const waited = queue(draft, order, { ...line, waiting: line.waiting - fromWaiting });
  return giveBack(draft, order, waited, excess - fromWaiting, when);
}

/** A scan without lines speaks for all of them, so that it may come before the reports of packing and dispatch. */
export function scanned(draft: Draft, event: EventOf<'fulfilment.scanned'>, order: Order): void {
  const { node, lines: report } = event.data;
  const at = event.occurredAt;
  const tell = (line: OrderLine, units: number) =>
    draft.transition(lineStepOf(order, line, { step: 'line-scanned', at, quantity: units, node }));
  const lines =
    report === undefined
      ? order.lines.map((line) => {
          const units = Math.max(0, line.quantity - line.scanned);
          if (units === 0) return line;
          tell(line, units);
          return { ...line, scanned: line.scanned + units };
        })
      : eachReported(order, report, (line, units) => {
          tell(line, units);
          return { ...line, scanned: line.scanned + units };
        });
  settle(draft, order, { ...order, lines }, at);
}

/**
 * The shelf has less than the record: the units leave the record, whoever counts next finds it right, and the order looks
 * for them at other nodes. What nobody had reserved here cannot be missed here.
 */
export function shortPicked(draft: Draft, event: EventOf<'fulfilment.short-picked'>, order: Order): void {
  const { node, lines: report, reason = 'not found' } = event.data;
  const when = event.occurredAt;
  refuseNotReserved(order, node, report);
  const { shortPicked: to } = policyOf(draft, 'orders');
  const missing: OrderLine[] = [];
  const lines = eachReported(order, report, (line, units) => {
    move(draft, {
      sku: line.sku,
      from: at(node, 'allocated'),
      to: to === 'unknown' ? outside('unknown') : at(node, 'quarantined'),
      quantity: units,
      reason: `short pick: ${reason}`,
      at: when,
      order: order.order,
      line: line.line,
      by: event.data.by ?? event.source,
      reserving: true,
    });
    notePickFailure(draft, line.sku, node, when);
    draft.transition(lineStepOf(order, line, { step: 'line-short-picked', at: when, quantity: units, node }));
    const allocated = addTo(line.allocated, node, -units);
    const waits = queue(draft, order, { ...line, allocated, waiting: line.waiting + units });
    missing.push(waits);
    return waits;
  });
  const sourced = sourceLines(draft, { ...order, lines }, missing, when, node);
  const after = lines.map((line) => sourced[missing.indexOf(line)] ?? line);
  settle(draft, order, { ...order, lines: after }, when);
}

/** Checked before anything is changed: a child that waited for its order is not taken back when it is refused. */
function refuseNotReserved(order: Order, node: string, report: Report): void {
  for (const line of order.lines) {
    const units = unitsFor(report, line.line);
    const held = line.allocated.find(([known]) => known === node)?.[1] ?? 0;
    if (units <= held) continue;
    throw new Refused(`line ${line.line} of order ${order.order} has ${held} reserved at ${node}, not ${units}`);
  }
}

export function delivered(draft: Draft, event: EventOf<'fulfilment.delivered'>, order: Order): void {
  const lines = eachReported(order, event.data.lines, (line, units) => {
    draft.transition(lineStepOf(order, line, { step: 'line-delivered', at: event.occurredAt, quantity: units }));
    const lastDeliveredAt = Math.max(line.lastDeliveredAt ?? 0, event.occurredAt);
    return { ...line, delivered: line.delivered + units, lastDeliveredAt };
  });
  settle(draft, order, { ...order, lines }, event.occurredAt);
}
