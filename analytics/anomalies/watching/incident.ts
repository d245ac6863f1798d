/**
 * The life of one incident of one series: it begins with a surprise that is rarer than the company wants to be told of,
 * lasts while anything is unusual, and is over after three quiet buckets. Pure.
 */
import type { Judgement } from '../detector/detection.ts';
import { DAY_MS } from './series.ts';

/** A surprise s, -log10 of how often it is seen by chance, is told as the score s / (s + HALF). */
const HALF = 4;
/** Below this it is quiet. */
export const UNUSUAL_FROM = 2;
const QUIET_BUCKETS = 3;
/** What was over only just now must be this much more surprising to begin again: five times less likely. */
const AGAIN_BY = 0.7;
const AGAIN_WITHIN_MS = DAY_MS / 2;
/** Until a week and a day were seen, no weekday was seen twice: what is told must be rarer. */
const YOUNG_MS = 8 * DAY_MS;
const YOUNG_BY = 1;
const WEEK_MS = 7 * DAY_MS;
/** Never told of what is seen every other day. */
const NEEDED_MIN = UNUSUAL_FROM + 0.3;
/** Rare buckets come in runs, which are one incident: measured, five times fewer than there are such buckets. */
const TOGETHER = 0.7;

export type Direction = 'up' | 'down' | 'other' | 'missing';

export type Incident = {
  /** Start of the first bucket that was unusual. */
  since: number;
  what: Judgement['what'];
  direction: Direction;
  /** The highest so far. */
  surprise: number;
  /** Buckets without anything unusual, one after the other. */
  quiet: number;
};

export type IncidentState = {
  open: Incident | null;
  /** Since when buckets have been unusual; 0 when the last one was not. */
  unusualSince: number;
  /** When the last one ended, and how surprising it was. */
  endedAt: number;
  endedSurprise: number;
};

export const noIncident: IncidentState = { open: null, unusualSince: 0, endedAt: 0, endedSurprise: 0 };

export const surpriseOf = (score: number): number => (score >= 1 ? 12 : (HALF * score) / (1 - score));
export const scoreOf = (surprise: number): number => (surprise <= 0 ? 0 : surprise / (surprise + HALF));

/**
 * How surprising a bucket must be, so that chance alone tells of a series about so often.
 * @param perWeek pages that a series may cost in a week
 */
export function surpriseNeeded(perWeek: number, grainMs: number): number {
  return Math.max(NEEDED_MIN, Math.log10(WEEK_MS / grainMs / perWeek) - TOGETHER);
}

export function directionOf(what: Judgement['what']): Direction {
  if (what === 'spike' || what === 'shift-up' || what === 'drift-up') return 'up';
  if (what === 'drop' || what === 'shift-down' || what === 'drift-down') return 'down';
  return what === 'missing' ? 'missing' : 'other';
}

export type BucketJudged = {
  from: number;
  to: number;
  score: number;
  what: Judgement['what'];
  /** What must be reached for it to be told. */
  needed: number;
  /** How long the series has been watched, ms. */
  known: number;
};

export type IncidentChange = 'opened' | 'closed' | null;

/** What a bucket does to an incident. */
export function afterBucket(
  state: IncidentState,
  bucket: BucketJudged,
): { state: IncidentState; change: IncidentChange } {
  const surprise =
    bucket.what === 'normal' ? Math.min(surpriseOf(bucket.score), UNUSUAL_FROM) : surpriseOf(bucket.score);
  const unusual = surprise > UNUSUAL_FROM;
  if (state.open !== null) return whileOpen(state, state.open, bucket, surprise, unusual);
  if (!unusual) return { state: state.unusualSince === 0 ? state : { ...state, unusualSince: 0 }, change: null };
  const unusualSince = state.unusualSince || bucket.from;
  if (surprise < neededNow(state, bucket)) return { state: { ...state, unusualSince }, change: null };
  const open = { since: unusualSince, what: bucket.what, direction: directionOf(bucket.what), surprise, quiet: 0 };
  return { state: { ...state, unusualSince: 0, open }, change: 'opened' };
}

function whileOpen(
  state: IncidentState,
  open: Incident,
  bucket: BucketJudged,
  surprise: number,
  unusual: boolean,
): { state: IncidentState; change: IncidentChange } {
  // Coming back from a drop may look like a spike: that is the end of it, and not the same thing.
  const same = unusual && (directionOf(bucket.what) === open.direction || open.direction === 'missing');
  const quiet = same ? 0 : open.quiet + 1;
  if (quiet >= QUIET_BUCKETS) return { state: ended(open, bucket.to), change: 'closed' };
  const worse = same && surprise > open.surprise;
  const what = worse ? bucket.what : open.what;
  return {
    state: { ...state, open: { ...open, quiet, what, surprise: Math.max(open.surprise, same ? surprise : 0) } },
    change: null,
  };
}

export const ended = (open: Incident, at: number): IncidentState => ({
  open: null,
  unusualSince: 0,
  endedAt: at,
  endedSurprise: open.surprise,
});

function neededNow({ endedAt, endedSurprise }: IncidentState, { needed, known, from }: BucketJudged): number {
  const again = from - endedAt < AGAIN_WITHIN_MS ? endedSurprise + AGAIN_BY : 0;
  return Math.max(needed + (known < YOUNG_MS ? YOUNG_BY : 0), again);
}
