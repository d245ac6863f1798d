/** What orders that leave late are taken to cost: customers who cancel take their margin along, and channels fine us. */
import type { PolicyBody } from '../events/policies.ts';

export type LatenessPolicy = PolicyBody<'lateness'>;

/** Percent of the customers of a channel who cancel an order that is shipped late. */
export const cancelPercentOf = (policy: LatenessPolicy, channel: string): number =>
  policy.channels[channel] ?? policy.cancelPercent;

/**
 * The same for a mix of channels: the mean over their orders, so that one sum of margin can be priced.
 * @param channels orders per channel
 */
export function cancelPercentOfMix(policy: LatenessPolicy, channels: Record<string, number>): number {
  let orders = 0;
  let sum = 0;
  for (const [channel, count] of Object.entries(channels)) {
    orders += count;
    sum += count * cancelPercentOf(policy, channel);
  }
  return orders === 0 ? policy.cancelPercent : Math.round((sum * 100) / orders) / 100;
}

/**
 * @param margin sales value less cost, in minor units; a loss costs nobody anything when it is cancelled
 * @param penalty what missing the promises costs besides
 * @param share of the work that will be late, 0 to 1
 */
export const costOfLateness = (margin: number, penalty: number, cancelPercent: number, share = 1): number =>
  Math.round(share * ((Math.max(0, margin) * cancelPercent) / 100 + penalty));
