import { defineKpi, firstVersion } from '../definition.ts';

export const procurementCycleTime = defineKpi({
  id: 'procurement-cycle-time',
  name: 'Procurement cycle time',
  question: 'How long does it take from a need to an order at the supplier?',
  formula: 'time from a need being raised to the purchase order being sent, half of the orders took no longer',
  group: 'procurement',
  unit: 'hours',
  direction: 'down',
  clock: 'when the purchase order was sent',
  exclusions: 'orders nobody raised a need for; the time of the supplier is lead time',
  owner: 'Head of procurement',
  target: null,
  cadence: 'hour',
  dimensions: ['supplier'],
  thresholds: null,
  sources: ['purchase-order.confirmed'],
  version: 1,
  changes: firstVersion,
  waitsFor:
    'events of recommendations, approvals and orders sent: purchase orders are known from their confirmation on',
  live: { kind: 'history', of: 'period', days: 28, figure: () => null },
});
