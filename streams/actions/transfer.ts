import { type Draft, Refused } from '../operations/draft.ts';
import { ids } from '../operations/states.ts';
import { nodeAtp } from '../policies/available-to-promise.ts';
import { defineAction, needUnits, step, units, worthOf } from './definition.ts';

/** The transfer is named after the action: told twice, it is one. */
export const transfer = defineAction({
  kind: 'transfer',
  title: 'Transfer stock',
  does: 'Reserves units at one node for another, and tells both.',
  words: ({ sku, fromNode, toNode, quantity }) =>
    `Move ${units(quantity)} of ${sku} ${fromNode === undefined ? '' : `from ${fromNode} `}to ${toNode}`,
  about: ({ sku }) => ({ sku }),
  plan({ draft, action, by }, { sku, toNode, quantity, expectedAt, reason, ...given }) {
    const fromNode = given.fromNode ?? richestNode(draft, sku, toNode, quantity);
    if (fromNode === toNode) throw new Refused('a transfer needs two different nodes');
    needUnits(draft, sku, fromNode, 'sellable', quantity);
    const between = { transfer: action, fromNode, toNode, expectedAt };
    const body = { ...between, sku, quantity, worth: worthOf(draft, sku, quantity) };
    return {
      steps: [step('transfer.requested', { ...between, lines: [{ sku, quantity }], reason, by })],
      instructions: [
        { kind: 'send-transfer', to: fromNode, body },
        { kind: 'expect-transfer', to: toNode, body: { ...body, worth: 0 } },
      ],
      remember: { fromNode },
    };
  },
  undo({ draft, action, by }, { input: { toNode }, remembered }) {
    const known = draft.get('transfer', action);
    if (known === undefined) throw new Refused(`transfer ${action} is over and forgotten`);
    const sent = known.lines.reduce((sum, line) => sum + line.sent, 0);
    if (sent > 0) throw new Refused(`${units(sent)} of transfer ${action} have left ${known.fromNode} already`);
    const [body, fromNode] = [{ transfer: action }, String(remembered['fromNode'])];
    return {
      steps: [step('transfer.cancelled', { transfer: action, reason: 'undone', by })],
      instructions: [fromNode, toNode].map((to) => ({ kind: 'cancel-transfer', to, body })),
    };
  },
});

/** @throws Refused when no other node can spare so many units */
function richestNode(draft: Draft, sku: string, toNode: string, quantity: number): string {
  const item = draft.get('item', sku);
  let [best, most] = ['', 0];
  for (const node of draft.get('ledger', sku)?.nodes ?? []) {
    const stock = node === toNode ? undefined : draft.get('stock', ids.stock(sku, node));
    const spare = stock === undefined ? 0 : nodeAtp(stock, item);
    if (spare > most) [best, most] = [node, spare];
  }
  if (best === '') throw new Refused(`no other node has ${sku} to spare`);
  if (most < quantity) throw new Refused(`no node can spare ${quantity} of ${sku}: ${best} has most, ${most}`);
  return best;
}
