import { Refused } from '../operations/draft.ts';
import { defineAction, needUnits, step, units, worthOf } from './definition.ts';

/** The transfer is named after the action: told twice, it is one. */
export const transfer = defineAction({
  kind: 'transfer',
  title: 'Transfer stock',
  does: 'Sends sellable units from one node to another.',
  words: ({ sku, fromNode, toNode, quantity }) => `Move ${units(quantity)} of ${sku} from ${fromNode} to ${toNode}`,
  about: ({ sku }) => ({ sku }),
  plan({ draft, action }, { sku, fromNode, toNode, quantity, expectedAt }) {
    if (fromNode === toNode) throw new Refused('a transfer needs two different nodes');
    needUnits(draft, sku, fromNode, 'sellable', quantity);
    const body = { transfer: action, sku, quantity, fromNode, toNode, worth: worthOf(draft, sku, quantity) };
    return {
      steps: [
        step('stock.transferred', { transfer: action, sku, quantity, fromNode, toNode, stage: 'sent', expectedAt }),
      ],
      instructions: [{ kind: 'send-transfer', to: fromNode, body }],
    };
  },
  undo: null,
  whyNoUndo: 'The goods are on their way.',
});
