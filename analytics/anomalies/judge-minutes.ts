/**
 * Judges the newest complete minutes of a count against what was expected: how surprising are the last 5, 15 and 30
 * minutes? Evidence must hold for two judgements before anything is said, and quiet for three before it is taken back.
 */
import { countBetween, deviationOf, type ExpectedBand, expectBetween, type Level } from './expected-band.ts';

const MINUTE_MS = 60_000;

export const WINDOWS_MINUTES = [5, 10, 20] as const;
export const MINUTES_JUDGED = Math.max(...WINDOWS_MINUTES);
/** A window with a larger share of unknown minutes is not judged. */
const UNKNOWN_SHARE_MAX = 0.2;
/** Surprise is -log10 of the chance of such a window. A drop costs orders, so less is needed to tell of one. */
const SURPRISE_BELOW = 3.5;
const SURPRISE_ABOVE = 4.5;
/** Below this share of it a judgement is quiet. */
const QUIET_SHARE = 0.5;
const EVIDENCE_TO_OPEN = 2;
const QUIET_TO_CLEAR = 3;

export type Side = 'below' | 'above';
export type Watch = { open: Side | null; leaning: Side | null; evidence: number; quiet: number };
export const notWatching: Watch = { open: null, leaning: null, evidence: 0, quiet: 0 };

/** The most surprising window, in counts a minute, with the bounds outside of which it would be told of. */
export type Finding = { value: number; low: number; expected: number; high: number; score: number; minutes: number };
export type Verdict = {
  watch: Watch;
  change: 'detected' | 'cleared' | null;
  /** With a change. When too little is known of the last minutes there is neither evidence nor quiet, and no change. */
  finding: Finding | null;
};

/**
 * @param counts the last complete minutes, newest last, at least MINUTES_JUDGED where there are as many
 * @param end end of the newest of them, epoch ms
 */
export function judgeMinutes(
  watch: Watch,
  band: ExpectedBand,
  level: Level,
  counts: readonly (number | null)[],
  end: number,
): Verdict {
  const windows = WINDOWS_MINUTES.flatMap((minutes) => windowOf(band, level, counts, end, minutes) ?? []);
  const worst = windows.toSorted((a, b) => b.excess - a.excess)[0];
  if (worst === undefined) return { watch, change: null, finding: null };
  const decision = decide(watch, worst);
  if (decision.change === null) return { ...decision, finding: null };
  const { side, minutes, perMinute } = worst;
  const bounds = expectBetween(band, level, end - minutes * MINUTE_MS, end, deviationAt(limitOf(side)));
  const finding = { ...perMinute, low: bounds.low / minutes, high: bounds.high / minutes, minutes };
  return { ...decision, finding };
}

type Window = {
  side: Side;
  /** Surprise over what it takes to say something: evidence from 1 on. */
  excess: number;
  minutes: number;
  perMinute: { value: number; expected: number; score: number };
};

const limitOf = (side: Side): number => (side === 'below' ? SURPRISE_BELOW : SURPRISE_ABOVE);

function windowOf(
  band: ExpectedBand,
  level: Level,
  counts: readonly (number | null)[],
  end: number,
  minutes: number,
): Window | null {
  if (counts.length < minutes) return null;
  let sum = 0;
  let expected = 0;
  let known = 0;
  for (const [index, count] of counts.slice(-minutes).entries()) {
    if (count === null) continue;
    const at = end - (minutes - index) * MINUTE_MS;
    sum += count;
    expected += countBetween(band, level, at, at + MINUTE_MS);
    known += 1;
  }
  if (known < minutes * (1 - UNKNOWN_SHARE_MAX)) return null;
  const deviation = deviationOf(band, level, sum, expected);
  const side = deviation < 0 ? 'below' : 'above';
  const surprise = surpriseOf(Math.abs(deviation));
  return {
    side,
    excess: surprise / limitOf(side),
    minutes,
    perMinute: { value: sum / known, expected: expected / known, score: surprise / (surprise + SURPRISE_BELOW) },
  };
}

function decide(watch: Watch, { side, excess }: Window): Pick<Verdict, 'watch' | 'change'> {
  if (watch.open === null) {
    const evidence = excess < 1 ? 0 : watch.leaning === side ? watch.evidence + 1 : 1;
    if (evidence < EVIDENCE_TO_OPEN) {
      return { watch: { open: null, leaning: excess < 1 ? null : side, evidence, quiet: 0 }, change: null };
    }
    return { watch: { open: side, leaning: side, evidence, quiet: 0 }, change: 'detected' };
  }
  const quiet = excess < QUIET_SHARE ? watch.quiet + 1 : 0;
  if (quiet < QUIET_TO_CLEAR) return { watch: { ...watch, quiet }, change: null };
  return { watch: notWatching, change: 'cleared' };
}

/** -log10 of the upper tail of the normal distribution; good to 1 % (Abramowitz and Stegun 26.2.17, and its asymptote). */
function surpriseOf(deviation: number): number {
  if (deviation > 6) return (deviation ** 2 / 2 + Math.log(deviation * Math.sqrt(2 * Math.PI))) / Math.LN10;
  const t = 1 / (1 + 0.2316419 * deviation);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return -Math.log10((Math.exp(-(deviation ** 2) / 2) / Math.sqrt(2 * Math.PI)) * series);
}

/** The deviation of a surprise, by halving. */
function deviationAt(surprise: number): number {
  let low = 0;
  let high = 40;
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (surpriseOf(middle) < surprise) low = middle;
    else high = middle;
  }
  return low;
}
