/** The exception catalog: one file each. */
import { countVariance } from './count-variance.ts';
import { deadLettersWaiting } from './dead-letters-waiting.ts';
import { instructionUnanswered } from './instruction-unanswered.ts';
import { kpiAnomaly } from './kpi-anomaly.ts';
import { negativeStock } from './negative-stock.ts';
import { oversold } from './oversold.ts';
import { parkedTooLong } from './parked-too-long.ts';
import { reservationLeak } from './reservation-leak.ts';
import { reservationOrphaned } from './reservation-orphaned.ts';
import type { ExceptionDefinition, ExceptionRule } from './rule.ts';
import { shipByAtRisk } from './ship-by-at-risk.ts';
import { sourceSilent } from './source-silent.ts';

export const exceptionRules = [
  negativeStock,
  oversold,
  shipByAtRisk,
  countVariance,
  deadLettersWaiting,
  sourceSilent,
  parkedTooLong,
  reservationLeak,
  reservationOrphaned,
  instructionUnanswered,
] as ExceptionRule[];

/** All kinds of exceptions there are, also those that no test on a state finds. */
export const exceptionDefinitions: readonly ExceptionDefinition[] = [...exceptionRules, kpiAnomaly];
