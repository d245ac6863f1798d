/** Goods that come back, who judges them, and what becomes of them. */
import { channels, nodes, PORTLAND, STORE } from './company.ts';
import { DAY, HOUR, MINUTE } from './local-time.ts';
import { putAway } from './waiting-lines.ts';
import type { Order, World } from './world.ts';

const reasons = [
  'changed mind',
  'changed mind',
  'not as pictured',
  'damaged in transit',
  'wrong size',
  'gift',
  'defective',
];
/** Returns of orders that were placed before the simulated time began fade out over this many days. */
const EARLIER_RETURNS_DAYS = 12;
/** Returns on a day in the long run, as a share of orders. */
const RETURNS_SHARE = 0.07;

type Returned = { line?: string; item: number; quantity: number; reason: string };

/** To be called when an order was delivered: some of it may come back. */
export function considerReturn(world: World, order: Order): void {
  const random = world.random.business;
  if (!random.chance(channels[order.channel]!.returnRate)) return;
  const { line, item, picked, unitPrice } = random.pick(order.lines.filter((one) => one.picked > 0));
  const quantity = random.chance(0.8) ? picked : Math.max(1, Math.floor(picked / 2));
  const node = order.channel === STORE || random.chance(0.07) ? PORTLAND : order.node;
  const at = world.now() + random.between(2.5, 13) * DAY;
  world.at(world.nodeTime[node]!.nextOpen(at, nodes[node]!) + random.between(0, 4 * HOUR), () => {
    const back = [{ line, item, quantity, reason: random.pick(reasons) }];
    receiveReturn(world, node, back, order.id, () =>
      world.emit(channels[order.channel]!.source, 'order.refunded', world.now(), {
        order: order.id,
        amount: unitPrice * quantity,
        currency: 'USD',
        lines: [{ line, quantity }],
      }),
    );
  });
}

/** The first days also see returns of orders that nobody told us about. */
export function planEarlierReturns(world: World, dayStart: number): void {
  const random = world.random.business;
  const age = (dayStart - world.from) / DAY;
  const share = Math.max(0, 1 - age / EARLIER_RETURNS_DAYS) * RETURNS_SHARE;
  const count = share > 0 ? random.poisson(world.options.ordersPerDay * share) : 0;
  for (let i = 0; i < count; i++) {
    const node = random.pick([0, 0, 1, 1, 2]);
    const item = world.demand.sample(0, random);
    const at =
      world.nodeTime[node]!.nextOpen(dayStart + random.between(0, DAY), nodes[node]!) + random.between(0, 4 * HOUR);
    world.at(at, () =>
      receiveReturn(world, node, [{ item, quantity: 1, reason: random.pick(reasons) }], undefined, () => {}),
    );
  }
}

function receiveReturn(
  world: World,
  node: number,
  lines: Returned[],
  order: string | undefined,
  settled: () => void,
): void {
  const { source, id } = nodes[node]!;
  const random = world.random.operations;
  const name = `RMA-${100_000 + world.count('return')}`;
  for (const { item, quantity } of lines) world.stock.aside[world.stock.at(node, item)]! += quantity;
  world.emit(source, 'return.received', world.now(), {
    return: name,
    node: id,
    ...(order === undefined ? {} : { order }),
    lines: lines.map(({ item, ...line }) => ({ ...line, sku: world.assortment.items[item]!.sku })),
  });
  const judgedAt = world.nodeTime[node]!.nextOpen(world.now() + random.lognormal(5 * HOUR, 0.9), nodes[node]!);
  world.at(judgedAt + random.between(1, 40) * MINUTE, () => {
    judge(world, node, name, lines);
    world.at(world.now() + random.between(1, 20) * MINUTE, settled);
  });
}

function judge(world: World, node: number, name: string, lines: Returned[]): void {
  const random = world.random.operations;
  const judged = lines.map(({ item, quantity, reason }) => {
    const broken = reason === 'defective' || reason === 'damaged in transit';
    const drawn = random.next() + (broken ? 0.75 : 0);
    const to = drawn < 0.86 ? 'sellable' : drawn < 0.9 ? 'quarantined' : drawn < 1.5 ? 'damaged' : 'loss';
    return { item, quantity, to } as const;
  });
  const sku = (item: number) => world.assortment.items[item]!.sku;
  world.emit(nodes[node]!.source, 'return.judged', world.now(), {
    return: name,
    node: nodes[node]!.id,
    lines: judged.map(({ item, quantity, to }) => ({ sku: sku(item), quantity, to })),
  });
  for (const { item, quantity, to } of judged) {
    const cell = world.stock.at(node, item);
    if (to === 'sellable' || to === 'loss') world.stock.aside[cell]! -= quantity;
    if (to === 'sellable') putAway(world, cell, quantity);
    if (to === 'quarantined')
      world.at(world.now() + random.between(1, 3) * DAY, () => releaseQuarantine(world, node, item, quantity));
  }
}

/** Quality had a look and found nothing wrong. */
export function releaseQuarantine(world: World, node: number, item: number, quantity: number): void {
  const cell = world.stock.at(node, item);
  world.emit(nodes[node]!.source, 'stock.condition-changed', world.now(), {
    sku: world.assortment.items[item]!.sku,
    node: nodes[node]!.id,
    quantity,
    from: 'quarantined',
    to: 'sellable',
    reason: 'quality released',
  });
  world.stock.aside[cell]! -= quantity;
  putAway(world, cell, quantity);
}
