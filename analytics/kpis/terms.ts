/** What a flow is made of: terms over the steps of orders and lines, from which the live figure and its SQL both follow. */
import type { Step, Transition } from '../../streams/operations/effects.ts';

/**
 * What one step adds, before its sign. Each is a column of the same name in `kpi_minutes` and its roll-ups, where it is
 * summed with the sign: a new one must be added in both places.
 */
export const columns = {
  steps: () => 1,
  quantity: (step) => step.quantity,
  amount: (step) => step.amount,
  cost: (step) => step.cost,
  short: (step) => step.short,
  duration_ms: (step) => step.durationMs,
  on_time: (step) => (step.shipBy === 0 || step.at <= step.shipBy ? 1 : 0),
  filled: (step) => (step.short === 0 ? 1 : 0),
} as const satisfies Record<string, (step: Transition) => number>;
export type Column = keyof typeof columns;

export type Term = {
  step: Step;
  column: Column;
  /** Taken off instead of added. */
  sign?: -1;
  /** Only steps with one of these causes. */
  causes?: readonly string[];
};

/** What a step adds to the sum of these terms. */
export function addedBy(terms: readonly Term[], step: Transition): number {
  let sum = 0;
  for (const { step: name, column, sign = 1, causes } of terms) {
    if (name !== step.step || (causes !== undefined && !causes.includes(step.cause))) continue;
    sum += sign * step.sign * columns[column](step);
  }
  return sum;
}

export const stepsOf = (terms: readonly Term[]): Step[] => [...new Set(terms.map(({ step }) => step))];

/** The same as an SQL expression over the rows of a roll-up; names of steps and causes are ours and hold no quotes. */
export function sumInSql(terms: readonly Term[]): string {
  const parts = terms.map((term) => `${term.sign === -1 ? '- ' : '+ '}sumIf(${term.column}, ${isOfTerm(term)})`);
  return parts.join(' ').replace(/^\+ /, '');
}

/** How often a row counts in a distribution: a term adds it or takes it off. */
export const weightInSql = (terms: readonly Term[]): string =>
  terms
    .map((term) => `${term.sign === -1 ? '- ' : '+ '}toInt64(${isOfTerm(term)})`)
    .join(' ')
    .replace(/^\+ /, '');

const isOfTerm = ({ step, causes }: Term): string =>
  causes === undefined ? `step = '${step}'` : `step = '${step}' AND cause IN (${quoted(causes)})`;

export const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
