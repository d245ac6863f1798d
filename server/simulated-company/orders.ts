/** Customers: what they order and where it ships from, what they change, and what holds an order up. */
import { AMAZON, BOSTON, channels, nodes, RENO, STORE, WEB, WHOLESALE } from './company.ts';
import { dispatch, queueForPicking } from './fulfilment.ts';
import { DAY, HOUR, MINUTE } from './local-time.ts';
import type { Line, Order, World } from './world.ts';

const LINES_MAX = 30;
const EDI_WINDOW_MS = 30 * MINUTE;
const wholesaleCustomers = [
  'Fieldstone Mercantile',
  'The Gray Barn',
  'Larkspur & Co.',
  'Old Mill Home',
  'Harvest House',
  'Cobblestone Living',
  'Pine Street Provisions',
  'Wren & Thistle',
  'North Shore Interiors',
  'Hearth Supply',
  'Bluebird General Store',
  'Tern Cottage',
  'Summit Outfitters',
  'Marigold Home',
  'Stonewall Trading',
  'Ridgeline Hotels',
  'Captain Daniel Inn',
  'Loom & Ladder',
];

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

function nodesInOrder(world: World, channel: number): number[] {
  if (channel !== WEB && channel !== WHOLESALE) return channels[channel]!.nodes;
  return world.random.business.chance(channel === WEB ? 0.58 : 0.5) ? [BOSTON, RENO] : [RENO, BOSTON];
}

/** Whether the channel would sell it from there: the shop by the record, a till by what the customer holds in the hand. */
function fits(world: World, channel: number, node: number, item: number, quantity: number): boolean {
  const { stock } = world;
  const cell = stock.at(node, item);
  if (channel === STORE) return stock.shelf[cell]! - (stock.allocated[cell]! - stock.staged[cell]!) >= quantity;
  const { safetyStock } = world.assortment.items[item]!;
  if (stock.sellable[cell]! - safetyStock < quantity) return false;
  const { nodes: served, buffer } = channels[channel]!;
  let promised = -buffer;
  for (const one of served) {
    const other = stock.at(one, item);
    if (stock.carried[other] === 1) promised += stock.sellable[other]! - safetyStock;
  }
  return promised >= quantity;
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

/** What happens to an accepted order before its picking: a hold, an edit, a change of mind, or nothing. */
function planLife(world: World, order: Order): void {
  const random = world.random.business;
  const fate = random.next();
  const soon = world.now() + random.between(2, 26) * MINUTE;
  if (fate < 0.014) return hold(world, order);
  queueForPicking(world, order);
  if (fate < 0.036) world.at(soon, () => cancel(world, order, 'customer'));
  else if (fate < 0.046) world.at(soon, () => edit(world, order));
}

function hold(world: World, order: Order): void {
  const random = world.random.business;
  const reason = random.pick(['fraud', 'fraud', 'payment', 'payment', 'address'] as const);
  order.held = true;
  world.at(world.now() + random.int(3_000, 40_000), () =>
    world.emit(channels[order.channel]!.source, 'order.held', world.now(), { order: order.id, hold: reason }),
  );
  world.at(world.now() + random.lognormal(55 * MINUTE, 0.9), () => {
    if (reason === 'fraud' && random.chance(0.3)) return cancel(world, order, 'fraud');
    order.held = false;
    world.emit(channels[order.channel]!.source, 'order.released', world.now(), { order: order.id, hold: reason });
    queueForPicking(world, order);
  });
}

/** One line gets one unit less, or one more when the node has it. */
function edit(world: World, order: Order): void {
  if (order.state !== 'open') return;
  const line = world.random.business.pick(order.lines);
  const cell = world.stock.at(order.node, line.item);
  const more = line.quantity === 1 || world.random.business.chance(0.5);
  if (!line.allocated || (more && !fits(world, order.channel, order.node, line.item, 1))) return;
  if (more) world.stock.allocate(cell, 1);
  else world.stock.release(cell, 1);
  line.quantity += more ? 1 : -1;
  if (!more) world.freed(cell);
  const { sku } = world.assortment.items[line.item]!;
  world.emit(channels[order.channel]!.source, 'order.edited', world.now(), {
    order: order.id,
    lines: [{ line: line.line, sku, quantity: line.quantity, unitPrice: line.unitPrice }],
  });
}

function cancel(world: World, order: Order, reason: 'customer' | 'fraud' | 'stock'): void {
  if (order.state !== 'open') return;
  order.state = 'cancelled';
  for (const line of order.lines) {
    const cell = world.stock.at(order.node, line.item);
    if (!line.allocated) continue;
    world.stock.release(cell, line.quantity);
    world.freed(cell);
  }
  world.emit(channels[order.channel]!.source, 'order.cancelled', world.now(), { order: order.id, reason });
}

const deliveryDays = (channel: number) => (channel === AMAZON ? 3 : channel === WHOLESALE ? 7 : 5);

function orderId(world: World, channel: number): string {
  const number = world.count(`order ${channel}`);
  if (channel === WEB) return `HP${500_000 + number}`;
  if (channel === AMAZON) {
    const digits = String(number * 7_919 + 3_000_000).padStart(7, '0');
    return `11${1 + (number % 4)}-${digits.slice(-7)}-${String(1_000_000 + number)}`;
  }
  return channel === WHOLESALE ? `EDI-${80_000 + number}` : `PDX-${200_000 + number}`;
}

function customerOf(world: World, channel: number): { customer?: string; segment: string; priority?: number } {
  const random = world.random.business;
  if (channel === WHOLESALE) return { customer: random.pick(wholesaleCustomers), segment: 'trade', priority: 7 };
  if (channel === STORE) return { segment: 'walk-in' };
  const customer = `C-${random.int(10_000, 99_999)}`;
  if (channel === AMAZON) return { customer, segment: random.chance(0.7) ? 'prime' : 'standard' };
  const drawn = random.next();
  return drawn < 0.06
    ? { customer, segment: 'vip', priority: 8 }
    : { customer, segment: drawn < 0.5 ? 'returning' : 'new' };
}
