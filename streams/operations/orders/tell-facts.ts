/**
 * Steps that follow from how something stands, and not from what has just happened to it: told while they are true, taken
 * back and told anew when their facts have changed. So their sum never depends on the order in which events came.
 */
import type { Draft } from '../draft.ts';
import type { Transition } from '../effects.ts';

/** Takes back what is no longer true and tells what is new. Both lists are short; equal facts may be in there twice. */
export function retell(draft: Draft, before: readonly Transition[], after: readonly Transition[]): void {
  if (before.length === 0 && after.length === 0) return;
  const kept = [...after];
  for (const was of before) {
    const same = kept.findIndex((is) => isSame(was, is));
    if (same >= 0) kept.splice(same, 1);
    else draft.transition({ ...was, sign: -1 });
  }
  for (const is of kept) draft.transition(is);
}

/** What an order or a return cannot change in its life (channel, currency, when it was placed) is not compared. */
const isSame = (a: Transition, b: Transition): boolean =>
  a.step === b.step &&
  a.at === b.at &&
  a.node === b.node &&
  a.channel === b.channel &&
  a.shipBy === b.shipBy &&
  a.line === b.line &&
  a.sku === b.sku &&
  a.quantity === b.quantity &&
  a.amount === b.amount &&
  a.cost === b.cost &&
  a.short === b.short &&
  a.durationMs === b.durationMs &&
  a.cause === b.cause;
