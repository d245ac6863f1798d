/**
 * The score of the Numenta Anomaly Benchmark, by its published rules: one threshold for all series, the earlier within a
 * window the better, only the best detection of a window counts, and every detection outside of windows costs.
 */

/** First and last row of an anomaly, both of it. */
export type Window = readonly [number, number];
export type LabelledSeries = { windows: readonly Window[] };
export type ScoredSeries = LabelledSeries & { scores: ArrayLike<number> };
/** What a window found at once is worth, what one that is missed costs, and a detection where nothing was. */
export type Profile = { found: number; missed: number; falseAlarm: number };

export const profiles = {
  standard: { found: 1, missed: 1, falseAlarm: 0.11 },
  lowFalsePositives: { found: 1, missed: 1, falseAlarm: 0.22 },
  lowFalseNegatives: { found: 1, missed: 2, falseAlarm: 0.11 },
} as const satisfies Record<string, Profile>;
export type ProfileName = keyof typeof profiles;
export const profileNames = Object.keys(profiles) as ProfileName[];

const PROBATION_SHARE = 0.15;
const PROBATION_ROWS_MAX = 750;
/** So many widths behind a window, a detection has nothing to do with it any more. */
const WIDTHS_FORGIVEN = 3;

/** Rows at the beginning in which a detector may learn: nothing there counts. */
export const probationOf = (rows: number): number => Math.min(Math.floor(PROBATION_SHARE * rows), PROBATION_ROWS_MAX);

/** 1 well before the end of a window, 0 there, -1 well behind; `position` in widths of the window. */
export function worthAt(position: number): number {
  return position > WIDTHS_FORGIVEN ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
const WORTH_OF_FIRST = worthAt(-1);

type Detection = { score: number; series: number; window: number; worth: number };

/** Every row that may count, surest first, with what it is worth within its window or costs outside of all. */
function detectionsOf(all: readonly ScoredSeries[], { found, falseAlarm }: Profile): Detection[] {
  return all
    .flatMap(({ windows, scores }, series) => {
      const probation = probationOf(scores.length);
      const detections: Detection[] = [];
      for (let row = probation; row < scores.length; row++) {
        const score = scores[row]!;
        if (!(score > 0)) continue;
        const window = windows.findIndex(([first, last]) => row >= first && row <= last);
        if (window >= 0) {
          const [first, last] = windows[window]!;
          const position = -(last - row + 1) / (last - first + 1);
          detections.push({ score, series, window, worth: (found * worthAt(position)) / WORTH_OF_FIRST });
          continue;
        }
        const before = windows.findLast(([, last]) => last < row);
        const cost = before === undefined ? -1 : worthAt((row - before[1]) / (before[1] - before[0]));
        detections.push({ score, series, window, worth: falseAlarm * cost });
      }
      return detections;
    })
    .sort((a, b) => b.score - a.score);
}

export type NabScore = { score: number; threshold: number };

/** The score at the threshold that suits all series together best. It is optimistic: the benchmark's own table has it so. */
export function bestNabScore(all: readonly ScoredSeries[], profile: Profile): NabScore {
  let best = { score: Number.NEGATIVE_INFINITY, threshold: Number.POSITIVE_INFINITY };
  for (const reached of sweep(all, profile)) if (reached.score > best.score) best = reached;
  return best;
}

/** The score where a row is a detection from a given score on. */
export function nabScoreAt(threshold: number, all: readonly ScoredSeries[], profile: Profile): number {
  let at = 0;
  for (const reached of sweep(all, profile)) {
    if (reached.threshold < threshold) break;
    at = reached.score;
  }
  return at;
}

/** From the surest detection on, the score at every threshold that makes a difference: 0 finds nothing, 100 all at once. */
function* sweep(all: readonly ScoredSeries[], profile: Profile): Generator<NabScore> {
  const windowsOfAll = all.reduce((sum, { windows }) => sum + windows.length, 0);
  if (windowsOfAll === 0) return;
  const nothing = -profile.missed * windowsOfAll;
  const perfect = profile.found * windowsOfAll;
  const missable = all.reduce(
    (sum, { windows, scores }) => sum + windows.filter(([, last]) => last >= probationOf(scores.length)).length,
    0,
  );
  const bestOfWindow = new Map<string, number>();
  const detections = detectionsOf(all, profile);
  let raw = -profile.missed * missable;
  yield { score: (100 * (raw - nothing)) / (perfect - nothing), threshold: Number.POSITIVE_INFINITY };
  for (const [index, { score, series, window, worth }] of detections.entries()) {
    if (window < 0) raw += worth;
    else {
      const key = `${series} ${window}`;
      const had = bestOfWindow.get(key);
      if (had === undefined) raw += profile.missed + worth;
      else raw += Math.max(0, worth - had);
      bestOfWindow.set(key, Math.max(worth, had ?? worth));
    }
    // Rows of the same score are detections together or not at all.
    if (detections[index + 1]?.score === score) continue;
    yield { score: (100 * (raw - nothing)) / (perfect - nothing), threshold: score };
  }
}
