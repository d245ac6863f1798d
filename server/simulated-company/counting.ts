/** Cycle counts: what somebody finds in a bin becomes the record, right or wrong. */
import { nodes } from './company.ts';
import { DAY, HOUR } from './local-time.ts';
import { serveWaiting } from './waiting-lines.ts';
import type { World } from './world.ts';

/** Bins per node and day that are counted without a cause, at 6,000 orders a day. */
const ROUTINE_COUNTS_PER_DAY = 28;
const counters = ['M. Okafor', 'J. Alvarez', 'S. Whitcomb', 'T. Nguyen', 'R. Castellano', 'P. Lindqvist', 'D. Haddad'];

export type CountCause = 'routine' | 'suspicion' | 'pick-failure' | 'recount';

/**
 * @param cause why somebody counts
 * @param error units by which the counter is wrong
 */
export function countBin(world: World, node: number, item: number, cause: CountCause, error = 0): void {
  const { stock } = world;
  const cell = stock.at(node, item);
  const plan = nodes[node]!;
  // Units promised to orders lie on the same shelf; the count of what is free to sell leaves them out.
  const quantity = stock.sellable[cell]! + stock.gap(cell) + error;
  const at = world.now();
  const grown = quantity > stock.sellable[cell]!;
  stock.sellable[cell] = quantity;
  world.emit(plan.source, 'stock.counted', at, {
    sku: world.assortment.items[item]!.sku,
    node: plan.id,
    quantity,
    countedAt: new Date(at).toISOString(),
    cause,
    by: world.random.operations.pick(counters),
  });
  if (grown) serveWaiting(world, cell);
}

/** The day's round through the bins of the fast movers, spread over the working hours. */
export function planRoutineCounts(world: World, dayStart: number): void {
  const random = world.random.operations;
  const { byRank } = world.assortment;
  for (const [node, plan] of nodes.entries()) {
    const count = random.poisson((ROUTINE_COUNTS_PER_DAY * world.options.ordersPerDay) / 6_000);
    for (let i = 0; i < count; i++) {
      const item = byRank[Math.floor(random.next() ** 2 * byRank.length)]!;
      const at = world.nodeTime[node]!.nextOpen(dayStart + random.between(0, DAY), plan) + random.between(0, 2 * HOUR);
      if (world.stock.carried[world.stock.at(node, item)] === 1)
        world.at(at, () => countBin(world, node, item, 'routine'));
    }
  }
}
