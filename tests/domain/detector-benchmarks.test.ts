import { beforeAll, describe, expect, test } from 'vitest';
import { type Field, type Judged, judged, scoredBy } from '../bench/detectors/nab.ts';
import { eventScoreAt } from '../support/nab/event-score.ts';
import { type LookAlike, lookAlikes } from '../support/nab/look-alikes.ts';
import { type NabSeries, nabIsHere, readNab } from '../support/nab/read-nab.ts';
import {
  bestNabScore,
  nabScoreAt,
  type ProfileName,
  probationOf,
  profileNames,
  profiles,
} from '../support/nab/score-nab.ts';

/** One threshold for every series there is; measured on made series, of other seeds than the ones here. */
const ALERT_FROM = 0.34;
const OTHER_SEEDS = [21, 22];

describe('series of which nobody said what they are', () => {
  describe.skipIf(!nabIsHere)('of the Numenta benchmark, where its files are', () => {
    let files: Judged<NabSeries>[];
    beforeAll(() => {
      files = judged(readNab());
    });

    test('are scored over the best that is published for these groups, in all three profiles', () => {
      const floors: Record<Field, Record<ProfileName, number>> = {
        alert: { standard: 80, lowFalsePositives: 71, lowFalseNegatives: 85 },
        score: { standard: 74, lowFalsePositives: 69, lowFalseNegatives: 78 },
      };
      for (const [field, least] of Object.entries(floors)) {
        const scored = scoredBy(field as Field, files);
        for (const name of profileNames) {
          expect(bestNabScore(scored, profiles[name]).score, `${field} ${name}`).toBeGreaterThan(least[name]);
        }
      }
    });

    test('are scored as well at a threshold that was not chosen on them, and in either half of the files', () => {
      const alerts = scoredBy('alert', files);
      expect(nabScoreAt(ALERT_FROM, alerts, profiles.standard)).toBeGreaterThan(76);
      for (const half of [0, 1]) {
        const part = alerts.filter((_, index) => index % 2 === half);
        expect(bestNabScore(part, profiles.standard).score, `half ${half}`).toBeGreaterThan(76);
      }
    });

    test('get no page where nothing is unusual', () => {
      const pages = files
        .filter(({ group }) => group === 'artificialNoAnomaly')
        .map(({ name, alert }) => [
          name,
          alert.filter((value, row) => row >= probationOf(alert.length) && value >= ALERT_FROM).length,
        ]);
      expect(pages).toHaveLength(5);
      for (const [name, count] of pages) expect(count, `${name}`).toBe(0);
    });
  });

  describe('made of the kinds that public benchmarks have', () => {
    let made: Judged<LookAlike>[];
    beforeAll(() => {
      made = judged(OTHER_SEEDS.flatMap(lookAlikes));
    });

    test('are found, though nothing was chosen by them', () => {
      expect(nabScoreAt(ALERT_FROM, scoredBy('alert', made), profiles.standard)).toBeGreaterThan(60);
    });

    test('get few pages where nothing is unusual', () => {
      const { falseAlarms } = eventScoreAt(ALERT_FROM, scoredBy('alert', made));
      expect(falseAlarms / made.length).toBeLessThan(6);
    });

    test('have a score that is reached as often as it says', () => {
      // Away from what is unusual, a score s/(s+4) is for what is seen once in 10^s points.
      const quiet = made.flatMap(({ score, windows }) =>
        [...score].filter(
          (_, row) => row >= probationOf(score.length) && !windows.some(([first, last]) => row >= first && row <= last),
        ),
      );
      for (const surprise of [1, 1.5, 2, 2.5]) {
        const share = quiet.filter((score) => score >= surprise / (surprise + 4)).length / quiet.length;
        expect(-Math.log10(share), `surprise ${surprise} is reached by ${share}`).toBeGreaterThan(surprise - 0.4);
        expect(-Math.log10(share), `surprise ${surprise} is reached by ${share}`).toBeLessThan(surprise + 0.4);
      }
    });
  });
});

describe('the event score', () => {
  const spans = [{ first: 50, last: 60 }];
  const of = (rows: number[]) => ({
    spans,
    scores: Float64Array.from({ length: 100 }, (_, row) => +rows.includes(row)),
  });

  test('counts a span found within seven rows, not later, and a run of alarms elsewhere once', () => {
    expect(eventScoreAt(0.5, [of([57])])).toMatchObject({ found: 1, falseAlarms: 0, events: 1, f1: 1 });
    expect(eventScoreAt(0.5, [of([58])])).toMatchObject({ found: 0, falseAlarms: 0, f1: 0 });
    expect(eventScoreAt(0.5, [of([52, 30, 31, 32, 90])])).toMatchObject({ found: 1, falseAlarms: 2, f1: 0.5 });
    // Rows behind a span still belong to it, and those of the beginning do not count.
    expect(eventScoreAt(0.5, [of([3, 52, 66])])).toMatchObject({ found: 1, falseAlarms: 0 });
    expect(eventScoreAt(0.5, [of([52, 68])])).toMatchObject({ found: 1, falseAlarms: 1 });
  });
});
