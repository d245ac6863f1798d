/** What came in. */
import type { Kpi } from '../definition.ts';
import { orderLines } from './order-lines.ts';
import { orders } from './orders.ts';
import { perOrder } from './per-order.ts';
import { units } from './units.ts';

export const salesKpis: readonly Kpi[] = [orders, orderLines, units, ...perOrder];
