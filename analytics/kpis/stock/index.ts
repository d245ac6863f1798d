/** What there is, what of it may be promised, and what was missing. */
import type { Kpi } from '../definition.ts';
import { atp } from './atp.ts';
import { atpShort } from './atp-short.ts';
import { channelAtpKpi } from './channel-atp.ts';
import { supplyDays } from './days-of-supply.ts';
import { inventoryConfidence } from './inventory-confidence.ts';
import { lostSalesUnits } from './lost-sales-units.ts';
import { lostSalesValue } from './lost-sales-value.ts';
import { onHand } from './on-hand.ts';
import { onHandValue } from './on-hand-value.ts';
import { oversellRate } from './oversell-rate.ts';
import { receiptToStock } from './receipt-to-stock.ts';
import { recordAccuracy } from './record-accuracy.ts';
import { sellThroughRate } from './sell-through.ts';
import { sourceDriftMinutes } from './source-drift-minutes.ts';
import { sourceDriftUnits } from './source-drift-units.ts';
import { stockoutRate } from './stockout-rate.ts';
import { stockoutRateWeighted } from './stockout-rate-weighted.ts';

export const stockKpis: readonly Kpi[] = [
  oversellRate,
  onHand,
  onHandValue,
  atp,
  atpShort,
  channelAtpKpi,
  supplyDays,
  stockoutRate,
  stockoutRateWeighted,
  lostSalesUnits,
  lostSalesValue,
  sellThroughRate,
  ...receiptToStock,
  recordAccuracy,
  inventoryConfidence,
  sourceDriftUnits,
  sourceDriftMinutes,
];
