/** What there is, and what of it may be promised. */
import type { Kpi } from '../definition.ts';
import { atpShort } from './atp-short.ts';
import { onHand } from './on-hand.ts';
import { onHandValue } from './on-hand-value.ts';
import { oversellRate } from './oversell-rate.ts';

export const stockKpis: readonly Kpi[] = [oversellRate, onHand, onHandValue, atpShort];
