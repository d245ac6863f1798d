/** Steps that are of no order: what they do not name is empty. */
import type { Transition } from './effects.ts';

const nothing: Transition = {
  step: 'record-counted',
  sign: 1,
  at: 0,
  order: '',
  line: '',
  sku: '',
  channel: '',
  node: '',
  country: '',
  currency: '',
  quantity: 0,
  amount: 0,
  cost: 0,
  short: 0,
  placedAt: 0,
  shipBy: 0,
  durationMs: 0,
  cause: '',
};

export const stepOfNoOrder = (said: Pick<Transition, 'step' | 'at'> & Partial<Transition>): Transition => ({
  ...nothing,
  ...said,
});
