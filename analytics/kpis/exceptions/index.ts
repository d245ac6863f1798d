/** What has gone wrong and waits for somebody. */
import type { Kpi } from '../definition.ts';
import { moneyAtRisk } from './money-at-risk.ts';

export const exceptionsKpis: readonly Kpi[] = [moneyAtRisk];
