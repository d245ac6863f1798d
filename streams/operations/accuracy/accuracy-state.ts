/** What is known about how far a stock record can be trusted. Times are epoch ms, quantities base units. */
import type { Measure } from './as-of.ts';

/** What somebody found, and how far the record was off at that moment: positive when more was found. */
export type Count = { measure: Measure; at: number; quantity: number; variance: number };

/** The newest statement of one source about one measure. */
export type Assertion = {
  source: string;
  measure: Measure | 'available';
  quantity: number;
  /** When it was true, as the source says. */
  at: number;
  /** Stated less our figure as of then; 0 where it lies within what our figure can have been. */
  drift: number;
  /** Since when it has disagreed by more than the tolerance, in one direction; 0 while it agrees. */
  since: number;
  /** Whether it moved stock to what it states. */
  authoritative: boolean;
};

/** What people and systems have said about one stock record. What follows from it is computed when asked for. */
export type Evidence = {
  /** The newest moment that a count or an assertion speaks of. A movement before it comes late. */
  statedAt: number;
  /** The newest count of each measure. */
  counts: Count[];
  /** When pickers found less than the record said, newest last. */
  pickFailures: number[];
  /** When somebody was asked to count it and has not yet; 0 otherwise. */
  countRequestedAt: number;
};

export const noEvidence: Evidence = { statedAt: 0, counts: [], pickFailures: [], countRequestedAt: 0 };

/** How far one source is from our figures, over all that it states. */
export type SourceDrift = {
  source: string;
  /** Statements kept: one per record and measure. */
  stated: number;
  /** Those that disagree beyond the tolerance. */
  drifting: number;
  /** Units by which it states more than we know of, and less. Never netted against each other. */
  unitsOver: number;
  unitsUnder: number;
  /** The sum of the moments since which the open ones disagree: with the time now, their open minutes. */
  openSinceSum: number;
  /** Minutes of disagreement that have ended, and how many there were. */
  endedMinutes: number;
  ended: number;
  lastAt: number;
};
