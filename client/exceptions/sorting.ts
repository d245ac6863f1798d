/** The orders a list can be in. Every order ends with the number, so that it is the same for everybody. Pure. */
import type { ExceptionLine } from '../../server/live/contract.ts';
import { severityRank } from '../status/states.ts';

export const sortNames = ['priority', 'money', 'deadline', 'age', 'updated'] as const;
export type SortName = (typeof sortNames)[number];
export type Compare = (a: ExceptionLine, b: ExceptionLine) => number;

export const sortWords: Record<SortName, { name: string; rule: string }> = {
  priority: { name: 'Priority', rule: 'Severity, then money at risk, then the oldest' },
  money: { name: 'Money at risk', rule: 'The most first' },
  deadline: { name: 'Deadline', rule: 'The earliest first; without one last' },
  age: { name: 'Age', rule: 'The oldest first' },
  updated: { name: 'Last change', rule: 'The newest first' },
};

const byId: Compare = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const never = Number.MAX_SAFE_INTEGER;

const orders: Record<SortName, Compare> = {
  priority: (a, b) =>
    severityRank(a.severity) - severityRank(b.severity) || b.moneyAtRisk - a.moneyAtRisk || a.since - b.since,
  money: (a, b) => b.moneyAtRisk - a.moneyAtRisk,
  deadline: (a, b) => (a.deadline ?? never) - (b.deadline ?? never),
  age: (a, b) => a.since - b.since,
  updated: (a, b) => b.updatedAt - a.updatedAt,
};

/** As the address says it: `money` in its own order, `-money` the other way round; anything else is priority. */
export function parseSort(text: string): { name: SortName; reversed: boolean } {
  const name = text.replace(/^-/, '') as SortName;
  return sortNames.includes(name) ? { name, reversed: text.startsWith('-') } : { name: 'priority', reversed: false };
}

export function compareBy(text: string): Compare {
  const { name, reversed } = parseSort(text);
  const order = orders[name];
  return reversed ? (a, b) => order(b, a) || byId(a, b) : (a, b) => order(a, b) || byId(a, b);
}
