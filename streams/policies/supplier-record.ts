/** How far a confirmed receipt can be counted on. */
import type { PolicyBody } from '../events/policies.ts';

export type DeliveryRecord = { dueUnits: number; onTimeUnits: number };

/**
 * The share of a supplier's confirmed units to count on: its units on time over its units due, drawn towards the share
 * of an unproven supplier as if `provenAtUnits` of those had come due before (a beta prior).
 * @returns 0..1
 */
export function shareToCountOn(record: DeliveryRecord | undefined, policy: PolicyBody<'promise'>): number {
  const { supplierShareUnproven, provenAtUnits } = policy;
  const { dueUnits = 0, onTimeUnits = 0 } = record ?? {};
  return (onTimeUnits + supplierShareUnproven * provenAtUnits) / (dueUnits + provenAtUnits);
}
