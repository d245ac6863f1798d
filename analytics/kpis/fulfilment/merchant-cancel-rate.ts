import { defineKpi, firstVersion } from '../definition.ts';
import { linesAccepted } from '../sales/order-lines.ts';
import { linesCancelled } from './cancelled-lines.ts';

export const merchantCancelRate = defineKpi({
  id: 'merchant-cancel-rate',
  name: 'Merchant-caused cancel rate',
  question: 'How many lines do we cancel for reasons of our own?',
  formula: 'lines first cancelled for stock or fulfilment / lines accepted',
  group: 'fulfilment',
  unit: 'percent',
  direction: 'down',
  clock:
    'cancellations when they were made, lines when they were accepted: over a short period the two are not the same lines',
  exclusions: 'cancellations by customers, for fraud and for other reasons are shown apart',
  owner: 'Head of fulfilment',
  target: 1,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.cancelled'],
  exceptions: ['oversold', 'order-unallocated'],
  version: 1,
  changes: firstVersion,
  live: { kind: 'ratio', part: [linesCancelled.stock, linesCancelled.fulfilment], whole: [linesAccepted] },
});
