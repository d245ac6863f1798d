import { Refused } from '../operations/draft.ts';
import { defineAction, step, units } from './definition.ts';

const promisedSince = 'What was given back may be promised to others by now.';

export const releaseReservation = defineAction({
  kind: 'release-reservation',
  title: 'Release reservation',
  does: 'Gives back what a cart, an order nobody knows or a transfer keeps.',
  words: ({ reservation, quantity }) =>
    `Release ${quantity === undefined ? '' : `${units(quantity)} of `}reservation ${reservation}`,
  about: () => ({}),
  plan({ draft }, { reservation: id, quantity, reason }) {
    const known = draft.get('reservation', id);
    if (known === undefined) throw new Refused(`there is no reservation ${id}`);
    if (known.status !== 'held') throw new Refused(`reservation ${id} is ${known.status} already`);
    const body = { reservation: id, owner: known.owner, ownerId: known.ownerId, sku: known.sku };
    return {
      steps: [step('reservation.released', { reservation: id, quantity, reason })],
      instructions: known.channel === '' ? [] : [{ kind: 'release-reservation', to: known.channel, body }],
    };
  },
  undo: null,
  whyNoUndo: promisedSince,
});

export const releaseLeak = defineAction({
  kind: 'release-leak',
  title: 'Release leak',
  does: 'Makes the allocated bucket equal to the open reservations: what nobody holds goes back on sale.',
  words: ({ sku, node }) => `Release what leaks of ${sku} at ${node}`,
  about: ({ sku }) => ({ sku }),
  plan: ({ by }, { sku, node, reason }) => ({ steps: [step('stock.leak-released', { sku, node, by, reason })] }),
  undo: null,
  whyNoUndo: 'The bucket equals the reservations now; there is no error to bring back.',
});
