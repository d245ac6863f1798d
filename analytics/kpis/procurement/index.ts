/** How suppliers keep their word, and how long it takes. */
import type { Kpi } from '../definition.ts';
import { forecasts } from './forecasts.ts';
import { leadTime } from './lead-time.ts';
import { leadTimeCv } from './lead-time-cv.ts';
import { leadTimeDeviation } from './lead-time-deviation.ts';
import { procurementCycleTime } from './procurement-cycle-time.ts';
import { supplierDaysLate } from './supplier-days-late.ts';
import { supplierInFull } from './supplier-in-full.ts';
import { supplierOnTime } from './supplier-on-time.ts';

export const procurementKpis: readonly Kpi[] = [
  supplierOnTime,
  supplierInFull,
  supplierDaysLate,
  ...leadTime,
  leadTimeDeviation,
  leadTimeCv,
  procurementCycleTime,
  ...forecasts,
];
