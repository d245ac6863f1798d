/** The flow in memory: states in maps, events one by one, and everything that must be true of the states afterwards. */
import { expect } from 'vitest';
import { type Bucket, buckets } from '../../streams/events/fields.ts';
import { openUnits } from '../../streams/operations/orders/order-life.ts';
import type { Item, Order } from '../../streams/operations/states.ts';
import { unitCostOf } from '../../streams/operations/stock/costing.ts';
import { hasMoved, onHand } from '../../streams/operations/stock/stock.ts';
import { nodeAtp } from '../../streams/policies/available-to-promise.ts';
import { expectSoundAccuracy } from './sound-accuracy.ts';
import { expectSoundActions } from './sound-actions.ts';
import { expectExceptions } from './sound-exceptions.ts';
import { expectSoundNodes } from './sound-nodes.ts';
import { expectSoundOrders, standsInQueue } from './sound-orders.ts';
import { expectSoundPromises } from './sound-promises.ts';
import { expectSoundStock } from './sound-stock.ts';
import type { World } from './world.ts';

export * from './world.ts';

/** Checks everything that must hold of any states, however they came about. */
export function expectSound(world: World): void {
  const orders = world.all('order');
  expectConservation(world);
  for (const order of orders) {
    for (const line of order.lines) {
      const reserved = line.allocated.reduce((sum, [, units]) => sum + units, 0);
      expect(reserved + line.waiting, `open units of ${order.order}/${line.line}`).toBe(openUnits(line));
      expect(line.allocated.every(([, units]) => units > 0)).toBe(true);
    }
  }
  for (const stock of world.all('stock')) {
    expect(stock.reserved, `reserved at ${stock.node} of ${stock.sku}`).toBe(
      reservedAt(orders, stock.sku, stock.node) + heldAt(world, stock.sku, stock.node),
    );
    expect(stock.leakedBy !== null || stock.allocated === stock.reserved, `${stock.sku} leaks unnamed`).toBe(true);
  }
  for (const ledger of world.all('ledger')) {
    const waiting = orders
      .filter(standsInQueue)
      .flatMap((order) => order.lines.filter((line) => line.sku === ledger.sku && line.waiting > 0));
    expect(sum(ledger.waiting.map((entry) => entry.quantity))).toBe(sum(waiting.map((line) => line.waiting)));
    expect(ledger.waitingUnits).toBe(sum(waiting.map((line) => line.waiting)));
  }
  expectTotals(world);
  expectSoundStock(world);
  expectSoundAccuracy(world);
  expectOpenWork(world, orders);
  expectSoundNodes(world);
  expectSoundOrders(world);
  expectSoundPromises(world);
  expectExceptions(world);
  expectSoundActions(world);
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function expectConservation(world: World): void {
  for (const ledger of world.all('ledger')) {
    const inside = world.all('stock').filter((stock) => stock.sku === ledger.sku);
    const units = sum(inside.flatMap((stock) => buckets.map((bucket: Bucket) => stock[bucket])));
    expect(units + ledger.supplier + ledger.customer + ledger.loss + ledger.unknown, `units of ${ledger.sku}`).toBe(0);
  }
}

const reservedAt = (orders: Order[], sku: string, node: string): number =>
  sum(
    orders.flatMap((order) =>
      order.lines
        .filter((line) => line.sku === sku)
        .flatMap((line) => line.allocated.filter(([at]) => at === node).map(([, units]) => units)),
    ),
  );

const heldAt = (world: World, sku: string, node: string): number =>
  sum(
    world
      .all('reservation')
      .filter((reservation) => reservation.sku === sku && reservation.status === 'held')
      .flatMap((reservation) => reservation.held.filter(([at]) => at === node).map(([, units]) => units)),
  );

function expectTotals(world: World): void {
  for (const totals of world.all('totals')) {
    const records = world.all('stock').filter((stock) => stock.node === totals.node && hasMoved(stock));
    const item = (sku: string): Item | undefined => world.get('item', sku);
    expect(totals).toEqual({
      node: totals.node,
      onHand: sum(records.map(onHand)),
      value: sum(records.map((stock) => onHand(stock) * unitCostOf(world.draft(), stock.sku))),
      records: records.length,
      shortRecords: records.filter((stock) => nodeAtp(stock, item(stock.sku)) <= 0).length,
      atp: sum(records.map((stock) => nodeAtp(stock, item(stock.sku)))),
    });
  }
}

function expectOpenWork(world: World, orders: Order[]): void {
  const open = orders.filter((order) => order.open);
  expect(open).toEqual(orders.filter((order) => order.lines.some((line) => openUnits(line) > 0)));
  for (const backlog of world.all('backlog')) {
    const own = open.filter((order) => order.channel === backlog.channel && order.node === backlog.node);
    expect(backlog.orders).toBe(own.length);
    expect(backlog.heldOrders).toBe(own.filter((order) => order.holds.length > 0).length);
    expect(sum(Object.values(backlog.lines))).toBe(
      sum(own.map((order) => order.lines.filter((line) => openUnits(line) > 0).length)),
    );
  }
  expect(sum(world.all('backlog').map((backlog) => backlog.orders))).toBe(open.length);
  expect(sum(world.all('wave').map((wave) => wave.orders))).toBe(open.filter((order) => order.shipBy > 0).length);
}
