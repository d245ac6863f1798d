import { defineAction, step } from './definition.ts';

export const requestCount = defineAction({
  kind: 'request-count',
  title: 'Ask for a count',
  does: 'Asks the node to count a record. Its next count is the answer.',
  words: ({ sku, node }) => `Have ${sku} counted at ${node}`,
  about: ({ sku }) => ({ sku }),
  // The step tells the node by itself.
  plan: ({ by }, { sku, node, reason }) => ({ steps: [step('stock.count-requested', { sku, node, by, reason })] }),
  undo: null,
  whyNoUndo: 'A count never harms; withdraw its instruction if nobody has begun.',
});
