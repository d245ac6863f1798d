/** What must hold of queues, expected receipts and what channels were told, however they came about. */
import { expect } from 'vitest';
import { outstanding } from '../../streams/operations/purchasing/purchase-order-receipts.ts';
import type { World } from './world.ts';

export function expectSoundPromises(world: World): void {
  expectQueuesInTurn(world);
  expectReceiptsAsOrdered(world);
  const versions = world.all('availability').map(({ version }) => version);
  expect(new Set(versions).size, 'versions told to channels').toBe(versions.length);
}

/** A queue is served from its front: rank first, then age. */
function expectQueuesInTurn(world: World): void {
  for (const { sku, waiting } of world.all('ledger')) {
    const turns = waiting.map(({ rank, since, order, line }) => [rank, since, order, line] as const);
    const sorted = [...turns].sort(
      (a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : a[3] < b[3] ? -1 : 1),
    );
    expect(turns, `queue for ${sku}`).toEqual(sorted);
  }
}

/** What is expected of purchase orders is what is outstanding of them, entry by entry. */
function expectReceiptsAsOrdered(world: World): void {
  const expected = world
    .all('inbound')
    .flatMap(({ sku, entries }) =>
      entries
        .filter(({ kind }) => kind === 'purchase-order')
        .map(({ ref, node, quantity, expectedAt }) => JSON.stringify([sku, ref, node, quantity, expectedAt])),
    );
  const ordered = world.all('purchase-order').flatMap((order) =>
    outstanding(order)
      .filter(({ line, units }) => units > 0 && line.sku !== '' && line.node !== '' && line.expectedAt > 0)
      .map(({ line, units }) =>
        JSON.stringify([line.sku, `${order.purchaseOrder}/${line.line}`, line.node, units, line.expectedAt]),
      ),
  );
  expect(expected.sort(), 'expected receipts').toEqual(ordered.sort());
  for (const { sku, entries } of world.all('inbound')) {
    const dates = entries.map(({ expectedAt }) => expectedAt);
    expect(dates, `receipts of ${sku}`).toEqual([...dates].sort((a, b) => a - b));
    expect(entries.every(({ quantity }) => quantity > 0)).toBe(true);
  }
}
