/** What an event moved, kept while it can still be corrected. */
import type { Event } from '../../events/index.ts';
import type { Transition } from '../effects.ts';

export type Correctable = {
  source: string;
  event: string;
  /** Whether the event itself has come; a correction may come before it. */
  came: boolean;
  movements: CorrectableMovement[];
  /** What it added to a transfer or to a purchase order. */
  transfer: { transfer: string; stage: 'sent' | 'received'; lines: [string, number][] } | null;
  purchase: { purchaseOrder: string; sku: string; node: string; quantity: number } | null;
  /** Of a count: how it was counted itself. */
  counted?: Transition;
  /** The event that corrected it; empty while none has. */
  correctedBy: string;
  /** The correction that waits for it. */
  waiting: Event | null;
};

/** [sku, from node, from place, to node, to place, units, at, lot, value]; a null lot or value is not known. */
export type CorrectableMovement = [
  string,
  string,
  string,
  string,
  string,
  number,
  number,
  string | null,
  number | null,
];
