/** Figures for series of which nobody said what they are: the Numenta benchmark's, and made ones that nothing was fitted to. */
import { createDetector } from '../../../analytics/anomalies/detector/create-detector.ts';
import { bestEventScore } from '../../support/nab/event-score.ts';
import { type LookAlike, lookAlikes } from '../../support/nab/look-alikes.ts';
import { type NabSeries, nabIsHere, readNab } from '../../support/nab/read-nab.ts';
import {
  bestNabScore,
  nabScoreAt,
  type ProfileName,
  profileNames,
  profiles,
  type Window,
} from '../../support/nab/score-nab.ts';

export type Watched = { name: string; times: readonly number[]; values: readonly number[]; windows: readonly Window[] };
export type Field = 'alert' | 'score';
export type Judged<S extends Watched> = S & Record<Field, Float64Array>;

/** Each series by a detector of its own, all of them alike. */
export function judged<S extends Watched>(all: readonly S[]): Judged<S>[] {
  return all.map((series) => {
    const detector = createDetector();
    const alert = new Float64Array(series.values.length);
    const score = new Float64Array(series.values.length);
    for (const [row, v] of series.values.entries()) {
      const judgement = detector.judge({ t: series.times[row]!, v });
      alert[row] = judgement.alert;
      score[row] = judgement.score;
    }
    return { ...series, alert, score };
  });
}

export const scoredBy = <S extends Watched>(field: Field, all: readonly Judged<S>[]) =>
  all.map((series) => ({ ...series, scores: series[field] }));

const figure = (value: number): string => value.toFixed(1);
const MADE_SEEDS = [1, 2, 3, 4, 5, 6];

export function measureNab(): void {
  const began = process.cpuUsage();
  const made = judged(MADE_SEEDS.flatMap(lookAlikes));
  const real = nabIsHere ? judged(readNab()) : [];
  const points = [...made, ...real].reduce((sum, { values }) => sum + values.length, 0);
  const { user, system } = process.cpuUsage(began);
  const microseconds = (user + system) / points;
  console.log(
    `Kind unknown: ${points} points of ${made.length + real.length} series, ${microseconds.toFixed(2)} us a point`,
  );
  if (!nabIsHere) console.log('The files of the Numenta benchmark are not here: made series only.');
  for (const field of ['alert', 'score'] as const) {
    console.log(`\nBy \`${field}\``);
    console.table(rowsOf(field, real, made));
  }
  console.log('\nMade series by kind, by `alert`: at the best threshold of the kind, and at the one of all');
  console.table(familiesOf(made));
}

function rowsOf(field: Field, real: Judged<NabSeries>[], made: Judged<LookAlike>[]) {
  const files = scoredBy(field, real);
  const others = scoredBy(field, made);
  const half = (odd: number) => files.filter((_, index) => index % 2 === odd);
  return profileNames.map((name: ProfileName) => {
    const profile = profiles[name];
    const best = bestNabScore(files, profile);
    const ofMade = bestNabScore(others, profile);
    return {
      profile: name,
      'NAB groups': figure(best.score),
      threshold: best.threshold.toFixed(3),
      'at the threshold of made series': figure(nabScoreAt(ofMade.threshold, files, profile)),
      'at the threshold of the other half': [0, 1]
        .map((odd) => figure(nabScoreAt(bestNabScore(half(1 - odd), profile).threshold, half(odd), profile)))
        .join(' / '),
      'made series': figure(ofMade.score),
      'made threshold': ofMade.threshold.toFixed(3),
      'made, event F1': bestEventScore(others).f1.toFixed(3),
    };
  });
}

function familiesOf(made: Judged<LookAlike>[]) {
  const all = scoredBy('alert', made);
  const { threshold } = bestNabScore(all, profiles.standard);
  return [...Map.groupBy(all, ({ name }) => name.split(' ')[0]!)].map(([kind, list]) => ({
    kind,
    best: figure(bestNabScore(list, profiles.standard).score),
    'at one threshold': figure(nabScoreAt(threshold, list, profiles.standard)),
    'event F1': bestEventScore(list).f1.toFixed(3),
  }));
}
