/** What really happened in the simulated company, whether or not any event says so. */

export const truthKinds = [
  'promotion',
  'order-surge',
  'checkout-broken',
  'lost-sale',
  'oversell',
  'shrinkage',
  'miscount',
  'short-pick',
  'damage',
  'channel-drift',
  'reservation-leak',
  'node-behind',
  'late-dispatch',
  'parcel-lost',
  'source-silent',
  'late-delivery',
  'duplicate-delivery',
] as const;
export type TruthKind = (typeof truthKinds)[number];

export type Truth = {
  kind: TruthKind;
  /** Epoch ms at which it began. */
  at: number;
  /** Epoch ms from which on somebody who sees all events could know; null when nothing will ever show it. */
  detectableAt: number | null;
  /** What it is about: an order, `sku|node`, a node, a source or an event id. */
  subject: string;
  details: Record<string, unknown>;
};

export type FaultLevel = 'none' | 'normal' | 'many';
export const faultLevels: readonly FaultLevel[] = ['none', 'normal', 'many'];
export const faultFactor = (level: FaultLevel): number => ({ none: 0, normal: 1, many: 4 })[level];
