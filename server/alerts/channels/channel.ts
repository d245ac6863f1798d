/** What every channel is: settings, words, and one way of sending. */
import type { AlertMessage } from '../message.ts';

export type Delivered = {
  /** What the receiver calls it, where it says so. */
  reference: string;
  /** A few words of the answer for the log. */
  answer: string;
};

/** Why it was not delivered. `final`: it would be refused again. Never carries a secret. */
export class NotDelivered extends Error {
  readonly final: boolean;
  /** The receiver asks not to be tried sooner. */
  readonly retryAfterMs: number;

  constructor(message: string, { final = false, retryAfterMs = 0 } = {}) {
    super(message);
    this.final = final;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Sends a message to one channel with its settings. @throws NotDelivered */
export type Deliver = (message: AlertMessage, signal: AbortSignal) => Promise<Delivered>;
