/** What every explanation has in common. */
import type { Explanation } from '../../http/contract/explain.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import type { Moment } from '../at-one-moment.ts';

export type ExplainDeps = { runtime: Runtime; mirror: Mirror };
/** Which stretch of the events is asked for. */
export type EventsAsked = { before: number; limit: number };
export type Part = Explanation['parts'][number];
export type EventsTold = Explanation['events'];

export type Told = Pick<Explanation, 'number' | 'name' | 'value' | 'unit' | 'formula' | 'parts'> &
  Partial<Omit<Explanation, 'policies' | 'asOf' | 'eventsBehind'>>;

export const noEvents: EventsTold = { items: [], next: null };

/** A page of events is followed by another one when it is full. */
export const pageOf = (items: EventsTold['items'], limit: number): EventsTold => ({
  items,
  next: items.length < limit ? null : String(items.at(-1)!.seq),
});

/** @param moment names the policies that were looked at, and so had a say */
export function explanationOf(moment: Moment<unknown>, told: Told, eventsBehind: number): Explanation {
  const policies = [...moment.seen('policy')]
    .map(([policy, known]) => ({
      policy,
      version: known?.version ?? 0,
      definedAt: known?.definedAt ?? null,
      by: known?.by ?? '',
    }))
    .sort((a, b) => (a.policy < b.policy ? -1 : 1));
  return {
    currency: null,
    partsAddUpTo: null,
    rules: [],
    decisions: [],
    events: noEvents,
    related: [],
    ...told,
    policies,
    asOf: moment.asOf,
    eventsBehind,
  };
}

export const sumOf = (parts: readonly Part[]): number => parts.reduce((sum, { value }) => sum + value, 0);

/** Waterfalls tell steps with parts; each part that counts becomes one here, and a step without any stays as it is. */
export function partsOfSteps(
  steps: readonly { step: string; quantity: number; parts: readonly { explain: string; quantity: number }[] }[],
): Part[] {
  return steps.flatMap(({ step, quantity, parts }) => {
    const counting = parts.filter((part) => part.quantity !== 0);
    if (counting.length === 0) return [{ words: step, value: quantity, number: explainable(parts[0]?.explain) }];
    return counting.map((part) => ({
      words: counting.length === 1 ? step : `${step} (${part.explain.slice(part.explain.indexOf(':') + 1)})`,
      value: part.quantity,
      number: explainable(part.explain),
    }));
  });
}

const explained = /^(bucket|atp|promise|exception|confidence|item|channel|node|policy|waiting|inbound):./;

/** What nothing more can be said about is no link. */
export const explainable = (number: string | undefined): string | null =>
  number !== undefined && explained.test(number) ? number : null;
