import { defineKpi, firstVersion } from '../definition.ts';
import { backlogChanges } from '../fulfilment/backlog.ts';
import { matches } from '../levels.ts';

export const pastPromise = defineKpi({
  id: 'past-promise',
  name: 'Past promise',
  question: 'How many open orders should have left already?',
  formula: 'open orders whose ship-by is before now',
  group: 'promises',
  unit: 'count',
  direction: 'down',
  clock: 'level at a moment',
  exclusions: 'orders without a ship-by',
  owner: 'Head of fulfilment',
  target: 0,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  thresholds: null,
  sources: ['order.placed', 'order.edited', 'order.cancelled', 'fulfilment.dispatched'],
  exceptions: ['ship-by-at-risk', 'pick-delayed', 'dispatch-unconfirmed', 'node-impaired', 'node-over-capacity'],
  version: 1,
  changes: firstVersion,
  live: {
    kind: 'level',
    read({ waves, backlogs, now }, filter) {
      // Waves vanish when they are empty, so the backlog tells whether there was ever an order.
      if (!backlogs.some((backlog) => matches(backlog, filter))) return null;
      let late = 0;
      for (const wave of waves) {
        if (wave.shipBy >= now || !matches({ node: wave.node }, { node: filter.node })) continue;
        late += filter.channel === undefined ? wave.orders : (wave.channels[filter.channel] ?? 0);
      }
      return late;
    },
  },
  ahead: true,
  asked: { kind: 'level', clock: 'overdue', terms: backlogChanges[0].terms, emptyIsZero: true },
});
