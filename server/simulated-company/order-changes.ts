/** What customers and the office do to an order after it was accepted. */
import { channels } from './company.ts';
import { queueForPicking } from './fulfilment.ts';
import { MINUTE } from './local-time.ts';
import { fits } from './sourcing.ts';
import type { Order, World } from './world.ts';

/** What happens to an accepted order before its picking: a hold, an edit, a change of mind, or nothing. */
export function planLife(world: World, order: Order): void {
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

export function cancel(world: World, order: Order, reason: 'customer' | 'fraud' | 'stock'): void {
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
