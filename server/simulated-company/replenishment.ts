/** How stock comes in: reorder point and quantity per node and SKU, suppliers who take their time, trucks between nodes. */
import { seasonFactor } from './calendar.ts';
import { nodes } from './company.ts';
import { DAY, HOUR } from './local-time.ts';
import { releaseQuarantine } from './returns.ts';
import type { Supplier } from './suppliers.ts';
import { putAway } from './waiting-lines.ts';
import type { World } from './world.ts';

const SAFETY_FACTOR = 1.65;
const REVIEW_DAYS = 1;
const COVER_DAYS = { A: 12, B: 21, C: 60 } as const;
const INSPECTED_SHARE = 0.03;
const SHORT_SHIPPED_SHARE = 0.04;
const LINES_PER_TRUCK_MINUTE = 2;

/** Reorder point and order quantity (s, Q) of a stock cell, for the demand of this time of the year. */
export function reorderRule(world: World, node: number, item: number, at: number): { point: number; quantity: number } {
  const { abc, packSize, supplier, safetyStock } = world.assortment.items[item]!;
  const daily = dailyDemand(world, node, item) * seasonFactor(at);
  const { leadDays, leadVariation } = leadTimeOf(world, node, supplier);
  const cover = leadDays + REVIEW_DAYS;
  // Orders come one by one, so the variance of a day's demand is about its mean, and more for wholesale quantities.
  const deviation = Math.sqrt(cover * daily * 2.5 + (daily * leadDays * leadVariation) ** 2);
  const point = Math.ceil(daily * cover + SAFETY_FACTOR * deviation) + safetyStock + 1;
  const quantity = Math.max(1, Math.ceil((daily * COVER_DAYS[abc]) / packSize)) * packSize;
  return { point, quantity };
}

function dailyDemand(world: World, node: number, item: number): number {
  const { demand, stock } = world;
  let daily = demand.unitsPerDay[stock.at(node, item)]!;
  for (const [other, plan] of nodes.entries()) {
    if (plan.refilledBy === node) daily += demand.unitsPerDay[stock.at(other, item)]!;
  }
  return daily;
}

export function leadTimeOf(world: World, node: number, supplier: number): { leadDays: number; leadVariation: number } {
  const { refilledBy, transferDays } = nodes[node]!;
  if (refilledBy !== undefined) return { leadDays: transferDays, leadVariation: 0.2 };
  return world.assortment.suppliers[supplier]!;
}

/** The evening's look at every position: what has fallen to its reorder point is ordered. */
export function reviewNode(world: World, node: number): void {
  const { stock, assortment } = world;
  const bySupplier = new Map<number, { item: number; quantity: number }[]>();
  for (const [item, { supplier }] of assortment.items.entries()) {
    const cell = stock.at(node, item);
    if (stock.carried[cell] === 0) continue;
    const queued = world.waiting.get(cell)?.reduce((sum, { line }) => sum + line.quantity, 0) ?? 0;
    const position = stock.sellable[cell]! + stock.expected[cell]! - queued;
    const { point, quantity } = reorderRule(world, node, item, world.now());
    if (position > point) continue;
    const times = Math.max(1, Math.ceil((point - position) / quantity));
    const list = bySupplier.get(supplier) ?? [];
    list.push({ item, quantity: quantity * times });
    bySupplier.set(supplier, list);
  }
  const parent = nodes[node]!.refilledBy;
  if (parent !== undefined) return sendTransfer(world, parent, node, [...bySupplier.values()].flat());
  for (const [supplier, lines] of bySupplier) {
    const { leadDays, leadVariation } = assortment.suppliers[supplier]!;
    const days = world.random.operations.lognormal(leadDays, leadVariation);
    for (const { item, quantity } of lines) stock.expected[stock.at(node, item)]! += quantity;
    const namedAt = world.now() + namedDays(assortment.suppliers[supplier]!) * DAY;
    planReceipt(world, node, { namedAt, dueAt: world.now() + Math.max(1, days) * DAY }, lines);
  }
}

const namedDays = ({ leadDays, leadVariation, caution }: Supplier): number =>
  leadDays * Math.exp(leadVariation * caution);

/** The date that was named, by the supplier's caution, for what turns out to come at `dueAt`. */
export function namedBefore(world: World, supplier: number, dueAt: number): number {
  const plan = world.assortment.suppliers[supplier]!;
  const took = world.random.supply.lognormal(plan.leadDays, plan.leadVariation);
  return dueAt - (took - namedDays(plan)) * DAY;
}

/**
 * The supplier has said when it will come, and comes when it does.
 * @param dueAt when its truck comes, unless the dock is closed then
 */
export function planReceipt(
  world: World,
  node: number,
  { namedAt, dueAt }: { namedAt: number; dueAt: number },
  lines: { item: number; quantity: number }[],
): void {
  const { items, suppliers } = world.assortment;
  const purchaseOrder = `PO-${45_000 + world.count('purchase order')}`;
  const dock = { ...nodes[node]!, closesAt: 15 };
  const supplier = suppliers[items[lines[0]!.item]!.supplier]!.id;
  const expectedAt = new Date(Math.round(world.nodeTime[node]!.nextOpen(namedAt, dock))).toISOString();
  world.emit('erp', 'purchase-order.confirmed', world.now(), {
    purchaseOrder,
    supplier,
    lines: lines.map(({ item, quantity }, index) => {
      const { sku, unitCost } = items[item]!;
      return { line: String(index + 1), sku, node: nodes[node]!.id, quantity, expectedAt, unitCost };
    }),
  });
  const arrival = world.nodeTime[node]!.nextOpen(dueAt, dock) + world.random.operations.between(0, 90) * 60_000;
  lines.forEach((line, index) => {
    world.at(arrival + (index / LINES_PER_TRUCK_MINUTE) * 60_000, () => receive(world, node, purchaseOrder, line));
  });
}

function receive(world: World, node: number, purchaseOrder: string, line: { item: number; quantity: number }): void {
  const random = world.random.operations;
  const cell = world.stock.at(node, line.item);
  const { sku, unitCost, packSize } = world.assortment.items[line.item]!;
  world.stock.expected[cell]! -= line.quantity;
  const short = random.chance(SHORT_SHIPPED_SHARE) ? Math.min(line.quantity - 1, random.int(1, 2) * packSize) : 0;
  const quantity = line.quantity - short;
  const inspected = random.chance(INSPECTED_SHARE);
  world.emit(nodes[node]!.source, 'stock.received', world.now(), {
    sku,
    node: nodes[node]!.id,
    quantity,
    from: 'supplier',
    into: inspected ? 'quarantined' : 'sellable',
    unitCost,
    purchaseOrder,
  });
  if (!inspected) return putAway(world, cell, quantity);
  world.stock.aside[cell]! += quantity;
  world.at(world.now() + random.between(3, 26) * HOUR, () => releaseQuarantine(world, node, line.item, quantity));
}

function sendTransfer(world: World, from: number, to: number, lines: { item: number; quantity: number }[]): void {
  const { stock, assortment, random } = world;
  if (lines.length === 0) return;
  const transfer = `TR-${7_000 + world.count('transfer')}`;
  const leaves = world.nodeTime[from]!.nextOpen(world.now() + 2 * HOUR, nodes[from]!);
  const days = nodes[to]!.transferDays * random.operations.between(0.8, 1.3);
  const arrives =
    world.nodeTime[to]!.nextOpen(leaves + days * DAY, nodes[to]!) + random.operations.between(0, 2) * HOUR;
  const expectedAt = new Date(Math.round(leaves + nodes[to]!.transferDays * DAY)).toISOString();
  lines.forEach(({ item, quantity: wanted }, index) => {
    const step = (index / LINES_PER_TRUCK_MINUTE) * 60_000;
    const source = stock.at(from, item);
    stock.expected[stock.at(to, item)]! += wanted;
    world.at(leaves + step, () => {
      const free = Math.min(
        stock.sellable[source]!,
        stock.shelf[source]! - stock.allocated[source]! + stock.staged[source]!,
      );
      const quantity = Math.min(wanted, free - assortment.items[item]!.safetyStock);
      stock.expected[stock.at(to, item)]! += Math.max(0, quantity) - wanted;
      if (quantity <= 0) return;
      const data = {
        transfer,
        sku: assortment.items[item]!.sku,
        quantity,
        fromNode: nodes[from]!.id,
        toNode: nodes[to]!.id,
      };
      stock.takeAway(source, quantity);
      world.emit(nodes[from]!.source, 'stock.transferred', world.now(), { ...data, stage: 'sent', expectedAt });
      world.at(Math.max(arrives + step, world.now() + HOUR), () => {
        world.emit(nodes[to]!.source, 'stock.transferred', world.now(), { ...data, stage: 'received' });
        stock.expected[stock.at(to, item)]! -= quantity;
        putAway(world, stock.at(to, item), quantity);
      });
    });
  });
}
