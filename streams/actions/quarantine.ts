import type { ActionInput } from '../events/actions.ts';
import { type Context, defineAction, needUnits, type Plan, step, units, worthOf } from './definition.ts';

type Input = ActionInput<'quarantine'>;

/** Between sale and quarantine, either way, with the node told to do the same. */
function put(to: 'quarantined' | 'sellable', { draft, by }: Context, { sku, node, quantity, reason }: Input): Plan {
  const from = to === 'quarantined' ? 'sellable' : 'quarantined';
  needUnits(draft, sku, node, from, quantity);
  const kind = to === 'quarantined' ? 'quarantine-stock' : 'release-stock';
  const body = { sku, quantity, reason, worth: worthOf(draft, sku, quantity) };
  return {
    steps: [step('stock.condition-changed', { sku, node, quantity, from, to, reason, by })],
    instructions: [{ kind, to: node, body }],
  };
}

const undone = (input: Input): Input => ({ ...input, reason: `undone: ${input.reason}` });

export const quarantine = defineAction({
  kind: 'quarantine',
  title: 'Quarantine',
  does: 'Takes sellable units off sale until somebody has looked at them.',
  words: ({ sku, node, quantity, reason }) => `Quarantine ${units(quantity)} of ${sku} at ${node}: ${reason}`,
  about: ({ sku }) => ({ sku }),
  plan: (context, input) => put('quarantined', context, input),
  undo: (context, { input }) => put('sellable', context, undone(input)),
});

export const releaseQuarantine = defineAction({
  kind: 'release-quarantine',
  title: 'Release from quarantine',
  does: 'Puts units that were found to be good back on sale.',
  words: ({ sku, node, quantity }) => `Put ${units(quantity)} of ${sku} at ${node} back on sale`,
  about: ({ sku }) => ({ sku }),
  plan: (context, input) => put('sellable', context, input),
  undo: (context, { input }) => put('quarantined', context, undone(input)),
});
