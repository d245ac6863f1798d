/** Remembers what came of predictions, so that the next ones are corrected by it. */
import type { EventOf } from '../../events/index.ts';
import type { PredictionKind } from '../../events/signals.ts';
import { corrected, correctionOf, noCorrection, noSteps, withOutcomes } from '../../policies/chances/correction.ts';
import type { Draft } from '../draft.ts';
import type { Correction, PredictionRecord } from './prediction-record-state.ts';

const noRecord = (prediction: PredictionKind): PredictionRecord => ({
  prediction,
  settled: 0,
  happened: 0,
  at: 0,
  steps: noSteps(),
  correction: noCorrection,
});

/** Rows without what was worked out teach nothing. */
export function predictionSettled(draft: Draft, { data, occurredAt }: EventOf<'prediction.settled'>): void {
  const known = draft.get('prediction-record', data.prediction) ?? noRecord(data.prediction);
  // The lines of one order come, or do not come, together.
  const commonOf = (subject: string) =>
    data.prediction === 'late-receipt' ? subject.slice(0, subject.lastIndexOf('/')) : subject;
  const together = Map.groupBy(data.rows, ({ subject }) => commonOf(subject));
  const rows = data.rows.flatMap(({ subject, uncorrected, happened }) =>
    uncorrected === undefined ? [] : [{ uncorrected, happened, share: 1 / together.get(commonOf(subject))!.length }],
  );
  if (rows.length === 0) return;
  const steps = withOutcomes(known.steps, rows, known.at === 0 ? 0 : occurredAt - known.at);
  draft.put('prediction-record', data.prediction, {
    ...known,
    settled: known.settled + rows.length,
    happened: known.happened + rows.filter(({ happened }) => happened).length,
    at: Math.max(known.at, occurredAt),
    steps,
    correction: correctionOf(steps),
  });
}

export const correctionFor = (draft: Draft, prediction: PredictionKind): Correction =>
  draft.get('prediction-record', prediction)?.correction ?? noCorrection;

/** What is said of what was worked out. */
export const correctedBy = (draft: Draft, prediction: PredictionKind, uncorrected: number): number =>
  corrected(uncorrected, correctionFor(draft, prediction));
