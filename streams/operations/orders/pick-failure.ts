/** A picker found less than the record said: the strongest sign there is that a record is wrong, short of a count. */
import type { Draft } from '../draft.ts';
import { ids, type OrderLine } from '../states.ts';
import { stockAt } from '../stock/stock.ts';

/** Failures remembered per record; more of them say nothing new. */
export const PICK_FAILURES_MAX = 5;

/** Notes a failure at a stock record. Which of them came after the last count is seen when somebody asks. */
export function notePickFailure(draft: Draft, sku: string, node: string, at: number): void {
  const stock = stockAt(draft, sku, node);
  const pickFailures = [...stock.evidence.pickFailures, at].sort((a, b) => a - b).slice(-PICK_FAILURES_MAX);
  const id = ids.stock(sku, node);
  draft.put('stock', id, { ...stock, evidence: { ...stock.evidence, pickFailures } }, stock);
  draft.touch('stock', id);
}

/** Units that were reserved and are given up for want of stock: at each node that held them the shelf was short. */
export function noteGivenUp(draft: Draft, before: OrderLine, after: OrderLine, at: number): void {
  for (const [node, units] of before.allocated) {
    const kept = after.allocated.find(([known]) => known === node)?.[1] ?? 0;
    if (kept < units) notePickFailure(draft, before.sku, node, at);
  }
}
