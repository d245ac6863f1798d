/** What must be true of orders and of what is counted about them, recounted from the orders. */
import { expect } from 'vitest';
import { cohortId, overdueId } from '../../streams/operations/orders/cohort-state.ts';
import type { Order } from '../../streams/operations/states.ts';
import type { World } from './world.ts';

type Sum = { orders: number; amount: number; cost: number };

/** Cohorts hold the orders that name them, and what is overdue is the sum of the cohorts that are. */
export function expectSoundOrders(world: World): void {
  const orders = world.all('order');
  const expected = sumsOf(orders, (order) => order.awaits);
  for (const cohort of world.all('cohort')) {
    const id = cohortId(cohort.kind, cohort.node, cohort.due);
    const { orders: count, amount, cost } = cohort;
    expect({ orders: count, amount, cost }, id).toEqual(expected.get(id));
  }
  const holds = [...expected].filter(([id]) => id.startsWith('hold|'));
  const overdue = new Map<string, Sum>(holds);
  for (const { kind, node, overdue: isOver, ...sum } of world.all('cohort')) {
    if (isOver) add(overdue, overdueId({ kind, node, hold: '', channel: '' }), sum);
  }
  const told = world.all('overdue').map((state): [string, Sum] => {
    const { orders: count, amount, cost } = state;
    return [overdueId(state), { orders: count, amount, cost }];
  });
  expect(new Map(told.sort())).toEqual(new Map([...overdue].sort()));
  for (const order of orders) expectSoundHolds(order);
}

function expectSoundHolds(order: Order): void {
  const on = (order.holding?.reasons ?? []).filter(({ ons }) => ons.length > 0).map(({ hold }) => hold);
  expect(order.holds, `holds of ${order.order}`).toEqual(on);
  expect((order.holding?.aged ?? []).every((hold) => on.includes(hold))).toBe(true);
  if (order.holds.length === 0) expect(order.holding?.gaveBack ?? false).toBe(false);
}

/** Held orders that gave their stock back wait outside the queues. */
export const standsInQueue = (order: Order): boolean => order.holding?.gaveBack !== true;

function sumsOf(orders: Order[], ids: (order: Order) => string[]): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const order of orders) {
    const cost = order.lines.reduce((sum, line) => sum + line.quantity * line.unitCost, 0);
    for (const id of ids(order)) add(sums, id, { orders: 1, amount: order.amount, cost });
  }
  return sums;
}

function add(sums: Map<string, Sum>, id: string, { orders, amount, cost }: Sum): void {
  const known = sums.get(id) ?? { orders: 0, amount: 0, cost: 0 };
  sums.set(id, { orders: known.orders + orders, amount: known.amount + amount, cost: known.cost + cost });
}
