/** Demand that waits for long: one deadline per SKU follows the oldest order line that is not overdue yet. */
import type { EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import type { Ledger, Order, OrderLine } from '../states.ts';

const MINUTE_MS = 60_000;
const limitOf = (draft: Draft): number => policyOf(draft, 'orders').unallocatedAfterMinutes * MINUTE_MS;

/**
 * Watches a line that has begun to wait. A pre-order is meant to wait.
 * @param ledger as it is with the line in its queue
 */
export function watchWaiting(draft: Draft, order: Order, line: OrderLine, ledger: Ledger): Ledger {
  if (line.waiting === 0 || line.preorder === true) return ledger;
  const due = order.placedAt + limitOf(draft);
  if (order.placedAt <= ledger.overdueUpTo || (ledger.waitingDue > 0 && ledger.waitingDue <= due)) return ledger;
  draft.setDeadline(order.source, 'unallocated', line.sku, due);
  return { ...ledger, waitingDue: due };
}

/** Deadline `unallocated`: whoever was placed by then and still waits is overdue; the next oldest is watched. */
export function unallocatedDue(draft: Draft, { data }: EventOf<'deadline.passed'>): void {
  const ledger = draft.get('ledger', data.subject);
  if (ledger === undefined) return;
  const limit = limitOf(draft);
  const overdueUpTo = Math.max(ledger.overdueUpTo, data.due - limit);
  const next = ledger.waiting.reduce(
    (oldest, { since, preorder }) => (preorder !== true && since > overdueUpTo && since < oldest ? since : oldest),
    Number.POSITIVE_INFINITY,
  );
  const waitingDue = next === Number.POSITIVE_INFINITY ? 0 : next + limit;
  if (waitingDue > 0) draft.setDeadline(data.clock, 'unallocated', data.subject, waitingDue);
  draft.put('ledger', data.subject, { ...ledger, overdueUpTo, waitingDue });
  draft.touch('ledger', data.subject);
}
