/** Orders that have to reach a step by a moment, counted together; and those that have not. */

import type { OrderStep } from '../../events/order-steps.ts';

/** A step that is due; or a hold that has become old. */
export type CohortKind = OrderStep | 'hold';

/** Amounts in minor units. */
export type OrderSum = { orders: number; amount: number; cost: number };

/** Orders of one node that have to reach a step by one moment. It exists while there are any, and two weeks at most. */
export type Cohort = OrderSum & {
  kind: OrderStep;
  node: string;
  due: number;
  /** The source whose clock tells when its time has come. */
  source: string;
  overdue: boolean;
};

/** All of one node, or all holds of one reason in one channel, that are behind: one exception, not one per order. */
export type Overdue = OrderSum & {
  kind: CohortKind;
  /** Empty for holds. */
  node: string;
  /** Only for holds. */
  hold: string;
  channel: string;
  /** The moments that have gone by, sorted. */
  dues: number[];
  openExceptions: string[];
};

export const cohortId = (kind: OrderStep, node: string, due: number): string => `${kind}|${node}|${due}`;
export const overdueId = ({
  kind,
  node,
  hold,
  channel,
}: Pick<Overdue, 'kind' | 'node' | 'hold' | 'channel'>): string =>
  kind === 'hold' ? `hold|${hold}|${channel}` : `${kind}|${node}`;
