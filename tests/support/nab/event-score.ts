/** How many unusual spans are found in time, and how often somebody is called for nothing, without point adjustment. */
import type { Span } from './made-series.ts';
import { probationOf } from './score-nab.ts';

/** A span counts as found by a row of its own, at most so many behind its first. */
const DELAY_ROWS_MAX = 7;
const THRESHOLDS_TRIED = 100;

type Scored = { spans: readonly Span[]; scores: ArrayLike<number> };
export type EventScore = { f1: number; threshold: number; found: number; falseAlarms: number; events: number };

/** Rows from the threshold on are alarms; those that follow each other outside of spans are one false alarm. */
export function eventScoreAt(threshold: number, all: readonly Scored[]): EventScore {
  let found = 0;
  let falseAlarms = 0;
  let events = 0;
  for (const { spans, scores } of all) {
    events += spans.length;
    for (const { first, last } of spans) {
      for (let row = first; row <= Math.min(last, first + DELAY_ROWS_MAX); row++) {
        if (!(scores[row]! >= threshold)) continue;
        found += 1;
        break;
      }
    }
    let wasAlarm = false;
    for (let row = probationOf(scores.length); row < scores.length; row++) {
      const within = spans.some(({ first, last }) => row >= first && row <= last + DELAY_ROWS_MAX);
      const isAlarm = !within && scores[row]! >= threshold;
      if (isAlarm && !wasAlarm) falseAlarms += 1;
      wasAlarm = isAlarm;
    }
  }
  return { f1: (2 * found) / (found + falseAlarms + events), threshold, found, falseAlarms, events };
}

/** At the best of a hundred thresholds that are spread over the larger scores of all series. */
export function bestEventScore(all: readonly Scored[]): EventScore {
  const scores = all.flatMap(({ scores: own }) => Array.from(own).filter((score) => score > 0.1));
  const sorted = Float64Array.from(scores).sort().reverse();
  let best = eventScoreAt(Number.POSITIVE_INFINITY, all);
  // Ranks grow by a factor: what is decided at the top needs the finest steps.
  for (let index = 0; index < THRESHOLDS_TRIED; index++) {
    const rank = Math.floor(sorted.length ** (index / (THRESHOLDS_TRIED - 1))) - 1;
    const reached = eventScoreAt(sorted[rank] ?? 1, all);
    if (reached.f1 > best.f1) best = reached;
  }
  return best;
}
