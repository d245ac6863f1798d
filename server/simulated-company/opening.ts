/** The first minute: the company says who it is, what it sells and what lies on its shelves. */
import {
  channels,
  companyCurrency,
  companyName,
  companyTimeZone,
  nodes,
  SILENT_AFTER_MINUTES,
  sourceIds,
  sources,
} from './company.ts';
import { linesPerDay } from './demand.ts';
import { PICKING_ENDS_BEFORE_CLOSE_HOURS } from './fulfilment.ts';
import { DAY } from './local-time.ts';
import { leadTimeOf, namedBefore, planReceipt, reorderRule } from './replenishment.ts';
import type { World } from './world.ts';

const CREW_HEADROOM = 1.3;
const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
/** More than this many deliveries of one SKU are never on their way at once. */
const DELIVERIES_UNDERWAY_MAX = 4;

export function openCompany(world: World): void {
  const at = world.from;
  world.emit('erp', 'workspace.configured', at, {
    name: companyName,
    currency: companyCurrency,
    timeZone: companyTimeZone,
    simulated: true,
    mode: 'decide',
  });
  for (const source of sourceIds) {
    const { latencyMs, ...plan } = sources[source];
    world.emit('erp', 'source.defined', at, { source, ...plan, silentAfterMinutes: SILENT_AFTER_MINUTES });
  }
  for (const [index, plan] of nodes.entries()) {
    const { id, name, kind, timeZone, cutOff, workdays } = plan;
    const picksUntil = plan.closesAt - PICKING_ENDS_BEFORE_CLOSE_HOURS;
    const hours = picksUntil - plan.opensAt;
    const worksFrom = { opensAt: clock(plan.opensAt), closesAt: clock(picksUntil) };
    const lines = Math.max(
      4,
      Math.ceil((linesPerDay(index, world.options.ordersPerDay) / hours) * CREW_HEADROOM * (7 / workdays.length)),
    );
    world.crews[index]!.linesPerHour = lines;
    world.emit('erp', 'node.defined', at, {
      node: id,
      name,
      kind,
      timeZone,
      cutOff,
      workdays,
      ...worksFrom,
      linesPerHour: lines,
    });
  }
  for (const { id, name, kind, nodes: served, buffer, penalty } of channels) {
    const kindOf = { channel: id, name, kind, currency: companyCurrency, buffer, penalty };
    world.emit('erp', 'channel.defined', at, { ...kindOf, nodes: served.map((node) => nodes[node]!.id) });
  }
  for (const item of world.assortment.items) {
    const { sku, name, category, unitCost, unitPrice, abc, safetyStock, packSize, supplier } = item;
    const data = { sku, name, category, unitCost, unitPrice, abc, safetyStock, packSize };
    world.emit('erp', 'item.defined', at, { ...data, supplier: world.assortment.suppliers[supplier]!.id });
  }
  for (const node of nodes.keys()) stockUp(world, node);
}

/**
 * Stock as it stands in the middle of a year's business: the position lies anywhere between reorder point and the next
 * order, and what was ordered within the lead time is still on its way.
 */
function stockUp(world: World, node: number): void {
  const { stock, assortment, random } = world;
  for (const [item, { sku, supplier, unitCost, safetyStock }] of assortment.items.entries()) {
    const cell = stock.at(node, item);
    if (stock.carried[cell] === 0) continue;
    const { point, quantity } = reorderRule(world, node, item, world.from);
    const used = random.business.next();
    let left = point + Math.ceil(quantity * (1 - used));
    if (nodes[node]!.refilledBy === undefined) {
      const { leadDays } = leadTimeOf(world, node, supplier);
      const cycleDays = Math.max(1, (quantity / Math.max(1, point)) * (leadDays + 1));
      for (let k = 0; k < DELIVERIES_UNDERWAY_MAX; k++) {
        const orderedDaysAgo = (used + k) * cycleDays;
        if (orderedDaysAgo >= leadDays || left - quantity <= safetyStock) break;
        left -= quantity;
        stock.expected[cell]! += quantity;
        const dueAt = world.from + (leadDays - orderedDaysAgo) * DAY;
        planReceipt(world, node, { namedAt: namedBefore(world, supplier, dueAt), dueAt }, [{ item, quantity }]);
      }
    }
    stock.putAway(cell, left);
    world.emit('erp', 'stock.adjusted', world.from, {
      sku,
      node: nodes[node]!.id,
      quantity: left,
      reason: 'opening',
      against: 'supplier',
      unitCost,
    });
  }
}
