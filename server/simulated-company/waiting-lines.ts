/** Units that come back into the record, and the accepted lines that have been waiting for them. */
import { queueForPicking } from './fulfilment.ts';
import type { World } from './world.ts';

/** To be called after the sellable stock of a cell has grown: the oldest waiting lines take it first. */
export function serveWaiting(world: World, cell: number): void {
  const queue = world.waiting.get(cell);
  if (queue === undefined) return;
  while (queue.length > 0) {
    const { order, line } = queue[0]!;
    if (order.state === 'open' && line.quantity > 0) {
      if (world.stock.sellable[cell]! < line.quantity) return;
      world.stock.allocate(cell, line.quantity);
      line.allocated = true;
      queueForPicking(world, order);
    }
    queue.shift();
  }
  world.waiting.delete(cell);
}

/** Good units arrive on the shelf and in the record. */
export function putAway(world: World, cell: number, quantity: number): void {
  world.stock.putAway(cell, quantity);
  serveWaiting(world, cell);
}
