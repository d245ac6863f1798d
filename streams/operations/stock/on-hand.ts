/** On hand: what is physically at a node, whatever it may be used for. */
import type { Stock } from '../states.ts';

export const onHandBuckets = ['sellable', 'allocated', 'quarantined', 'damaged', 'return-pending'] as const;

/** Units on hand. Written out, because it is asked twice for every movement. */
export const onHand = (stock: Stock): number =>
  stock.sellable + stock.allocated + stock.quarantined + stock.damaged + stock['return-pending'];
