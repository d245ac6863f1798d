/** What it is worth. */
import type { Kpi } from '../definition.ts';
import { agedValue } from './aged-value.ts';
import { cancelledValue } from './cancelled-value.ts';
import { daysInventoryOutstanding } from './days-inventory-outstanding.ts';
import { excessValue } from './excess-value.ts';
import { gmroi } from './gmroi.ts';
import { inventoryTurns } from './inventory-turns.ts';
import { margin } from './margin.ts';
import { refunds } from './refunds.ts';
import { returnOnInvestment } from './return-on-investment.ts';
import { revenue } from './revenue.ts';
import { shippedValue } from './shipped-value.ts';
import { workingCapitalFreed } from './working-capital-freed.ts';

export const moneyKpis: readonly Kpi[] = [
  revenue,
  margin,
  shippedValue,
  cancelledValue,
  ...refunds,
  inventoryTurns,
  daysInventoryOutstanding,
  gmroi,
  excessValue,
  agedValue,
  workingCapitalFreed,
  returnOnInvestment,
];
