/** Purchase orders in words and shapes. */
import type { PurchaseOrderStatus } from '../../server/http/contract/purchase-orders.ts';
import type { State } from '../status/states.ts';

export const purchaseOrderWords: Record<PurchaseOrderStatus, string> = {
  late: 'Late',
  partly: 'Partly received',
  open: 'Expected',
  received: 'Received',
  cancelled: 'Cancelled',
  unconfirmed: 'Receipts only',
};
export const purchaseOrderStates: Record<PurchaseOrderStatus, State | null> = {
  late: 'high',
  partly: 'medium',
  open: 'low',
  received: 'ok',
  cancelled: null,
  unconfirmed: null,
};
export const addressOfPurchaseOrder = (id: string): string => `/purchase-orders/${encodeURIComponent(id)}`;

/** `HP-1, HP-2 and 3 more`. */
export function fewOf(names: readonly string[], most = 2): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
