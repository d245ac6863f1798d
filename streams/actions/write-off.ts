import type { ActionInput } from '../events/actions.ts';
import { type Context, defineAction, needUnits, type Plan, step, units } from './definition.ts';

export const writeOff = defineAction({
  kind: 'write-off',
  title: 'Write off',
  does: 'Books units that are gone or worthless as a loss.',
  words: ({ sku, node, quantity, from, reason }) =>
    `Write off ${units(quantity)} of ${sku} at ${node} (${from}): ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan({ draft, by }, { sku, node, quantity, from, reason }) {
    needUnits(draft, sku, node, from, quantity);
    return {
      steps: [step('stock.condition-changed', { sku, node, quantity, from, to: 'loss', reason, by })],
      instructions: [{ kind: 'write-off-stock', to: node, body: { sku, quantity, bucket: from, reason } }],
    };
  },
  undo: ({ by }, { input: { sku, node, quantity, from, reason } }) => ({
    steps: [
      step('stock.adjusted', { sku, node, bucket: from, quantity, against: 'loss', reason: `undone: ${reason}`, by }),
    ],
    instructions: [{ kind: 'restore-stock', to: node, body: { sku, quantity, bucket: from } }],
  }),
});

export const adjustStock = defineAction({
  kind: 'adjust-stock',
  title: 'Adjust stock',
  does: 'Corrects a bucket by a number of units whose whereabouts nobody can explain yet.',
  words: ({ sku, node, bucket, quantity, reason }) =>
    `Adjust ${bucket} of ${sku} at ${node} by ${quantity > 0 ? '+' : '−'}${Math.abs(quantity)}: ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan: (context, input) => adjust(context, input),
  undo: (context, { input }) =>
    adjust(context, { ...input, quantity: -input.quantity, reason: `undone: ${input.reason}` }),
});

function adjust({ by }: Context, { sku, node, bucket, quantity, reason }: ActionInput<'adjust-stock'>): Plan {
  return {
    steps: [step('stock.adjusted', { sku, node, bucket, quantity, reason, by })],
    instructions: [{ kind: 'adjust-stock', to: node, body: { sku, bucket, quantity, reason } }],
  };
}
