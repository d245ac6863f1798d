import { ids } from '../operations/states.ts';
import { defineRule, severityOf } from './rule.ts';

/** From the moment it was made; a shopper who came back would have been seen by then. */
const LOOK_WITHIN_MS = 8 * 3_600_000;

export const reservationOrphaned = defineRule({
  kind: 'reservation-orphaned',
  question: 'Which reservations keep stock for an order that never came or is closed?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Ask the system that made the reservation whether the order exists.',
    'If it does not, release the reservation: its units go back on sale.',
  ],
  endsWhen: 'The reservation is released or expires, or its order arrives and takes it over.',
  watches: 'reservation',
  test(reservation, draft) {
    if (reservation.status !== 'held' || !reservation.orphaned) return null;
    const { sku, ownerId, source } = reservation;
    const item = draft.get('item', sku);
    const units = reservation.held.reduce((sum, [, held]) => sum + held, 0);
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const closed = draft.get('order', ownerId) !== undefined;
    return {
      title: `${units} kept for ${closed ? 'a closed' : 'an unknown'} order`,
      detail: `${item?.name ?? sku}: reservation ${reservation.reservation} of ${source} for order ${ownerId}`,
      severity: severityOf(units * unitMargin, draft),
      deadline: reservation.heldAt + LOOK_WITHIN_MS,
      moneyAtRisk: units * unitMargin,
      formula: 'units kept x unit margin',
      inputs: { units, unitMargin, reservation: reservation.reservation, order: ownerId },
      advice: `Ask ${source} about order ${ownerId}, or release the reservation.`,
      ...(closed ? {} : { cause: ids.exception('parked-too-long', ownerId) }),
      dependsOn: [source],
      suggests: [{ action: 'release-reservation', input: { reservation: reservation.reservation } }],
      sku,
      node: reservation.held[0]?.[0] ?? '',
      source,
      order: ownerId,
    };
  },
});
