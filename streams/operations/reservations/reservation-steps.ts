/**
 * What becomes of reservations, in units: held, ended by an order, a release or expiry, orphaned. All count at the moment
 * the units were reserved, so that what was reserved in one week can be followed to its end.
 */
import type { Draft } from '../draft.ts';
import type { Transition } from '../effects.ts';
import { stepOfNoOrder } from '../step.ts';
import type { Reservation } from './reservation-state.ts';

type Step = Extract<Transition['step'], `reservation-${string}`>;

/** Transfers reserve for ourselves: nobody has to be won by them. */
export function tellReserved(
  draft: Draft,
  { owner, ownerId, channel, sku, heldAt }: Reservation,
  step: Step,
  units: readonly (readonly [node: string, units: number])[],
  { cause = '', sign = 1 }: { cause?: string; sign?: 1 | -1 } = {},
): void {
  if (owner === 'transfer') return;
  const order = owner === 'order' ? ownerId : '';
  for (const [node, quantity] of units) {
    const said = { step, sign, at: heldAt, order, sku, channel, node, quantity, placedAt: heldAt, cause };
    draft.transition(stepOfNoOrder(said));
  }
}
