/** Protection: stock kept for some buyers, and the last units for the best ranks. */
import type { PolicyBody } from '../events/policies.ts';

export type Allocation = PolicyBody<'allocation'>;
export type Protection = PolicyBody<'protection'>;
export type ProtectionRule = Protection['rules'][number];

/** The rank of whoever fits no rule of the allocation policy. */
export const RANK_OF_THE_REST = 50;
const HOUR_MS = 3_600_000;

/** Who asks, as far as policies look at it. */
export type Asker = {
  channel: string;
  segment: string;
  service: string;
  /** Margin of the whole order as a share of what it is worth; null when that cannot be said, as for a cart. */
  marginShare: number | null;
};

/** What is asked for, and when. */
export type Asked = {
  sku: string;
  category: string;
  node: string;
  /** Units on sale and allocated: what shares are taken of. */
  base: number;
  at: number;
  /** When an order that comes at `at` leaves the node; null when it never ships or is not known. */
  cutOff: number | null;
};

type Buyers = { channels: readonly string[]; segments: readonly string[]; services: readonly string[] };

/** An empty list means everybody; of several lists, all have to fit. */
const names = (list: readonly string[], name: string): boolean => list.length === 0 || list.includes(name);
const isFor = (rule: Buyers, asker: Asker): boolean =>
  names(rule.channels, asker.channel) && names(rule.segments, asker.segment) && names(rule.services, asker.service);

/** The allocation rule that speaks of this buyer; undefined when none does. */
export const rankRuleOf = (policy: Allocation, asker: Asker): Allocation['ranks'][number] | undefined =>
  policy.ranks.find(
    (rule) =>
      isFor(rule, asker) &&
      (rule.marginShareFrom === undefined || (asker.marginShare !== null && asker.marginShare >= rule.marginShareFrom)),
  );

/** 1 is served first. */
export const rankOf = (policy: Allocation, asker: Asker): number => rankRuleOf(policy, asker)?.rank ?? RANK_OF_THE_REST;

/** Whether what nobody can give waits for stock; otherwise it is not accepted. */
export const mayWait = (policy: Allocation, asker: Asker): boolean =>
  (rankRuleOf(policy, asker)?.shortage ?? policy.shortage) === 'backorder';

const speaksOf = (rule: ProtectionRule, asked: Asked): boolean =>
  (rule.sku === undefined || rule.sku === asked.sku) &&
  (rule.category === undefined || rule.category === asked.category) &&
  (rule.node === undefined || rule.node === asked.node);

/** When a rule is next open to everybody; Infinity when it never is. */
function lapseOf(rule: ProtectionRule, cutOff: number | null): number {
  const byHours =
    rule.lapsesHoursBeforeCutOff === undefined || cutOff === null
      ? Number.POSITIVE_INFINITY
      : cutOff - rule.lapsesHoursBeforeCutOff * HOUR_MS;
  return Math.min(rule.lapsesAt ?? Number.POSITIVE_INFINITY, byHours);
}

const hasLapsed = (rule: ProtectionRule, { at, cutOff }: Asked): boolean => at >= lapseOf(rule, cutOff);

/** Units a rule keeps at a node: never more than the node could give. */
const unitsOf = (rule: ProtectionRule, base: number): number =>
  Math.max(rule.quantity, Math.ceil(rule.share * Math.max(0, base)));

/** The rules that bind this buyer now, those before the first one that names it. */
function binding(protection: Protection, asker: Asker, asked: Asked): ProtectionRule[] {
  const speaking = protection.rules.filter((rule) => speaksOf(rule, asked) && !hasLapsed(rule, asked));
  const own = speaking.findIndex((rule) => isFor(rule, asker));
  return own < 0 ? speaking : speaking.slice(0, own);
}

/** When the first of the rules that keep something from this buyer lapses; null when none will. */
export function nextLapse(protection: Protection, asker: Asker, asked: Asked): number | null {
  const moments = binding(protection, asker, asked).map((rule) => lapseOf(rule, asked.cutOff));
  const first = Math.min(...moments);
  return Number.isFinite(first) ? first : null;
}

export type Kept = { name: string; quantity: number };

/**
 * What a node keeps from this buyer, rule by rule. Rules stand best first: a buyer is bound by those before the first
 * one that names it, and by none after it, so that the last unit always belongs to somebody.
 * @returns rules that keep something, and as the last entry what the last units of the allocation policy add
 */
export function keptFrom(protection: Protection, allocation: Allocation, asker: Asker, asked: Asked): Kept[] {
  const kept: Kept[] = [];
  let sum = 0;
  for (const rule of binding(protection, asker, asked)) {
    const quantity = unitsOf(rule, asked.base);
    if (quantity === 0) continue;
    kept.push({ name: rule.name, quantity });
    sum += quantity;
  }
  const last = lastUnitsKept(allocation, asker, asked.sku);
  if (last > sum) kept.push({ name: 'last units', quantity: last - sum });
  return kept;
}

function lastUnitsKept(allocation: Allocation, asker: Asker, sku: string): number {
  if (allocation.lastUnits.length === 0) return 0;
  const rank = rankOf(allocation, asker);
  return allocation.lastUnits.reduce(
    (most, rule) =>
      (rule.sku === undefined || rule.sku === sku) && rank > rule.ranksUpTo ? Math.max(most, rule.units) : most,
    0,
  );
}

/** Whether these policies keep anything from anybody: most companies never ask further. */
export const keepsNothing = (protection: Protection, allocation: Allocation): boolean =>
  protection.rules.length === 0 && allocation.lastUnits.length === 0;
