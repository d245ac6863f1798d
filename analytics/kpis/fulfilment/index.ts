/** How work gets done. */
import type { Kpi } from '../definition.ts';
import { backlog } from './backlog.ts';
import { backlogAge } from './backlog-age.ts';
import { cancelledLines } from './cancelled-lines.ts';
import { cycleTime } from './cycle-time.ts';
import { lineFillRate } from './line-fill-rate.ts';
import { merchantCancelRate } from './merchant-cancel-rate.ts';

export const fulfilmentKpis: readonly Kpi[] = [
  lineFillRate,
  merchantCancelRate,
  ...cancelledLines,
  ...cycleTime,
  ...backlog,
  ...backlogAge,
];
