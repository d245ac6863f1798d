import { describe, expect, test } from 'vitest';
import { bestNabScore, nabScoreAt, probationOf, profiles, worthAt } from '../support/nab/score-nab.ts';

const ROWS = 200;
/** A series whose only detections are these rows. */
function series(windows: [number, number][], detections: Record<number, number>, rows = ROWS) {
  const scores = new Float64Array(rows);
  for (const [row, score] of Object.entries(detections)) scores[Number(row)] = score;
  return { windows, scores };
}
const standard = (...all: ReturnType<typeof series>[]) => nabScoreAt(0.5, all, profiles.standard);

describe('the score of the Numenta Anomaly Benchmark', () => {
  test('is 100 for the first row of every window, and 0 for nothing found, in all three profiles', () => {
    const found = series([[100, 109]], { 100: 0.9 });
    for (const profile of Object.values(profiles)) {
      expect(nabScoreAt(0.5, [found], profile)).toBeCloseTo(100, 10);
      expect(nabScoreAt(0.95, [found], profile)).toBe(0);
    }
  });

  test('falls within a window, to about an eighth of its worth in the last row', () => {
    // In the last of ten rows the position is -1/10: (2/(1+e^-0.5)-1) / (2/(1+e^-5)-1) = 0.244919 / 0.986614.
    expect(standard(series([[100, 109]], { 109: 0.9 }))).toBeCloseTo((100 * (1 + 0.248242)) / 2, 3);
    // In the sixth it is -1/2: 0.848284 / 0.986614.
    expect(standard(series([[100, 109]], { 105: 0.9 }))).toBeCloseTo((100 * (1 + 0.859793)) / 2, 3);
  });

  test('counts the best detection of a window once, whichever was surer', () => {
    const both = series([[100, 109]], { 100: 0.6, 109: 0.9 });
    expect(standard(both)).toBeCloseTo(100, 10);
    expect(nabScoreAt(0.8, [both], profiles.standard)).toBeCloseTo(62.412, 3);
  });

  test('takes the full cost of a detection before any window, by the profile', () => {
    const early = series([[100, 109]], { 50: 0.9, 100: 0.9 });
    expect(nabScoreAt(0.5, [early], profiles.standard)).toBeCloseTo((100 * (2 - 0.11)) / 2, 10);
    expect(nabScoreAt(0.5, [early], profiles.lowFalsePositives)).toBeCloseTo((100 * (2 - 0.22)) / 2, 10);
    expect(nabScoreAt(0.5, [early], profiles.lowFalseNegatives)).toBeCloseTo((100 * (3 - 0.11)) / 3, 10);
  });

  test('costs little just behind a window, more with every row, and all of it from three widths on', () => {
    const cost = (row: number) => 100 - standard(series([[100, 109]], { 100: 0.9, [row]: 0.9 }));
    // One row behind: position 1/9, 2/(1+e^(5/9))-1 = -0.270844.
    expect(cost(110)).toBeCloseTo((100 * 0.11 * 0.270844) / 2, 4);
    // A width behind: 2/(1+e^5)-1 = -0.986614.
    expect(cost(118)).toBeCloseTo((100 * 0.11 * 0.986614) / 2, 4);
    expect(cost(137)).toBeCloseTo((100 * 0.11) / 2, 10);
    expect(worthAt(3)).toBeGreaterThan(-1);
    expect(worthAt(3.01)).toBe(-1);
  });

  test('adds up the cost of every detection outside of windows', () => {
    const many = Object.fromEntries([...Array(10).keys()].map((index) => [40 + index, 0.9]));
    expect(standard(series([[100, 109]], { ...many, 100: 0.9 }))).toBeCloseTo((100 * (2 - 1.1)) / 2, 10);
  });

  test('looks away from the first 15 % of the rows, and from 750 at most', () => {
    expect(probationOf(200)).toBe(30);
    expect(probationOf(1_127)).toBe(169);
    expect(probationOf(20_000)).toBe(750);
    expect(standard(series([[100, 109]], { 29: 0.9, 100: 0.9 }))).toBeCloseTo(100, 10);
    expect(standard(series([[100, 109]], { 30: 0.9, 100: 0.9 }))).toBeCloseTo(94.5, 10);
    // Of a window that begins there, the rows behind it count, at their place in the whole window.
    expect(standard(series([[26, 35]], { 26: 0.9, 31: 0.9 }))).toBeCloseTo((100 * (1 + 0.859793)) / 2, 3);
  });

  test('uses one threshold for all series, and the best of them', () => {
    const sure = series([[100, 109]], { 100: 0.9 });
    const unsure = series([[100, 109]], { 100: 0.3 });
    const noisy = series([], Object.fromEntries([...Array(12).keys()].map((index) => [60 + index, 0.5])));
    // At 0.9 one of two windows; at 0.3 both, and twelve false alarms: 2 - 1.32 + 2 of 4.
    expect(bestNabScore([sure, unsure], profiles.standard)).toEqual({ score: 100, threshold: 0.3 });
    expect(nabScoreAt(0.3, [sure, unsure, noisy], profiles.standard)).toBeCloseTo((100 * 2.68) / 4, 10);
    expect(bestNabScore([sure, unsure, noisy], profiles.standard).score).toBeCloseTo((100 * 2.68) / 4, 10);
    expect(bestNabScore([sure, unsure, noisy], profiles.lowFalsePositives)).toEqual({ score: 50, threshold: 0.9 });
  });

  test('takes rows of the same score together', () => {
    const all = series([[100, 109]], Object.fromEntries([...Array(100).keys()].map((index) => [50 + index, 0.7])));
    expect(bestNabScore([all], profiles.standard).score).toBe(0);
  });
});
