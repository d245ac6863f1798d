/** What producers of a random history speak of, and what they remember of what they have said. */
import type { Random } from '../../server/simulated-company/random.ts';
import type { EventType } from '../../streams/events/index.ts';

export const skus = ['tea', 'mug', 'pan'] as const;
export const nodes = ['north', 'south'] as const;
export const channels = ['web', 'market'] as const;

export type KnownLine = { line: string; sku: string; quantity: number; shipped: number; price: number };
export type KnownOrder = { order: string; channel: string; node: string; lines: KnownLine[]; holds: string[] };
/** What the producers remember of what they have said, so that the next thing they say fits to it. */
export type Company = {
  random: Random;
  now: number;
  orders: KnownOrder[];
  /** The next number of a named series. */
  next(series: string): number;
  /** Things under way that later events name: transfers, returns, carts, purchase orders, impairments, waves. */
  underWay: Map<string, Record<string, unknown>[]>;
  /** Identities and types of what was said, for corrections. */
  said: { source: string; id: string; type: EventType }[];
};
