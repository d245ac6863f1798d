/** What the systems say they have, unasked: channels what they sell from, warehouses what they count as on hand. */
import { AMAZON, channels, nodes, type SourceId, STORE, sourceIds, sources, WEB } from './company.ts';
import { MINUTE } from './local-time.ts';
import type { World } from './world.ts';

/** Every source states something at least this often, so that silence means trouble also at night. */
const BEAT_MS = 10 * MINUTE;
/** SKUs a busy channel states in each beat at 6,000 orders a day. */
const CHANNEL_LINES_PER_BEAT = 9;

export function startAssertions(world: World): void {
  for (const [index, source] of sourceIds.entries())
    world.at(world.from + (index + 1) * 61_000, () => beat(world, source));
}

function beat(world: World, source: SourceId): void {
  const random = world.random.operations;
  const channel = channels.findIndex((one) => one.source === source);
  const busy = channel === WEB || channel === AMAZON;
  const lines = busy ? Math.max(1, Math.round((CHANNEL_LINES_PER_BEAT * world.options.ordersPerDay) / 6_000)) : 2;
  for (let i = 0; i < lines; i++) {
    const sampleOf = channel < 0 ? WEB : channel;
    const item = world.demand.sample(sampleOf, random);
    const node = channel >= 0 ? random.pick(channels[channel]!.nodes) : nodeOf(source, random.int(0, 1));
    if (world.stock.carried[world.stock.at(node, item)] === 0) continue;
    if (channel >= 0 && channel !== STORE) assertAvailable(world, source, node, item, 0);
    else assertOnHand(world, source, node, item);
  }
  world.at(world.now() + BEAT_MS + random.int(-20_000, 20_000), () => beat(world, source));
}

/** @param drift units by which the channel is wrong */
export function assertAvailable(world: World, source: SourceId, node: number, item: number, drift: number): void {
  const { sku, safetyStock } = world.assortment.items[item]!;
  const quantity = world.stock.sellable[world.stock.at(node, item)]! - safetyStock + drift;
  const data = { sku, node: nodes[node]!.id, measure: 'available', quantity, policy: 'advisory' } as const;
  world.emit(source, 'stock.asserted', world.now(), data);
}

function assertOnHand(world: World, source: SourceId, node: number, item: number): void {
  const { stock } = world;
  const cell = stock.at(node, item);
  const quantity = stock.sellable[cell]! + stock.allocated[cell]! + stock.aside[cell]!;
  const { sku } = world.assortment.items[item]!;
  const data = { sku, node: nodes[node]!.id, measure: 'on-hand', quantity, policy: 'advisory' } as const;
  world.emit(source, 'stock.asserted', world.now(), data);
}

function nodeOf(source: SourceId, other: number): number {
  const plan = sources[source];
  const index = 'node' in plan ? nodes.findIndex((node) => node.id === plan.node) : -1;
  return index >= 0 ? index : other;
}
