/** How work gets done. */
import type { Kpi } from '../definition.ts';
import { adviceFollowed } from './advice-followed.ts';
import { backlog } from './backlog.ts';
import { backlogAge } from './backlog-age.ts';
import { cancelledLines } from './cancelled-lines.ts';
import { cancelledOrders } from './cancelled-orders.ts';
import { cycleTime } from './cycle-time.ts';
import { deliveryTime } from './delivery-time.ts';
import { holdTime } from './hold-time.ts';
import { lineFillRate } from './line-fill-rate.ts';
import { merchantCancelRate } from './merchant-cancel-rate.ts';
import { picking } from './picking.ts';
import { rerouted } from './rerouted.ts';
import { shipped } from './shipped.ts';
import { shippedOrders } from './shipped-orders.ts';
import { unitFillRate } from './unit-fill-rate.ts';
import { waitingWork } from './waiting-work.ts';

export const fulfilmentKpis: readonly Kpi[] = [
  lineFillRate,
  unitFillRate,
  ...shippedOrders,
  ...shipped,
  ...cycleTime,
  ...holdTime,
  ...deliveryTime,
  ...backlog,
  ...backlogAge,
  ...waitingWork,
  merchantCancelRate,
  ...cancelledLines,
  ...cancelledOrders,
  ...picking,
  rerouted,
  adviceFollowed,
];
