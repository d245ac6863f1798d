/** An order and its lines, as they stand. */
import type { Advised } from './advice-state.ts';
import type { Holding } from './hold-state.ts';

export type OrderLine = {
  line: string;
  sku: string;
  quantity: number;
  unitPrice: number;
  amount: number;
  unitCost: number;
  /** Units reserved per node. With `waiting` they add up to the units still open. */
  allocated: [string, number][];
  waiting: number;
  picked: number;
  packed: number;
  dispatched: number;
  delivered: number;
  cancelled: number;
  returned: number;
  /** Units a carrier has scanned. */
  scanned: number;
  /** Whether the first attempt to ship this line has been judged. */
  attempted: boolean;
  /** Sold before it can be there: its waiting is not a shortage. */
  preorder?: true;
  /** When the newest edit of it was made: an older one that arrives later changes nothing. */
  editedAt?: number;
  /** Set with the first edit: the most it was ever worth, which is what may be refunded. */
  amountMost?: number;
  /** Units we have cancelled: for want of stock, or because a node could not ship. */
  cancelledByUs?: number;
  /** The last time something of it was cancelled, and the gravest cause of all times. */
  cancelledAt?: number;
  cancelCause?: string;
  /** Its earliest dispatch: when, and how many units left then. */
  firstDispatch?: [at: number, units: number];
  /** Of its last dispatch: when, and from which node. */
  lastDispatchedAt?: number;
  shippedFrom?: string;
  lastDeliveredAt?: number;
  /** Units that came back in no state to be sold, by the policy of that day. */
  returnedFaulty?: number;
  /** Units it took over from the reservation of a cart. */
  fromCart?: FromCart[];
};
/** Units of a reservation that became part of an order line; the moment is when they were reserved. */
export type FromCart = { heldAt: number; channel: string; node: string; quantity: number };
export type Order = {
  order: string;
  source: string;
  channel: string;
  node: string;
  /** The node the channel itself has chosen; empty when the choice is ours. */
  requestedNode: string;
  currency: string;
  country: string;
  customer: string;
  segment: string;
  /** The service level that was sold, and the carrier it must go with; empty when there is none. */
  service: string;
  carrier: string;
  priority: number;
  placedAt: number;
  shipBy: number;
  deliverBy: number;
  amount: number;
  holds: string[];
  lines: OrderLine[];
  lastDispatchedAt: number;
  /** 0 while something is still to be shipped. */
  completedAt: number;
  /** What the customer paid besides the lines: shipping, tax, gift wrap. */
  extras: number;
  refunded: number;
  /** When it was given to its node to work on; 0 while it was not. */
  releasedAt: number;
  /** The nodes that were told to begin with it, each with its wave. */
  releases?: [node: string, wave: string][];
  /** When the newest edit of its promise was made. */
  editedAt: number;
  /** Only of orders whose promise was edited: what the customer was told first. */
  firstPromise?: FirstPromise;
  /** Somebody is going to tell us when it is delivered; settled when it is placed. */
  awaitsDelivery?: true;
  /** Distinct shipments it left in. */
  shipments?: string[];
  /** Released before the cut-off of its node: the end of that local day, by which it has to have left. */
  leavesToday?: number;
  picked: boolean;
  open: boolean;
  /** The cohorts it is counted in, see cohort.ts. */
  awaits: string[];
  /** Only of orders that were held once. */
  holding?: Holding;
  /** Only where another system decides: what we would have done. */
  advised?: Advised;
};

/** Each with the moment at which it was said; 0 when the order was placed with it. */
export type FirstPromise = { shipBy: number; shipBySaidAt: number; deliverBy: number; deliverBySaidAt: number };
