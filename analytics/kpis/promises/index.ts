/** Whether we keep our word. */
import type { Kpi } from '../definition.ts';
import { cutOffAdherence } from './cut-off-adherence.ts';
import { onTimeDispatch } from './on-time-dispatch.ts';
import { dueOrders } from './orders-due.ts';
import { otif } from './otif.ts';
import { pastPromise } from './past-promise.ts';
import { perfectOrder } from './perfect-order.ts';
import { promiseAccuracy } from './promise-accuracy.ts';
import { promisesMovedRate } from './promises-moved.ts';

export const promisesKpis: readonly Kpi[] = [
  onTimeDispatch,
  otif,
  ...promiseAccuracy,
  perfectOrder,
  cutOffAdherence,
  promisesMovedRate,
  ...dueOrders,
  pastPromise,
];
