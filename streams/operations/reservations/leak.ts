/** Leaks: allocated units that no reservation asks for. One event makes the bucket equal to the reservations again. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import { ids } from '../states.ts';
import { at, move } from '../stock/stock.ts';
import { leakOf } from './reserved.ts';

export function leakReleased(draft: Draft, event: EventOf<'stock.leak-released'>): void {
  const { sku, node, by = event.source, reason } = event.data;
  const stock = draft.get('stock', ids.stock(sku, node));
  const leak = stock === undefined ? 0 : leakOf(stock);
  if (leak === 0) throw new Refused(`nothing leaks of ${sku} at ${node}: allocated equals the open reservations`);
  const [sale, kept] = [at(node, 'sellable'), at(node, 'allocated')];
  const [from, to] = leak > 0 ? [kept, sale] : [sale, kept];
  const why = `leak released by ${by}${reason === undefined ? '' : `: ${reason}`}`;
  move(draft, { sku, from, to, quantity: Math.abs(leak), reason: why, at: event.occurredAt });
}
