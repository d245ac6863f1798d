/** A reservation that is no order line's: a cart's, a transfer's, or one that names an order nobody knows yet. */
export type Reservation = {
  reservation: string;
  owner: 'cart' | 'order' | 'transfer';
  /** The cart, the order or the transfer. */
  ownerId: string;
  channel: string;
  segment: string;
  sku: string;
  /** Units asked for when it was made. */
  quantity: number;
  /** Units it holds now, per node. Empty when it has ended. */
  held: [string, number][];
  heldAt: number;
  /** 0 when it does not expire. */
  expiresAt: number;
  /**
   * `announced`: an extension came before the reservation itself. What has ended is remembered for a day, so that what
   * arrives late or again finds that it is over.
   */
  status: 'announced' | 'held' | 'committed' | 'released' | 'expired';
  endedAt: number;
  /** Whose clock tells when it expires. */
  source: string;
  /** The event that made it. */
  eventId: string;
  /** Nobody it belongs to is known, or its order is closed. */
  orphaned: boolean;
  openExceptions: string[];
};
