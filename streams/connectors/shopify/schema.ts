/**
 * Shopify's REST bodies, as far as we read them. Loose on purpose: API versions add and drop fields every quarter, so
 * only what an event needs is asked for, and unknown fields and values pass.
 */
import { z } from 'zod';

/** 64-bit numbers; the lossless reader hands the big ones over as strings. */
const id = z.union([z.string().regex(/^\d+$/), z.int()]).transform(String);
/** A decimal as text; old versions sent numbers. */
const decimal = z.union([z.string(), z.number()]).transform(String);
const time = z.iso.datetime({ offset: true });
const count = z.int().min(0);

export const lineItem = z.looseObject({
  id,
  variant_id: id.nullish(),
  sku: z.string().nullish(),
  quantity: count,
  current_quantity: count.nullish(),
  price: decimal,
  total_discount: decimal.nullish(),
  discount_allocations: z.array(z.looseObject({ amount: decimal })).nullish(),
  requires_shipping: z.boolean().nullish(),
  gift_card: z.boolean().nullish(),
  fulfillment_status: z.string().nullish(),
});

export const refundLine = z.looseObject({
  line_item_id: id,
  quantity: count,
  restock_type: z.string().nullish(),
  location_id: id.nullish(),
  subtotal: decimal.nullish(),
  total_tax: decimal.nullish(),
  line_item: lineItem.nullish(),
});

export const refund = z.looseObject({
  id,
  order_id: id,
  created_at: time,
  processed_at: time.nullish(),
  /** Before 2018 one flag for all lines stood where `restock_type` is now. */
  restock: z.boolean().nullish(),
  refund_line_items: z.array(refundLine).nullish(),
  transactions: z
    .array(
      z.looseObject({
        amount: decimal.nullish(),
        currency: z.string().nullish(),
        kind: z.string().nullish(),
        status: z.string().nullish(),
      }),
    )
    .nullish(),
});

export const order = z.looseObject({
  id,
  created_at: time,
  processed_at: time.nullish(),
  updated_at: time.nullish(),
  cancelled_at: time.nullish(),
  cancel_reason: z.string().nullish(),
  currency: z.string(),
  financial_status: z.string().nullish(),
  test: z.boolean().nullish(),
  line_items: z.array(lineItem),
  location_id: id.nullish(),
  shipping_address: z.looseObject({ country_code: z.string().nullish() }).nullish(),
  customer: z.looseObject({ id: id.nullish() }).nullish(),
  refunds: z.array(z.looseObject({ refund_line_items: z.array(refundLine).nullish() })).nullish(),
});

export const fulfillment = z.looseObject({
  id,
  order_id: id,
  status: z.string().nullish(),
  shipment_status: z.string().nullish(),
  created_at: time,
  updated_at: time.nullish(),
  location_id: id.nullish(),
  tracking_company: z.string().nullish(),
  tracking_number: z.string().nullish(),
  line_items: z.array(lineItem),
});

export const inventoryLevel = z.looseObject({
  inventory_item_id: id,
  location_id: id,
  available: z.int().nullable(),
  updated_at: time,
});

export const product = z.looseObject({
  id,
  title: z.string(),
  product_type: z.string().nullish(),
  status: z.string().nullish(),
  created_at: time,
  updated_at: time.nullish(),
  variants: z.array(
    z.looseObject({
      id,
      title: z.string().nullish(),
      sku: z.string().nullish(),
      price: decimal.nullish(),
      inventory_item_id: id.nullish(),
      updated_at: time.nullish(),
    }),
  ),
});

export type Order = z.output<typeof order>;
export type LineItem = z.output<typeof lineItem>;
export type RefundLine = z.output<typeof refundLine>;
export type Refund = z.output<typeof refund>;
export type Fulfillment = z.output<typeof fulfillment>;
export type InventoryLevel = z.output<typeof inventoryLevel>;
export type Product = z.output<typeof product>;
