/** What comes back. */
import type { Kpi } from '../definition.ts';
import { returnRate } from './return-rate.ts';
import { returnToStock } from './return-to-stock.ts';
import { unitsReturnedCount } from './units-returned.ts';

export const returnsKpis: readonly Kpi[] = [unitsReturnedCount, returnRate, ...returnToStock];
