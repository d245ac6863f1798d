import { defineAction, needUnits, step, units } from './definition.ts';

export const writeOff = defineAction({
  kind: 'write-off',
  title: 'Write off',
  does: 'Books units that are gone or worthless as a loss.',
  words: ({ sku, node, quantity, from, reason }) =>
    `Write off ${units(quantity)} of ${sku} at ${node} (${from}): ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan({ draft }, { sku, node, quantity, from, reason }) {
    needUnits(draft, sku, node, from, quantity);
    return {
      steps: [step('stock.condition-changed', { sku, node, quantity, from, to: 'loss', reason })],
      instructions: [{ kind: 'write-off-stock', to: node, body: { sku, quantity, bucket: from, reason } }],
    };
  },
  undo(_, { input: { sku, node, quantity, from, reason } }) {
    const why = `undone: ${reason}`;
    return { steps: [step('stock.adjusted', { sku, node, bucket: from, quantity, against: 'loss', reason: why })] };
  },
});

export const adjustStock = defineAction({
  kind: 'adjust-stock',
  title: 'Adjust stock',
  does: 'Corrects a bucket by a number of units whose whereabouts nobody can explain yet.',
  words: ({ sku, node, bucket, quantity, reason }) =>
    `Adjust ${bucket} of ${sku} at ${node} by ${quantity > 0 ? '+' : '−'}${Math.abs(quantity)}: ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan: (_, { sku, node, bucket, quantity, reason }) => ({
    steps: [step('stock.adjusted', { sku, node, bucket, quantity, reason })],
    instructions: [{ kind: 'adjust-stock', to: node, body: { sku, bucket, quantity, reason } }],
  }),
  undo: (_, { input: { sku, node, bucket, quantity, reason } }) => ({
    steps: [step('stock.adjusted', { sku, node, bucket, quantity: -quantity, reason: `undone: ${reason}` })],
  }),
});
