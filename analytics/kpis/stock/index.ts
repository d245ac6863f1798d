/** What there is, and what of it may be promised. */
import type { Kpi } from '../definition.ts';
import { atp } from './atp.ts';
import { atpShort } from './atp-short.ts';
import { onHand } from './on-hand.ts';
import { onHandValue } from './on-hand-value.ts';
import { oversellRate } from './oversell-rate.ts';
import { recordAccuracy } from './record-accuracy.ts';

export const stockKpis: readonly Kpi[] = [oversellRate, onHand, onHandValue, atp, atpShort, recordAccuracy];
