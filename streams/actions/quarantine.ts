import { defineAction, needUnits, step, units, worthOf } from './definition.ts';

export const quarantine = defineAction({
  kind: 'quarantine',
  title: 'Quarantine',
  does: 'Takes sellable units off sale until somebody has looked at them.',
  words: ({ sku, node, quantity, reason }) => `Quarantine ${units(quantity)} of ${sku} at ${node}: ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan({ draft }, { sku, node, quantity, reason }) {
    needUnits(draft, sku, node, 'sellable', quantity);
    return {
      steps: [step('stock.condition-changed', { sku, node, quantity, from: 'sellable', to: 'quarantined', reason })],
      instructions: [
        { kind: 'quarantine-stock', to: node, body: { sku, quantity, reason, worth: worthOf(draft, sku, quantity) } },
      ],
    };
  },
  undo({ draft }, { input: { sku, node, quantity, reason } }) {
    needUnits(draft, sku, node, 'quarantined', quantity);
    const why = `undone: ${reason}`;
    return {
      steps: [
        step('stock.condition-changed', { sku, node, quantity, from: 'quarantined', to: 'sellable', reason: why }),
      ],
    };
  },
});

export const releaseQuarantine = defineAction({
  kind: 'release-quarantine',
  title: 'Release from quarantine',
  does: 'Puts units that were found to be good back on sale.',
  words: ({ sku, node, quantity }) => `Put ${units(quantity)} of ${sku} at ${node} back on sale`,
  about: ({ sku }) => ({ sku }),
  plan({ draft }, { sku, node, quantity, reason }) {
    needUnits(draft, sku, node, 'quarantined', quantity);
    return {
      steps: [step('stock.condition-changed', { sku, node, quantity, from: 'quarantined', to: 'sellable', reason })],
      instructions: [{ kind: 'release-stock', to: node, body: { sku, quantity, reason } }],
    };
  },
  undo({ draft }, { input: { sku, node, quantity, reason } }) {
    needUnits(draft, sku, node, 'sellable', quantity);
    const why = `undone: ${reason}`;
    return {
      steps: [
        step('stock.condition-changed', { sku, node, quantity, from: 'sellable', to: 'quarantined', reason: why }),
      ],
    };
  },
});
