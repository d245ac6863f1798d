/** Which node an order ships from, and whether the channel would sell the goods from there. */
import { BOSTON, channels, RENO, STORE, WEB, WHOLESALE } from './company.ts';
import type { World } from './world.ts';

/** Nodes in the order in which this customer's order asks them: the shop and the trade by where the customer lives. */
export function nodesInOrder(world: World, channel: number): number[] {
  if (channel !== WEB && channel !== WHOLESALE) return channels[channel]!.nodes;
  return world.random.business.chance(channel === WEB ? 0.58 : 0.5) ? [BOSTON, RENO] : [RENO, BOSTON];
}

/** Whether the channel would sell it from there: the shop by the record, a till by what the customer holds in the hand. */
export function fits(world: World, channel: number, node: number, item: number, quantity: number): boolean {
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
