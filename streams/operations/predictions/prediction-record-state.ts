/** What came of the predictions of one kind: what later ones are corrected by. */
import type { PredictionKind } from '../../events/signals.ts';

/** By the log odds that were worked out, in steps of a half from -8 on: how much was settled, and how much of it happened. */
export type SettledSteps = [settled: number, happened: number][];

/** What is added to log odds after they were multiplied. */
export type Correction = { shift: number; stretch: number };

export type PredictionRecord = {
  prediction: PredictionKind;
  /** Predictions settled so far, and how many of those had happened. */
  settled: number;
  happened: number;
  /** When the newest were settled. */
  at: number;
  /** By what was worked out; older outcomes weigh less. */
  steps: SettledSteps;
  correction: Correction;
};
