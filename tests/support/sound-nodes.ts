/** What must hold of nodes in any states: their load is the open work of the orders, and an impairment is theirs. */
import { expect } from 'vitest';
import { LOAD_SLOT_MS, workOf } from '../../streams/operations/nodes/node-load.ts';
import type { LoadSlot } from '../../streams/operations/nodes/node-load-state.ts';
import type { World } from './world.ts';

export function expectSoundNodes(world: World): void {
  expect(
    Object.fromEntries(
      world
        .all('node-load')
        .filter((load) => load.slots.length > 0)
        .map((load) => [load.node, load.slots]),
    ),
  ).toEqual(countedLoad(world));
  for (const load of world.all('node-load')) {
    expect(load.slots.map(({ slot }) => slot)).toEqual(load.slots.map(({ slot }) => slot).sort((a, b) => a - b));
    const impairment = load.impaired && world.get('impairment', load.impaired.impairment);
    if (load.impaired !== null) expect(impairment).toMatchObject({ node: load.node, endedAt: 0 });
  }
  const open = world.all('impairment').filter((impairment) => impairment.endedAt === 0);
  expect(open.map((impairment) => impairment.node).sort()).toEqual(
    world
      .all('node-load')
      .filter((load) => load.impaired !== null)
      .map((load) => load.node)
      .sort(),
  );
}

/** The load counted from nothing. */
function countedLoad(world: World): Record<string, LoadSlot[]> {
  const found: Record<string, LoadSlot[]> = {};
  for (const order of world.all('order')) {
    const slot = Math.floor((order.shipBy > 0 ? order.shipBy : order.placedAt) / LOAD_SLOT_MS);
    for (const work of workOf(order)) {
      found[work.node] ??= [];
      const slots = found[work.node]!;
      const here = slots.find((known) => known.slot === slot) ?? {
        slot,
        lines: 0,
        released: 0,
        orders: 0,
        margin: 0,
        channels: {},
      };
      if (here.orders === 0) slots.push(here);
      here.lines += work.lines;
      here.released += work.released;
      here.margin += work.margin;
      here.orders += 1;
      here.channels[order.channel] = (here.channels[order.channel] ?? 0) + 1;
    }
  }
  for (const slots of Object.values(found)) slots.sort((a, b) => a.slot - b.slot);
  return found;
}
