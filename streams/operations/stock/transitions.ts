/**
 * Which places units may go between. What is not in one of the two tables cannot happen: a movement that asks for it is
 * refused. Everything automatic has a named rule; everything else needs somebody who answers for it, with a reason.
 */
import { type Bucket, buckets, type VirtualPlace } from '../../events/fields.ts';
import { Refused } from '../draft.ts';
import type { Place } from '../effects.ts';

type AnyPlace = Bucket | VirtualPlace;

export type TransitionRule = { rule: string; from: readonly AnyPlace[]; to: readonly AnyPlace[]; when: string };

/** What rules do by themselves. All within one node, except that a transfer leaves one and is on its way to another. */
export const automaticTransitions: readonly TransitionRule[] = [
  {
    rule: 'announcement',
    from: ['supplier'],
    to: ['in-transit'],
    when: 'a supplier or a transfer says that goods are on their way',
  },
  { rule: 'receipt', from: ['supplier', 'in-transit'], to: ['sellable', 'quarantined'], when: 'goods arrive' },
  { rule: 'allocation', from: ['sellable'], to: ['allocated'], when: 'an order, a cart or a transfer reserves' },
  { rule: 'release', from: ['allocated'], to: ['sellable'], when: 'a reservation ends, is cancelled or expires' },
  { rule: 'dispatch', from: ['allocated', 'sellable'], to: ['customer'], when: 'a shipment leaves' },
  { rule: 'return', from: ['customer'], to: ['return-pending'], when: 'goods come back' },
  {
    rule: 'disposition',
    from: ['return-pending'],
    to: ['sellable', 'damaged', 'quarantined', 'loss'],
    when: 'a return is judged, by the policy of its reason or by a person',
  },
  {
    rule: 'transfer-out',
    from: ['sellable', 'allocated'],
    to: ['in-transit'],
    when: 'a transfer is sent to another node',
  },
  {
    rule: 'transfer-closed',
    from: ['in-transit'],
    to: ['loss', 'unknown'],
    when: 'a transfer is closed with a reason and something did not arrive',
  },
  { rule: 'count', from: buckets, to: ['unknown'], when: 'a count or an authoritative statement says less' },
  { rule: 'count', from: ['unknown'], to: buckets, when: 'a count or an authoritative statement says more' },
  {
    rule: 'short-pick',
    from: ['allocated'],
    to: ['quarantined'],
    when: 'a picker does not find what was reserved, and the policy keeps it on the record until somebody counts',
  },
  { rule: 'quality-release', from: ['quarantined'], to: ['sellable'], when: 'an inspection releases the goods' },
  { rule: 'expiry', from: ['sellable'], to: ['quarantined'], when: 'a lot is past its date' },
];

/** What a person or a system may do that gives a reason and answers for it. */
export const answeredTransitions: readonly TransitionRule[] = [
  {
    rule: 'condition',
    from: ['sellable', 'quarantined', 'damaged', 'return-pending'],
    to: ['sellable', 'quarantined', 'damaged', 'loss'],
    when: 'somebody says that goods are in another condition',
  },
  {
    rule: 'adjustment',
    from: buckets,
    to: ['loss', 'supplier', 'unknown'],
    when: 'somebody takes units off the record',
  },
  { rule: 'adjustment', from: ['loss', 'supplier', 'unknown'], to: buckets, when: 'somebody puts units on the record' },
];

/** `from` -> `to` -> rule. The first rule of a pair gives it its name. */
type Table = Partial<Record<AnyPlace, Partial<Record<AnyPlace, string>>>>;

function tableOf(rules: readonly TransitionRule[]): Table {
  const table: Table = {};
  for (const { rule, from, to } of rules) {
    for (const source of from) {
      const targets = table[source] ?? {};
      table[source] = targets;
      for (const target of to) if (source !== target) targets[target] ??= rule;
    }
  }
  return table;
}

const automatic = tableOf(automaticTransitions);
const answered = tableOf(answeredTransitions);

/**
 * @param reason why, in words; needed where nobody's rule moves the units
 * @param answeredBy who answers for a movement that is nobody's rule; empty for the rules themselves
 * @throws Refused when these places have no way between them, or nobody gave a reason for it
 */
export function checkTransition(from: Place, to: Place, sku: string, reason: string, answeredBy: string): void {
  const rule = automatic[from.place]?.[to.place];
  if (rule !== undefined && (from.node === to.node || from.node === '' || to.node === '' || rule === 'transfer-out'))
    return;
  const way = `${sku} cannot go from ${placeName(from)} to ${placeName(to)}`;
  if (from.node !== '' && to.node !== '' && from.node !== to.node) throw new Refused(`${way} without a transfer`);
  if (answered[from.place]?.[to.place] === undefined) throw new Refused(`${way}: no rule moves units there`);
  if (answeredBy === '') throw new Refused(`${way} by itself: somebody has to answer for it`);
  if (reason.trim() === '') throw new Refused(`${way} without a reason`);
}

const placeName = ({ node, place }: Place): string => (node === '' ? place : `${place} at ${node}`);
