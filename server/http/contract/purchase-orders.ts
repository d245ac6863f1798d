/** Purchase orders as lists and pages show them: what was confirmed, what came, when the rest is expected, who waits for it. */
import { z } from 'zod';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().max(200).optional();

/** `unconfirmed`: units came under it, and no supplier has confirmed it to us. */
export const purchaseOrderStatuses = ['late', 'partly', 'open', 'received', 'cancelled', 'unconfirmed'] as const;
export type PurchaseOrderStatus = (typeof purchaseOrderStatuses)[number];

export const purchaseOrdersQuery = pageQuery.extend({
  /** Words of its number, its supplier or its SKUs; all of them. */
  q: name,
  status: z.enum(purchaseOrderStatuses).optional(),
  /** Only what is still to come. */
  open: z.stringbool().optional(),
  supplier: name,
  node: name,
  sku: name,
  sort: z.enum(['expected', 'late', 'open', 'heard', 'number']).default('heard'),
  direction: z.enum(['up', 'down']).default('down'),
});
export type PurchaseOrdersQuery = z.output<typeof purchaseOrdersQuery>;

const line = z.object({
  line: z.string(),
  sku: z.string(),
  name: z.string(),
  node: z.string(),
  quantity: z.int(),
  received: z.int(),
  outstanding: z.int(),
  /** The date named last, and the one named first; null while none is known. */
  expectedAt: time.nullable(),
  promisedAt: time.nullable(),
  /** The date has gone by without all of it, and nobody has named another. */
  overdue: z.boolean(),
  unitCost: z.int().nullable().optional(),
});

export const purchaseOrderRow = z.object({
  purchaseOrder: z.string(),
  supplier: z.string().nullable(),
  status: z.enum(purchaseOrderStatuses),
  nodes: z.array(z.string()),
  skus: z.array(z.string()),
  /** Units: confirmed, come, still to come. */
  ordered: z.int(),
  received: z.int(),
  outstanding: z.int(),
  /** Of what is still to come: the soonest date, and the first date that was named for it. */
  expectedAt: time.nullable(),
  promisedAt: time.nullable(),
  /** Days that what is still to come is behind the first date named, by the last one or by now; 0 when it is not. */
  lateDays: z.int(),
  heardAt: time,
  /** What is still to come at unit cost, or, when all has come, what came; in minor units. */
  stockValue: z.int().nullable().optional(),
});
export type PurchaseOrderRow = z.infer<typeof purchaseOrderRow>;
export const purchaseOrdersPage = page(purchaseOrderRow).extend({
  total: z.int(),
  sums: z.object({
    ordered: z.int(),
    received: z.int(),
    outstanding: z.int(),
    late: z.int(),
    stockValue: z.int().optional(),
  }),
  suppliers: z.array(z.string()),
});
export type PurchaseOrdersPage = z.infer<typeof purchaseOrdersPage>;

export const purchaseOrderPicture = purchaseOrderRow.extend({
  source: z.string(),
  cancelledAt: time.nullable(),
  currency: z.string(),
  lines: z.array(line),
  /** Units that came under it, per SKU and node, whether or not a line names them. */
  receipts: z.array(z.object({ sku: z.string(), name: z.string(), node: z.string(), units: z.int() })),
  /** How the supplier has kept first dates so far, as a share of units; null while none was due. */
  onTimeShare: z.number().nullable(),
  /** Order lines that wait for SKUs of it, and exceptions that follow from it or speak of them. */
  waiting: z.array(z.object({ order: z.string(), line: z.string(), sku: z.string(), quantity: z.int(), since: time })),
  exceptions: z.array(z.object({ id: z.string(), title: z.string(), detail: z.string(), severity: z.string() })),
  /** Everything that was said about it, oldest first; null when history does not answer. */
  timeline: z
    .array(z.object({ seq: z.int(), occurredAt: time, source: z.string(), type: z.string(), summary: z.string() }))
    .nullable(),
});
export type PurchaseOrderPicture = z.infer<typeof purchaseOrderPicture>;
