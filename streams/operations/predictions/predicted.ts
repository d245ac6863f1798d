/** A probability with what it follows from. Times epoch ms. */
import type { PredictionKind } from '../../events/signals.ts';

export type Predicted = {
  prediction: PredictionKind;
  subject: string;
  title: string;
  at: number;
  /** What happens up to then counts. */
  horizon: number;
  /** As worked out, and as corrected by what came true before. */
  uncorrected: number;
  probability: number;
  /** Among which it is compared with what is usual; empty when nobody knows. */
  among: string;
  sku: string | null;
  node: string | null;
  purchaseOrder: string | null;
  supplier: string | null;
  /** By when it has happened with a chance of a tenth, a half and nine tenths; null beyond what is looked ahead. */
  when: { p10: number | null; p50: number | null; p90: number | null };
  inputs: Record<string, number | string>;
  formula: string;
};

/** In percent, as people read it; never quite 0 or 100. */
export const percentOf = (probability: number): number => Math.max(1, Math.min(99, Math.round(probability * 100)));

export const tenths = (value: number): number => Math.round(value * 10) / 10;
export const thousandths = (value: number): number => Math.round(value * 1_000) / 1_000;
