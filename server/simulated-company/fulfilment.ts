/** From an accepted order to the customer's door: pick, pack, dispatch, deliver, at the pace of each node's crew. */

import { seasonFactor } from './calendar.ts';
import { AMAZON, channels, nodes, STORE, WHOLESALE } from './company.ts';
import { DAY, HOUR, MINUTE } from './local-time.ts';
import type { Crew, Line, Order, World } from './world.ts';

/** Picking stops this long before the last truck, so that what was picked still gets away. */
export const PICKING_ENDS_BEFORE_CLOSE_HOURS = 2;
const MISSED_TRUCK_SHARE = 0.02;
const LOST_PARCEL_SHARE = 0.002;

/** Puts an order into its node's queue. Held orders come back here when they are released. */
export function queueForPicking(world: World, order: Order): void {
  const node = nodes[order.node]!;
  const crew = world.crews[order.node]!;
  const time = world.nodeTime[order.node]!;
  const hours = { ...node, closesAt: node.closesAt - PICKING_ENDS_BEFORE_CLOSE_HOURS };
  const wave = world.now() + world.random.operations.between(8, 35) * MINUTE;
  const start = time.nextOpen(Math.max(wave, crew.freeAt), hours);
  const monday = time.partsOf(start).weekday === 1 ? node.mondayFactor : 1;
  const pace = crew.linesPerHour * seasonFactor(start) * monday * slowness(crew, start);
  crew.freeAt = time.afterWork(start, (order.lines.length / pace) * HOUR, hours);
  world.at(crew.freeAt + world.random.operations.between(4, 18) * MINUTE, () => pick(world, order));
}

const slowness = (crew: Crew, at: number) => crew.slow.find((one) => one.from <= at && at < one.until)?.factor ?? 1;

function pick(world: World, order: Order): void {
  if (order.state !== 'open' || order.held) return;
  const ready = order.lines.filter((line) => line.allocated && line.picked === 0 && line.quantity > 0);
  if (ready.length === 0) return;
  const { source, id: node } = nodes[order.node]!;
  const missing: { line: Line; quantity: number }[] = [];
  for (const line of ready) {
    line.picked = world.stock.takeFromShelf(world.stock.at(order.node, line.item), line.quantity);
    if (line.picked < line.quantity) missing.push({ line, quantity: line.quantity - line.picked });
  }
  const picked = ready.filter((line) => line.picked > 0).map((line) => ({ line: line.line, quantity: line.picked }));
  if (picked.length > 0) world.emit(source, 'fulfilment.picked', world.now(), { order: order.id, node, lines: picked });
  if (missing.length > 0) giveUpMissing(world, order, missing);
  if (picked.length === 0) {
    order.state = 'cancelled';
    return;
  }
  order.state = 'picked';
  world.at(world.now() + world.random.operations.between(6, 32) * MINUTE, () => pack(world, order, picked));
}

/** The shelf held less than the record: the units are cancelled and somebody counts the bin. */
function giveUpMissing(world: World, order: Order, missing: { line: Line; quantity: number }[]): void {
  const node = nodes[order.node]!;
  for (const { line, quantity } of missing) {
    const cell = world.stock.at(order.node, line.item);
    const { sku } = world.assortment.items[line.item]!;
    line.quantity -= quantity;
    world.stock.release(cell, quantity);
    world.freed(cell);
    const details = { order: order.id, units: quantity };
    const at = world.now();
    world.truth({ kind: 'short-pick', at, detectableAt: at, subject: `${sku}|${node.id}`, details });
    world.at(at + world.random.operations.between(5, 25) * MINUTE, () => world.countBin(order.node, line.item));
  }
  world.emit(channels[order.channel]!.source, 'order.cancelled', world.now(), {
    order: order.id,
    reason: 'stock',
    lines: missing.map(({ line, quantity }) => ({ line: line.line, quantity })),
  });
}

type PickedLine = { line: string; quantity: number };

function pack(world: World, order: Order, lines: PickedLine[]): void {
  const node = nodes[order.node]!;
  world.emit(node.source, 'fulfilment.packed', world.now(), { order: order.id, node: node.id, lines });
  const random = world.random.operations;
  let leavesAt = world.now() + random.between(12, 75) * MINUTE;
  if (random.chance(MISSED_TRUCK_SHARE)) {
    leavesAt = world.nodeTime[order.node]!.nextOpen(leavesAt + 10 * HOUR, node) + random.between(1, 3) * HOUR;
  }
  world.at(leavesAt, () => dispatch(world, order, lines));
}

/** Also used by the tills of the store, where the customer carries the goods out. */
export function dispatch(world: World, order: Order, lines: PickedLine[]): void {
  const node = nodes[order.node]!;
  const at = world.now();
  order.state = 'gone';
  for (const { line, quantity } of lines) {
    const { item } = order.lines.find((one) => one.line === line)!;
    world.stock.dispatch(world.stock.at(order.node, item), quantity);
  }
  const shipment = `SHP-${node.id}-${world.count(`shipment ${node.id}`)}`;
  const inStore = order.channel === STORE;
  const carried = inStore ? { carrier: 'Carried out' } : carrierOf(world, order);
  world.emit(node.source, 'fulfilment.dispatched', at, { order: order.id, node: node.id, lines, shipment, ...carried });
  if (!inStore && at > order.shipBy) {
    const details = { node: node.id, lateMinutes: Math.round((at - order.shipBy) / MINUTE) };
    world.truth({ kind: 'late-dispatch', at, detectableAt: order.shipBy, subject: order.id, details });
  }
  if (inStore) world.at(at + 1_000, () => deliver(world, order, shipment, lines));
  else sendOnItsWay(world, order, shipment, lines);
}

function sendOnItsWay(world: World, order: Order, shipment: string, lines: PickedLine[]): void {
  const random = world.random.operations;
  if (world.options.faults !== 'none' && random.chance(LOST_PARCEL_SHARE)) {
    const detectableAt = world.now() + 7 * DAY;
    world.truth({ kind: 'parcel-lost', at: world.now(), detectableAt, subject: order.id, details: { shipment } });
    return;
  }
  const time = world.nodeTime[order.node]!;
  const days =
    order.channel === WHOLESALE ? random.int(3, 6) : order.channel === AMAZON ? random.int(1, 3) : random.int(1, 5);
  const { day } = time.partsOf(world.now());
  // Carriers rest on Sundays: weekday 7.
  const arrivalDay = (day + days + 3) % 7 === 6 ? day + days + 1 : day + days;
  world.at(time.instantOf(arrivalDay, random.between(8.5, 19.5) * HOUR), () => deliver(world, order, shipment, lines));
}

function deliver(world: World, order: Order, shipment: string, lines: PickedLine[]): void {
  const { source } = nodes[order.node]!;
  world.emit(source, 'fulfilment.delivered', world.now(), { order: order.id, shipment, lines });
  world.delivered(order);
}

function carrierOf(world: World, order: Order): { carrier: string; tracking: string } {
  const random = world.random.operations;
  const number = () => String(random.int(100_000_000, 999_999_999));
  if (order.channel === WHOLESALE) return { carrier: 'XPO', tracking: number() };
  const carrier = random.pick(['UPS', 'UPS', 'FedEx', 'USPS']);
  if (carrier === 'UPS') return { carrier, tracking: `1Z8H2P${number()}0` };
  return { carrier, tracking: carrier === 'FedEx' ? `7961${number()}` : `94001${number()}${number()}` };
}
