/** One box that finds any SKU, order, purchase order, exception, node, channel, source and KPI. */
import { z } from 'zod';

export const searchQuery = z.object({
  q: z.string().trim().min(1).max(120),
  limit: z.coerce.number().int().min(1).max(50).default(12),
});
export const searchHit = z.object({
  /** In one word, as people see it: `SKU`, `Order`. */
  kind: z.string(),
  title: z.string(),
  detail: z.string(),
  /** Where it is looked at: a path of the application. */
  address: z.string(),
});
export type SearchHit = z.infer<typeof searchHit>;
/** Best first: what is called exactly so, then what begins so, then what contains it; what is over comes last of its kind. */
export const searchAnswer = z.object({
  items: z.array(searchHit),
  /** What could not be searched right now, in words; absent when everything was. */
  incomplete: z.string().optional(),
});
export type SearchAnswer = z.infer<typeof searchAnswer>;
