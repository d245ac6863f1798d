import { defineKpi, firstVersion } from '../definition.ts';
import { hoursToShare } from '../history-figures.ts';

export const receiptToStock = ([50, 90] as const).map((percent) =>
  defineKpi({
    id: `receipt-to-stock-p${percent}`,
    name: `Receipt to stock, p${percent}`,
    question: percent === 50 ? 'How long until what came can be sold?' : 'How long does the slowest tenth of it take?',
    formula: `time from the receipt of a unit until it was sellable, ${percent} % of units took no longer; no source tells when goods were at the dock or put away, so it is no dock-to-stock time`,
    group: 'stock',
    unit: 'hours',
    direction: 'down',
    clock: 'when the unit became sellable',
    exclusions: 'units in quarantine still, and those that never became sellable; what comes back from customers',
    owner: 'Head of warehouses',
    target: percent === 50 ? 4 : 24,
    cadence: 'hour',
    dimensions: ['node'],
    thresholds: null,
    sources: ['stock.received', 'stock.condition-changed'],
    exceptions: ['transfer-late'],
    version: 1,
    changes: firstVersion,
    live: { kind: 'history', of: 'period', days: 28, figure: hoursToShare(percent / 100) },
    sql: { file: 'receipt-to-stock' },
  }),
);
