/** What came of predictions whose moment is past: from history, in business time; receipts from their purchase order. */
import { cutOffsKept, stockoutsBetween, type Unsettled } from '../../analytics/clickhouse/queries/predictions.ts';
import type { PurchaseOrder } from '../../streams/operations/purchasing/purchase-order-state.ts';
import { MISSED_ABOVE_SHARE } from '../../streams/policies/chances/cut-off-chance.ts';
import type { Runtime } from '../runtime.ts';

const IDS_PER_READ = 1_000;

export type Outcome = (subject: string) => boolean | null;

/** Whether it happened, by subject; null where nobody can say: the orders were cancelled, or it had happened before. */
export async function outcomesOf(
  { redis, keys, history }: Pick<Runtime, 'redis' | 'keys' | 'history'>,
  { prediction, at, horizon, rows }: Unsettled,
): Promise<Outcome> {
  if (prediction === 'stockout') {
    const ranOut = await stockoutsBetween(history, { at, horizon });
    return (subject) => ranOut.get(subject) ?? null;
  }
  if (prediction === 'cut-off-miss') {
    const kept = await cutOffsKept(history, horizon);
    return (subject) => missed(kept.get(subject.slice(0, subject.lastIndexOf('|'))));
  }
  const orders = [...new Set(rows.map(({ subject }) => orderOf(subject)))];
  const known = new Map<string, PurchaseOrder>();
  for (let from = 0; from < orders.length; from += IDS_PER_READ) {
    const some = orders.slice(from, from + IDS_PER_READ);
    for (const text of await redis.hmGet(keys.state('purchase-order'), some)) {
      if (text === null) continue;
      const order = JSON.parse(text) as PurchaseOrder;
      known.set(order.purchaseOrder, order);
    }
  }
  return (subject) => cameLate(known.get(orderOf(subject)), subject.slice(subject.lastIndexOf('/') + 1), horizon);
}

const orderOf = (subject: string): string => subject.slice(0, subject.lastIndexOf('/'));

/** More than a twentieth of the orders left late, or not at all. */
export function missed(orders: { due: number; inTime: number } | undefined): boolean | null {
  if (orders === undefined || orders.due <= 0) return null;
  return orders.due - orders.inTime > Math.floor(MISSED_ABOVE_SHARE * orders.due);
}

/** What was cancelled whole never had to come. */
export function cameLate(order: PurchaseOrder | undefined, lineId: string, horizon: number): boolean | null {
  const line = order?.lines.find((one) => one.line === lineId);
  if (order === undefined || line === undefined || line.quantity === 0 || order.cancelledAt > 0) return null;
  return line.completedAt === 0 || line.completedAt > horizon;
}
