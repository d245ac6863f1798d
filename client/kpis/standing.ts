/** How a KPI stands against the terms that hold for it: in words and as a state. Pure. */
import type { z } from 'zod';
import type { kpiEntry } from '../../server/http/contract/kpi-catalog.ts';
import type { State } from '../status/states.ts';

export type KpiEntry = z.infer<typeof kpiEntry>;

export type Standing = {
  /** Null: nothing to judge by. */
  state: State | null;
  words: string;
};

/** Thresholds tell first; without them the target does. */
export function standingOf({ value, direction, target, thresholds, waitsFor }: KpiEntry): Standing {
  if (waitsFor !== null) return { state: null, words: `waits for ${waitsFor}` };
  if (value === null) return { state: null, words: 'no data' };
  if (direction === 'none') return { state: null, words: 'no direction' };
  const isBeyond = (limit: number) => (direction === 'up' ? value < limit : value > limit);
  if (thresholds !== null && isBeyond(thresholds.act)) return { state: 'critical', words: 'somebody must act' };
  if (thresholds !== null && isBeyond(thresholds.look)) return { state: 'high', words: 'needs a look' };
  if (target === null)
    return thresholds === null ? { state: null, words: 'no target' } : { state: 'ok', words: 'as it should be' };
  if (!isBeyond(target)) return { state: 'ok', words: 'on target' };
  return thresholds === null
    ? { state: 'high', words: 'off target' }
    : { state: 'medium', words: 'off target, within bounds' };
}

export const groupWords: Record<KpiEntry['group'], string> = {
  sales: 'Sales',
  money: 'Money',
  promises: 'Promises',
  fulfilment: 'Fulfilment',
  reservations: 'Reservations',
  returns: 'Returns',
  stock: 'Stock',
  procurement: 'Procurement',
  exceptions: 'Exceptions',
  data: 'Data',
};

/** Whether all words of a search are found in what is known of a KPI. */
export function matchesSearch({ id, name, question, owner, group }: KpiEntry, search: string): boolean {
  const text = `${id} ${name} ${question} ${owner} ${group}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
