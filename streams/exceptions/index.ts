/** The exception catalog: one file each. */
import { clockSkew } from './clock-skew.ts';
import { countVariance } from './count-variance.ts';
import { deadLettersWaiting } from './dead-letters-waiting.ts';
import { instructionUnanswered } from './instruction-unanswered.ts';
import { kpiAnomaly } from './kpi-anomaly.ts';
import { negativeStock } from './negative-stock.ts';
import { nodeImpaired } from './node-impaired.ts';
import { nodeOverCapacity } from './node-over-capacity.ts';
import { oversold } from './oversold.ts';
import { parkedTooLong } from './parked-too-long.ts';
import { reservationLeak } from './reservation-leak.ts';
import { reservationOrphaned } from './reservation-orphaned.ts';
import type { ExceptionDefinition, ExceptionRule } from './rule.ts';
import { shipByAtRisk } from './ship-by-at-risk.ts';
import { sourceSilent } from './source-silent.ts';
import { stockoutExpected } from './stockout-expected.ts';
import { unknownValues } from './unknown-values.ts';
import { volumeAbnormal } from './volume-abnormal.ts';

export const exceptionRules = [
  negativeStock,
  oversold,
  shipByAtRisk,
  nodeImpaired,
  nodeOverCapacity,
  countVariance,
  deadLettersWaiting,
  sourceSilent,
  parkedTooLong,
  clockSkew,
  unknownValues,
  volumeAbnormal,
  reservationLeak,
  reservationOrphaned,
  stockoutExpected,
  instructionUnanswered,
] as ExceptionRule[];

/** All kinds of exceptions there are, also those that no test on a state finds. */
export const exceptionDefinitions: readonly ExceptionDefinition[] = [...exceptionRules, kpiAnomaly];
