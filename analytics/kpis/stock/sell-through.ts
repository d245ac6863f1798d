import { defineKpi, firstVersion } from '../definition.ts';
import { sellThrough } from '../history-figures.ts';

export const sellThroughRate = defineKpi({
  id: 'sell-through',
  name: 'Sell-through',
  question: 'How much of what was there to sell was sold?',
  formula: 'units dispatched / (units on hand when the period began + units received from suppliers in it)',
  group: 'stock',
  unit: 'percent',
  direction: 'up',
  clock: 'local days: units when they were dispatched or received',
  exclusions: 'returns are not taken off; what was found or corrected is not counted as received',
  owner: 'Merchandising',
  target: null,
  cadence: 'day',
  dimensions: ['category'],
  thresholds: null,
  sources: ['stock.received', 'fulfilment.dispatched', 'item.defined'],
  exceptions: ['excess-or-aged-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'history', of: 'period', days: 28, figure: sellThrough },
  sql: { file: 'sell-through' },
});
