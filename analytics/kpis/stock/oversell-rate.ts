import { defineKpi, defineMeasure, firstVersion } from '../definition.ts';
import { linesAccepted } from '../sales/order-lines.ts';

const linesOversold = defineMeasure({
  name: 'lines.oversold',
  terms: [
    { step: 'line-accepted', column: 'steps' },
    { step: 'line-accepted', column: 'filled', sign: -1 },
  ],
});

export const oversellRate = defineKpi({
  id: 'oversell-rate',
  name: 'Oversell rate',
  question: 'How often do we accept what we do not have?',
  formula: 'lines accepted beyond ATP at acceptance / lines accepted',
  group: 'stock',
  unit: 'percent',
  direction: 'down',
  clock: 'when the order was placed; judged against the stock known at that moment and never again',
  exclusions: 'workspaces in advise mode, where another system promises stock, never count a line as oversold',
  owner: 'Inventory planning',
  target: 0.5,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited'],
  exceptions: ['oversold', 'negative-stock'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [linesOversold], whole: [linesAccepted] },
});
