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

/** The record of suppliers is what came true already: corrected once more, what is said of receipts was measured to be worse. */
const isCorrected = (prediction: PredictionKind): boolean => prediction !== 'late-receipt';

/** Rows without what was worked out teach nothing. */
export function predictionSettled(draft: Draft, { data, occurredAt }: EventOf<'prediction.settled'>): void {
  const known = draft.get('prediction-record', data.prediction) ?? noRecord(data.prediction);
  const rows = data.rows.flatMap(({ uncorrected, happened }) =>
    uncorrected === undefined ? [] : [{ uncorrected, happened }],
  );
  if (rows.length === 0) return;
  const steps = withOutcomes(known.steps, rows, known.at === 0 ? 0 : occurredAt - known.at);
  draft.put('prediction-record', data.prediction, {
    ...known,
    settled: known.settled + rows.length,
    happened: known.happened + rows.filter(({ happened }) => happened).length,
    at: Math.max(known.at, occurredAt),
    steps,
    correction: isCorrected(data.prediction) ? correctionOf(steps) : noCorrection,
  });
}

export const correctionFor = (draft: Draft, prediction: PredictionKind): Correction =>
  draft.get('prediction-record', prediction)?.correction ?? noCorrection;

/** What is said of what was worked out. */
export const correctedBy = (draft: Draft, prediction: PredictionKind, uncorrected: number): number =>
  corrected(uncorrected, correctionFor(draft, prediction));
