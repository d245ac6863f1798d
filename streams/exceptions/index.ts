/** The exception catalog: one file each. */

import { channelDrift } from './channel-drift.ts';
import { clockSkew } from './clock-skew.ts';
import { confidenceLow } from './confidence-low.ts';
import { countVariance } from './count-variance.ts';
import { deadLettersWaiting } from './dead-letters-waiting.ts';
import { deliveryLate } from './delivery-late.ts';
import { dispatchUnconfirmed } from './dispatch-unconfirmed.ts';
import { excessOrAgedStock } from './excess-or-aged-stock.ts';
import { holdAgeing } from './hold-ageing.ts';
import { instructionUnanswered } from './instruction-unanswered.ts';
import { kpiAnomaly } from './kpi-anomaly.ts';
import { negativeStock } from './negative-stock.ts';
import { nodeImpaired } from './node-impaired.ts';
import { nodeOverCapacity } from './node-over-capacity.ts';
import { orderUnallocated } from './order-unallocated.ts';
import { oversold } from './oversold.ts';
import { parkedTooLong } from './parked-too-long.ts';
import { pickDelayed } from './pick-delayed.ts';
import { reservationLeak } from './reservation-leak.ts';
import { reservationOrphaned } from './reservation-orphaned.ts';
import { returnNotJudged } from './return-not-judged.ts';
import type { ExceptionDefinition, ExceptionRule } from './rule.ts';
import { shipByAtRisk } from './ship-by-at-risk.ts';
import { snapshotQuarantined } from './snapshot-quarantined.ts';
import { sourceSilent } from './source-silent.ts';
import { stockoutExpected } from './stockout-expected.ts';
import { transferLate } from './transfer-late.ts';
import { unknownValues } from './unknown-values.ts';
import { volumeAbnormal } from './volume-abnormal.ts';

export const exceptionRules = [
  negativeStock,
  oversold,
  shipByAtRisk,
  nodeImpaired,
  nodeOverCapacity,
  countVariance,
  channelDrift,
  confidenceLow,
  snapshotQuarantined,
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
  excessOrAgedStock,
  returnNotJudged,
  transferLate,
  orderUnallocated,
  pickDelayed,
  dispatchUnconfirmed,
  deliveryLate,
  holdAgeing,
] as ExceptionRule[];

/** All kinds of exceptions there are, also those that no test on a state finds. */
export const exceptionDefinitions: readonly ExceptionDefinition[] = [...exceptionRules, kpiAnomaly];
