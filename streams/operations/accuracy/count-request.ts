/** Somebody at a node is asked to count a record. The next count of it, whoever makes it, is the answer. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { ids } from '../states.ts';

/** @throws Refused for a record nobody keeps, and while an earlier request waits for its count */
export function countRequested(draft: Draft, event: EventOf<'stock.count-requested'>): void {
  const { sku, node, by, reason = '' } = event.data;
  const id = ids.stock(sku, node);
  const stock = draft.get('stock', id);
  if (stock === undefined) throw new Refused(`there is no record of ${sku} at ${node} to count`);
  const { countRequestedAt } = stock.evidence;
  if (countRequestedAt > 0)
    throw new Refused(`${sku} at ${node} is to be counted since ${new Date(countRequestedAt).toISOString()}`);
  const evidence = { ...stock.evidence, countRequestedAt: event.occurredAt };
  draft.put('stock', id, { ...stock, evidence }, stock);
  draft.touch('stock', id);
  // Whoever counts is not told what we expect: a known figure is found too easily.
  draft.instruct({
    id: `count:${event.source}:${event.id}`,
    kind: 'count-stock',
    to: node,
    at: event.occurredAt,
    body: { sku, node, by, reason },
  });
}
