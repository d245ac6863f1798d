/** What an event did. Effects are written to history together with the event and never change afterwards. */
import type { Bucket, VirtualPlace } from '../events/fields.ts';
import type { Evidence } from './exception-state.ts';

/** A bucket at a node, or a virtual place, for which `node` is empty. */
export type Place = { node: string; place: Bucket | VirtualPlace };

/** Units that went from one place to another: a signed double entry, so `quantity` is always positive. */
export type Movement = {
  sku: string;
  from: Place;
  to: Place;
  quantity: number;
  reason: string;
  order: string;
  line: string;
  at: number;
  /** The lot it was booked under and what it cost together, where it is known: what a correction has to take back. */
  lot?: string | undefined;
  value?: number | undefined;
};

/**
 * The steps in the life of an order (`order-…`), of its lines (`line-…`), of what suppliers have confirmed (`supply-…`), of
 * exceptions, and counts of the shelf.
 */
export type Step =
  | 'order-accepted'
  | 'order-opened'
  | 'order-closed'
  | 'order-due'
  | 'order-released'
  | 'order-picked'
  | 'order-completed'
  | 'order-refunded'
  | 'order-advice-judged'
  | 'order-kept'
  | 'order-given-up'
  | 'order-promised'
  | 'order-promise-moved'
  | 'order-perfect'
  | 'order-delivered'
  | 'order-cancelled'
  | 'order-cut-off'
  | 'order-cut-off-kept'
  | 'order-hold-time'
  | 'order-held'
  | 'order-unheld'
  | 'line-accepted'
  | 'line-edited'
  | 'line-opened'
  | 'line-closed'
  | 'line-allocated'
  | 'line-rerouted'
  | 'line-picked'
  | 'line-packed'
  | 'line-scanned'
  | 'line-short-picked'
  | 'line-dispatched'
  | 'line-attempted'
  | 'line-delivered'
  | 'line-cancelled'
  | 'line-returned'
  | 'line-backordered'
  | 'line-covered'
  | 'line-came-back'
  | 'reservation-held'
  | 'reservation-ended'
  | 'reservation-orphaned'
  | 'reservation-shipped'
  | 'return-received'
  | 'return-judged'
  | 'supply-due'
  | 'supply-received'
  | 'supply-completed'
  | 'supply-in-full'
  | 'record-counted'
  | 'exception-opened'
  | 'exception-acknowledged'
  | 'exception-ended'
  | 'exception-reopened'
  | 'exception-dismissed';

/** One step, counted at `at` in business time. A step that turned out untrue is taken back with `sign` -1. */
export type Transition = {
  step: Step;
  sign: 1 | -1;
  at: number;
  order: string;
  line: string;
  sku: string;
  channel: string;
  node: string;
  country: string;
  currency: string;
  /**
   * Units; may be negative for an edit. Lines of `order-due`, `order-given-up`, `order-kept` and `order-promised`, shipments
   * of `order-completed`.
   */
  quantity: number;
  /** Sales value and cost of these units, in minor units. */
  amount: number;
  cost: number;
  /**
   * Units accepted beyond what could be promised (`line-accepted`), units short at the first attempt or on the day a
   * supplier had named, lines not whole in the first shipment (`order-completed`) or by the first promise (`order-promised`), units a count found beyond the tolerance; 1 for an exception dismissed as a false alarm.
   */
  short: number;
  placedAt: number;
  /** The promise that the step is held against: ship-by, the supplier's first date, the deadline of an exception. */
  shipBy: number;
  /** From acceptance to this step, for `order-completed`; from confirmation, or from the opening of an exception. */
  durationMs: number;
  /** Why, of orders; else the supplier, the kind of exception, the class of the item that was counted. */
  cause: string;
};

export type ExceptionChange = {
  id: string;
  kind: string;
  subject: string;
  change:
    | 'opened'
    | 'updated'
    | 'recovering'
    | 'returned'
    | 'closed'
    | 'acknowledged'
    | 'assigned'
    | 'started'
    | 'commented'
    | 'snoozed'
    | 'woken'
    | 'resolved'
    | 'dismissed'
    | 'reopened';
  at: number;
  since: number;
  title: string;
  severity: string;
  moneyAtRisk: number;
  deadline: number;
  sku: string;
  node: string;
  channel: string;
  order: string;
  source: string;
  by: string;
  /** Why: a reason, a comment, what ended it. History finds it by the event of the same place. */
  words: string;
  /** Of an end: the event that brought it. */
  evidence?: Evidence;
};

/** A named count or sum to add to the KPI buckets around `at`. */
export type Increment = {
  measure: string;
  at: number;
  channel: string;
  node: string;
  value: number;
  /** Not kept per minute. */
  hourly: boolean;
};

/** What a policy chose, with all it knew and what it turned down: enough to explain the choice years later. */
export type Decision = {
  policy: string;
  at: number;
  order: string;
  line: string;
  sku: string;
  node: string;
  /** The choice in a few words, such as `BER-1 2, MUC-1 1`. */
  outcome: string;
  /** Inputs and beaten alternatives, plain JSON. Keep it small: it is written for every decision. */
  inputs: object;
};

/** Something another system must do for us. Told again under the same id it must have no further effect. */
export type Instruction = {
  /** The idempotency key. */
  id: string;
  /** In the imperative, such as `move-stock`, `hold-order`. */
  kind: string;
  /** Who must act: a node, a channel or a source. */
  to: string;
  at: number;
  /** Plain JSON, what the other system needs to know. */
  body: object;
};

export type Effects = {
  movements: Movement[];
  transitions: Transition[];
  exceptions: ExceptionChange[];
  decisions: Decision[];
  instructions: Instruction[];
  /** Ids of the orders whose summary changed. */
  orders: Set<string>;
  /** Set when a rule refused the event; nothing else of it was applied. */
  refused: string;
};
