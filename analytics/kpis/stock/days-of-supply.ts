import { defineKpi, firstVersion } from '../definition.ts';
import { daysOfSupply } from '../history-figures.ts';

export const supplyDays = defineKpi({
  id: 'days-of-supply',
  name: 'Days of supply',
  question: 'How long does the stock last?',
  formula:
    'sellable units / units ordered a day, as the mean of the 28 days before: that is the forecast until there is a better one',
  group: 'stock',
  unit: 'days',
  direction: 'none',
  clock: 'level at the end of a local day, looking forward',
  exclusions: 'units allocated already; in the first 28 days the mean is of those on record',
  owner: 'Inventory planning',
  target: null,
  cadence: 'day',
  dimensions: ['node'],
  thresholds: null,
  sources: ['stock.received', 'stock.adjusted', 'order.placed', 'fulfilment.dispatched'],
  exceptions: ['stockout-expected', 'excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'moment', days: 1, figure: daysOfSupply },
  sql: { file: 'days-of-supply', parameters: { rateDays: 28 } },
});
