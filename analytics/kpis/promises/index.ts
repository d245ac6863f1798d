/** Whether we keep our word. */
import type { Kpi } from '../definition.ts';
import { onTimeDispatch } from './on-time-dispatch.ts';
import { pastPromise } from './past-promise.ts';

export const promisesKpis: readonly Kpi[] = [onTimeDispatch, pastPromise];
