import type { ActionInput } from '../events/actions.ts';
import { type Draft, Refused } from '../operations/draft.ts';
import { unjudged } from '../operations/stock/return-state.ts';
import { defineAction, step, units } from './definition.ts';

type Input = ActionInput<'judge-return'>;

export const judgeReturn = defineAction({
  kind: 'judge-return',
  title: 'Judge return',
  does: 'Says what becomes of returned goods: all that wait, or some of them.',
  words: ({ return: id, to, lines }) =>
    lines === undefined
      ? `Judge what waits of return ${id}${to === undefined ? ' by the policy' : ` as ${to}`}`
      : `Judge ${units(lines.reduce((sum, { quantity }) => sum + quantity, 0))} of return ${id}`,
  about: ({ lines }) => (lines?.length === 1 ? { sku: lines[0]!.sku } : {}),
  plan({ draft, by }, input) {
    const lines = input.lines ?? whatWaits(draft, input);
    const body = { return: input.return, lines };
    return {
      steps: [step('return.judged', { return: input.return, node: input.node, by, lines })],
      instructions: [{ kind: 'dispose-of-return', to: input.node, body }],
    };
  },
  undo: null,
  whyNoUndo: 'Judge the goods again: change their condition where they are.',
});

/** Where the policy wanted the units of a SKU, unless a place is given. */
function whatWaits(draft: Draft, { return: id, to }: Input): NonNullable<Input['lines']> {
  const known = draft.get('return', id);
  if (known === undefined) throw new Refused(`there is no return ${id}`);
  const skus = [...new Set(known.lines.map(({ sku }) => sku))];
  const lines = skus.flatMap((sku) => {
    const quantity = unjudged(known, sku);
    const proposed = known.lines.find((line) => line.sku === sku && !line.automatic)?.to ?? 'quarantined';
    return quantity > 0 ? [{ sku, quantity, to: to ?? proposed }] : [];
  });
  if (lines.length === 0) throw new Refused(`nothing of return ${id} waits to be judged`);
  return lines;
}
