/** What a detector is asked and what it answers, for whoever feeds it. Loads anywhere; knows nothing of workspaces. */
import type { AnomalyShape } from '../../../streams/events/signals.ts';

/**
 * What the figures are. `undefined`: nobody said, and they may be anything.
 * A count or an amount adds up over time, a ratio has a denominator, a gauge stands at a level, a latency is never negative.
 */
export const seriesKinds = ['count', 'amount', 'ratio', 'gauge', 'latency'] as const;
export type SeriesKind = (typeof seriesKinds)[number];

export type Point = {
  /** Epoch ms. Points come in order; a repeated or an older one is judged and teaches nothing. */
  t: number;
  /** Null: nothing is known of this moment, which is not 0. It teaches nothing. */
  v: number | null;
  /** It was known beforehand that something changes the figures now, such as a promotion. */
  expected?: 'promo';
};

/** What is usual at a moment; `mid` between the other two. All three are finite. */
export type Band = { low: number; mid: number; high: number };

/** What several points together are, where no single one says it: all a mean of these points. */
export type Together = { points: number; value: number; low: number; mid: number; high: number };

export type Judgement = {
  /** 0 to 1: how surprising this point is. Over a long quiet series a share of about 10^-s scores s/(s+4) or more. */
  score: number;
  /** 0 to 1: the same for the page a person would get; 0 when one is already out, and most of the time. */
  alert: number;
  /** What was expected before the point was seen. */
  band: Band;
  /** What is unusual, of whatever the score is made of; `normal` when nothing is. */
  what: AnomalyShape | 'normal';
  /** Where it was the last points together: their mean lies outside of what is usual for such a mean. */
  together?: Together;
};

export type Detector = {
  judge(point: Point): Judgement;
  /** What is expected at a moment, past or to come, by what is known now: for charts. Null until enough was seen. */
  expect(t: number, expected?: 'promo'): Band | null;
  /** Everything that it has learned, as JSON; a detector made of it goes on as this one would. */
  save(): object;
};

export type DetectorOptions = {
  kind?: SeriesKind | undefined;
  /** Days and weeks begin by this clock. UTC without one. */
  timeZone?: string | undefined;
  /** What `save` gave. */
  saved?: object | undefined;
};
