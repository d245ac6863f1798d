/** What must be true of costs, lots, transfers and returns, however their states came about. */
import { expect } from 'vitest';
import { buckets } from '../../streams/events/fields.ts';
import { ids } from '../../streams/operations/states.ts';
import { averaged, unitsOwned } from '../../streams/operations/stock/costing.ts';
import { lotsIn } from '../../streams/operations/stock/lots.ts';
import { onTheWay } from '../../streams/operations/stock/transfer-state.ts';
import type { World } from './world.ts';

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

export function expectSoundStock(world: World): void {
  for (const ledger of world.all('ledger')) {
    const { sku, supplier, customer, loss, unknown, cost } = ledger;
    expect(unitsOwned(cost), `units of ${sku} that have a cost`).toBe(-(supplier + customer + loss + unknown) + 0);
    expect(averaged(cost, world.get('item', sku)?.unitCost).average, `average cost of ${sku}`).toBe(cost.average);
    expect(cost.days.map(([day]) => day)).toEqual(cost.days.map(([day]) => day).sort((a, b) => a - b));
  }
  for (const { sku, node, lots } of world.all('lots')) {
    const stock = world.get('stock', ids.stock(sku, node))!;
    const balances = lotsIn(lots, stock);
    for (const bucket of buckets) {
      const units = sum(balances.map((balance) => balance[bucket]));
      expect(units, `lots of ${sku} ${bucket} at ${node}`).toBe(stock[bucket]);
    }
    for (const balance of balances) {
      if (balance.lot === '') continue;
      const known = lots.find((lot) => lot.lot === balance.lot)!;
      expect(balance.sellable + balance.allocated, `lot ${balance.lot} on sale`).toBeLessThanOrEqual(known.sale);
      expect(buckets.every((bucket) => balance[bucket] >= 0)).toBe(true);
    }
  }
  for (const transfer of world.all('transfer')) {
    for (const line of transfer.lines) {
      const entries = world.get('inbound', line.sku)?.entries ?? [];
      const entry = entries.find(({ ref, node }) => ref === transfer.transfer && node === transfer.toNode);
      expect(entry?.quantity ?? 0, `${line.sku} expected by ${transfer.transfer}`).toBe(Math.max(0, onTheWay(line)));
      if (transfer.closedAt > 0 && transfer.toNode !== '') expect(onTheWay(line)).toBe(0);
    }
  }
}
