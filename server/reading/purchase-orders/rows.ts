/** One purchase order in one line: what of it has come, when the rest is expected, and how late that is. Pure. */
import { isOverdue, outstanding } from '../../../streams/operations/purchasing/purchase-order-receipts.ts';
import type { PurchaseOrder } from '../../../streams/operations/purchasing/purchase-order-state.ts';
import type { PurchaseOrderRow, PurchaseOrderStatus } from '../../http/contract/purchase-orders.ts';

const DAY_MS = 86_400_000;

/**
 * @param at the moment in business at which it is asked
 * @param unitCostOf what a unit of a SKU costs in minor units; null when nobody knows
 */
export function purchaseOrderRow(
  order: PurchaseOrder,
  at: number,
  unitCostOf: (sku: string) => number | null,
): PurchaseOrderRow {
  const lines = outstanding(order);
  const toCome = lines.filter(({ units }) => units > 0);
  const ordered = sum(lines.map(({ came, units }) => came + units));
  const received = sum(order.received.map(([, , units]) => units));
  const left = sum(toCome.map(({ units }) => units));
  const dates = toCome.map(({ line }) => line.expectedAt).filter((date) => date > 0);
  const promises = toCome.map(({ line }) => line.promisedAt).filter((date) => date > 0);
  const lateDays = Math.max(0, ...toCome.map(({ line }) => daysLate(line, at)));
  const valued: [string, number][] =
    left > 0
      ? toCome.map(({ line, units }) => [line.sku, units])
      : order.received.map(([sku, , units]) => [sku, units]);
  return {
    purchaseOrder: order.purchaseOrder,
    supplier: order.supplier === '' ? null : order.supplier,
    status: statusOf(order, { left, received, late: toCome.some(({ line }) => isLate(line, at)) }),
    nodes: distinct([...order.lines.map(({ node }) => node), ...order.received.map(([, node]) => node)]),
    skus: distinct([...order.lines.map(({ sku }) => sku), ...order.received.map(([sku]) => sku)]),
    ordered,
    received,
    outstanding: left,
    expectedAt: dates.length === 0 ? null : Math.min(...dates),
    promisedAt: promises.length === 0 ? null : Math.min(...promises),
    lateDays,
    heardAt: order.heardAt,
    stockValue: worthOf(valued, unitCostOf),
  };
}

type Line = PurchaseOrder['lines'][number];

/** Whether it will come, or should have come, after the day that was named first. */
const isLate = (line: Line, at: number): boolean => isOverdue(line) || daysLate(line, at) > 0;

/** Whole days between the first date named and the last one, or now when that has gone by too. */
const daysLate = ({ promisedAt, expectedAt }: Line, at: number): number =>
  promisedAt === 0 ? 0 : Math.max(0, Math.floor((Math.max(at, expectedAt) - promisedAt) / DAY_MS));

function statusOf(
  order: PurchaseOrder,
  { left, received, late }: { left: number; received: number; late: boolean },
): PurchaseOrderStatus {
  if (order.lines.length === 0) return order.cancelledAt > 0 ? 'cancelled' : 'unconfirmed';
  if (left === 0) return received === 0 ? 'cancelled' : 'received';
  if (late) return 'late';
  return received > 0 ? 'partly' : 'open';
}

function worthOf(units: readonly [string, number][], unitCostOf: (sku: string) => number | null): number | null {
  let value = 0;
  for (const [sku, quantity] of units) {
    const cost = unitCostOf(sku);
    if (cost === null) return null;
    value += cost * quantity;
  }
  return value;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const distinct = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '').sort();
