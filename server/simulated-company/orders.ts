/** Orders: when they come, what is in the basket, and how they are accepted. */
import { AMAZON, channels, nodes, STORE, WHOLESALE } from './company.ts';
import { customerOf, orderId } from './customers.ts';
import { dispatch } from './fulfilment.ts';
import { DAY, HOUR, MINUTE } from './local-time.ts';
import { cancel, planLife } from './order-changes.ts';
import { fits, nodesInOrder } from './sourcing.ts';
import type { Line, Order, World } from './world.ts';

const LINES_MAX = 30;
const EDI_WINDOW_MS = 30 * MINUTE;

/** Plans the orders of one channel for the hour that begins at `begin`. */
export function planHour(world: World, channel: number, begin: number): void {
  const random = world.random.business;
  const expected = world.demand.ordersInHour(channel, world.channelTime[channel]!, begin);
  const count = random.poisson(expected);
  for (let i = 0; i < count; i++) {
    let at = begin + Math.floor(random.next() * HOUR);
    // The EDI mailbox is emptied twice an hour, so wholesale orders come in bunches.
    if (channel === WHOLESALE) at = Math.ceil(at / EDI_WINDOW_MS) * EDI_WINDOW_MS + random.int(2_000, 20_000);
    world.at(at, () => receiveOrder(world, channel));
  }
}

/**
 * A customer comes. Nothing is sold while the checkout is broken, and nothing that no node has.
 * @param item what they came for, if it is one thing
 */
export function receiveOrder(world: World, channel: number, item?: number): void {
  if (checkoutIsBroken(world, channel)) return;
  const wanted = item === undefined ? drawBasket(world, channel) : [{ item, quantity: 1 }];
  for (const node of nodesInOrder(world, channel)) {
    const enough = wanted.every((one) => fits(world, channel, node, one.item, one.quantity));
    if (enough) {
      place(world, channel, node, wanted);
      return;
    }
  }
  // No node has it all: customers take what is there and leave the rest.
  const [node] = nodesInOrder(world, channel) as [number];
  const kept = wanted.filter((one) => fits(world, channel, node, one.item, one.quantity));
  for (const one of wanted) {
    if (kept.includes(one)) continue;
    const { sku } = world.assortment.items[one.item]!;
    const details = { channel: channels[channel]!.id, units: one.quantity };
    world.truth({
      kind: 'lost-sale',
      at: world.now(),
      detectableAt: null,
      subject: `${sku}|${nodes[node]!.id}`,
      details,
    });
  }
  if (kept.length > 0) place(world, channel, node, kept);
}

function checkoutIsBroken(world: World, channel: number): boolean {
  const at = world.now();
  return world.closedCheckouts.some((one) => one.channel === channel && one.from <= at && at < one.until);
}

type Wanted = { item: number; quantity: number };

function drawBasket(world: World, channel: number): Wanted[] {
  const random = world.random.business;
  const lines = Math.min(LINES_MAX, 1 + random.poisson(channels[channel]!.extraLines));
  const basket: Wanted[] = [];
  for (let i = 0; i < lines; i++) {
    const item = world.demand.sample(channel, random);
    if (basket.some((one) => one.item === item)) continue;
    const { packSize } = world.assortment.items[item]!;
    const each = random.next();
    const retail = each < 0.83 ? 1 : each < 0.94 ? 2 : random.int(3, 4);
    basket.push({ item, quantity: channel === WHOLESALE ? random.int(1, 3) * Math.min(6, packSize) : retail });
  }
  return basket;
}

/** Accepts an order now. Lines beyond the node's stock wait; only an oversell asks for those. */
export function place(world: World, channel: number, node: number, wanted: Wanted[]): Order {
  const random = world.random.business;
  const plan = channels[channel]!;
  const { now, stock, assortment } = world;
  const at = now();
  const lines = wanted.map(({ item, quantity }, index): Line => {
    const cell = stock.at(node, item);
    const enough = channel === STORE || stock.sellable[cell]! - assortment.items[item]!.safetyStock >= quantity;
    if (enough) stock.allocate(cell, quantity);
    const unitPrice = world.demand.priceOf(channel, item, at);
    return { line: String(index + 1), item, quantity, unitPrice, allocated: enough, picked: 0 };
  });
  const shipBy = channel === STORE ? at : world.nodeTime[node]!.shipBy(at, nodes[node]!.cutOff, nodes[node]!);
  const order: Order = {
    id: orderId(world, channel),
    channel,
    node,
    placedAt: at,
    shipBy,
    lines,
    held: false,
    state: 'open',
  };
  const customer = customerOf(world, channel);
  world.emit(plan.source, 'order.placed', at, {
    order: order.id,
    channel: plan.id,
    currency: 'USD',
    country: 'US',
    ...customer,
    node: nodes[node]!.id,
    ...(channel === STORE
      ? {}
      : {
          shipBy: new Date(shipBy).toISOString(),
          deliverBy: new Date(shipBy + deliveryDays(channel) * DAY).toISOString(),
        }),
    lines: lines.map((line) => ({
      line: line.line,
      sku: assortment.items[line.item]!.sku,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
    })),
  });
  for (const line of lines) if (!line.allocated) waitForStock(world, order, line);
  if (channel === STORE) world.at(at + random.int(8_000, 25_000), () => handOver(world, order));
  else if (lines.some((line) => line.allocated)) planLife(world, order);
  return order;
}

function handOver(world: World, order: Order): void {
  const lines = order.lines.map((line) => {
    line.picked = world.stock.takeFromShelf(world.stock.at(order.node, line.item), line.quantity);
    return { line: line.line, quantity: line.quantity };
  });
  dispatch(world, order, lines);
}

function waitForStock(world: World, order: Order, line: Line): void {
  const cell = world.stock.at(order.node, line.item);
  const queue = world.waiting.get(cell) ?? [];
  queue.push({ order, line });
  world.waiting.set(cell, queue);
  world.at(world.now() + world.random.operations.between(20, 54) * HOUR, () => {
    if (order.state === 'open' && !line.allocated) cancel(world, order, 'stock');
  });
}

const deliveryDays = (channel: number) => (channel === AMAZON ? 3 : channel === WHOLESALE ? 7 : 5);
