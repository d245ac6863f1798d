/** What there is, what of it may be promised, and what was missing. */
import type { Kpi } from '../definition.ts';
import { atp } from './atp.ts';
import { atpShort } from './atp-short.ts';
import { supplyDays } from './days-of-supply.ts';
import { lostSalesUnits } from './lost-sales-units.ts';
import { lostSalesValue } from './lost-sales-value.ts';
import { onHand } from './on-hand.ts';
import { onHandValue } from './on-hand-value.ts';
import { oversellRate } from './oversell-rate.ts';
import { recordAccuracy } from './record-accuracy.ts';
import { sellThroughRate } from './sell-through.ts';
import { stockoutRate } from './stockout-rate.ts';
import { stockoutRateWeighted } from './stockout-rate-weighted.ts';

export const stockKpis: readonly Kpi[] = [
  oversellRate,
  onHand,
  onHandValue,
  atp,
  atpShort,
  supplyDays,
  stockoutRate,
  stockoutRateWeighted,
  lostSalesUnits,
  lostSalesValue,
  sellThroughRate,
  recordAccuracy,
];
