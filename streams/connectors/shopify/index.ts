/** Shopify, over its REST-shaped webhooks. */
import type { z } from 'zod';
import { describeProblem } from '../../events/envelope.ts';
import type { Connector, Context, Understanding } from '../connector.ts';
import { mapInventoryLevel, mapProduct, recallsOfInventoryLevel, recallsOfProduct } from './map-catalog.ts';
import { mapFulfillment, mapRefund } from './map-fulfilment.ts';
import { mapOrder, recallsOfOrder } from './map-order.ts';
import * as schema from './schema.ts';
import { topicOf, verify } from './verify.ts';

type Topic = { recalls(body: unknown): string[]; understand(body: unknown, context: Context): Understanding };

/** Ties a body's schema to what is made of it. Bodies exported by hand stand under their own name: `{"order": {…}}`. */
function topic<T extends z.ZodType>(
  schema: T,
  wrapper: string,
  map: (body: z.output<T>, context: Context) => Understanding,
  recalls: (body: z.output<T>) => string[] = () => [],
): Topic {
  const unwrapped = (body: unknown) =>
    typeof body === 'object' && body !== null && wrapper in body && Object.keys(body).length === 1
      ? (body as Record<string, unknown>)[wrapper]
      : body;
  return {
    recalls: (body) => {
      const parsed = schema.safeParse(unwrapped(body));
      return parsed.success ? recalls(parsed.data) : [];
    },
    understand: (body, context) => {
      const parsed = schema.safeParse(unwrapped(body));
      return parsed.success ? map(parsed.data, context) : { problem: describeProblem(parsed.error) };
    },
  };
}

const anyOrder = topic(schema.order, 'order', mapOrder, recallsOfOrder);
const anyFulfillment = topic(schema.fulfillment, 'fulfillment', mapFulfillment);
const anyProduct = topic(schema.product, 'product', mapProduct, recallsOfProduct);

const topics = new Map<string, Topic>([
  ['orders/create', anyOrder],
  ['orders/updated', anyOrder],
  ['orders/cancelled', anyOrder],
  ['fulfillments/create', anyFulfillment],
  ['fulfillments/update', anyFulfillment],
  ['refunds/create', topic(schema.refund, 'refund', mapRefund)],
  [
    'inventory_levels/update',
    topic(schema.inventoryLevel, 'inventory_level', mapInventoryLevel, recallsOfInventoryLevel),
  ],
  ['products/create', anyProduct],
  ['products/update', anyProduct],
]);

export const shopify: Connector = {
  name: 'shopify',
  topics: [...topics.keys()],
  topicOf,
  verify,
  recalls: (topic, body) => topics.get(topic)?.recalls(body) ?? [],
  understand: (topic, body, context) =>
    topics.get(topic)?.understand(body, context) ?? { problem: `topic: "${topic}" is not one we understand` },
};
