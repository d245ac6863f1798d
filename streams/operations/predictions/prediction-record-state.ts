/** What came of the predictions of one kind: what later ones are corrected by. */
import type { PredictionKind } from '../../events/signals.ts';
import type { Correction, SettledSteps } from '../../policies/chances/correction.ts';

export type PredictionRecord = {
  prediction: PredictionKind;
  /** Predictions settled so far, and how many of those had happened. */
  settled: number;
  happened: number;
  /** By what was worked out. */
  steps: SettledSteps;
  correction: Correction;
};
