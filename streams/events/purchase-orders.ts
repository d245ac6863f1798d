/** Purchase orders, as far as promises need them: what suppliers have confirmed, and until when it has come. */
import { z } from 'zod';
import { id, instant, money, quantity, quantityOrZero, text } from './fields.ts';

export const LINES_PER_PURCHASE_ORDER_MAX = 500;

const confirmedLine = z.object({
  line: id,
  sku: id,
  node: id,
  quantity,
  expectedAt: instant,
  unitCost: money.optional(),
});

export const purchaseOrderEvents = {
  /** The supplier has said yes, line by line, with a date: from now on customers can be promised from it. */
  'purchase-order.confirmed': z.object({
    purchaseOrder: id,
    supplier: id,
    lines: z.array(confirmedLine).min(1).max(LINES_PER_PURCHASE_ORDER_MAX),
  }),
  /** The lines as they stand after the change; one that is not named stays as it was, one of quantity 0 does not come. */
  'purchase-order.changed': z.object({
    purchaseOrder: id,
    lines: z
      .array(
        confirmedLine
          .extend({ quantity: quantityOrZero })
          .partial({ sku: true, node: true, quantity: true, expectedAt: true }),
      )
      .min(1)
      .max(LINES_PER_PURCHASE_ORDER_MAX),
    reason: text.optional(),
  }),
  /** Without lines, nothing more of it comes. What has arrived stays. */
  'purchase-order.cancelled': z.object({
    purchaseOrder: id,
    lines: z.array(id).max(LINES_PER_PURCHASE_ORDER_MAX).optional(),
    reason: text.optional(),
  }),
};
