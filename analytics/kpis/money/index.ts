/** What it is worth. */
import type { Kpi } from '../definition.ts';
import { margin } from './margin.ts';
import { revenue } from './revenue.ts';

export const moneyKpis: readonly Kpi[] = [revenue, margin];
