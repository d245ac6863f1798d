/** The exception catalog: one file each. */
import { countVariance } from './count-variance.ts';
import { deadLettersWaiting } from './dead-letters-waiting.ts';
import { negativeStock } from './negative-stock.ts';
import { oversold } from './oversold.ts';
import { parkedTooLong } from './parked-too-long.ts';
import type { ExceptionRule } from './rule.ts';
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
] as ExceptionRule[];
