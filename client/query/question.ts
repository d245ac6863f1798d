/** Changes to a question of the builder: each makes a new one. Pure. */

import {
  DIMENSIONS_MAX,
  FILTERS_MAX,
  MEASURES_MAX,
  type QuestionGrain,
} from '../../server/http/contract/question-parts.ts';
import type {
  Askable,
  Comparison,
  MetricQuestion,
  Period,
  QuestionFilter,
} from '../../server/http/contract/questions.ts';

export const emptyQuestion: MetricQuestion = {
  measures: [],
  by: [],
  grain: 'day',
  where: [],
  over: { last: '28d' },
  compare: null,
};

export const isAskable = (question: MetricQuestion | null): question is MetricQuestion =>
  question !== null && question.measures.length > 0;

/** Adds or takes away; beyond the most there may be, the oldest gives way. */
export function toggleMeasure(question: MetricQuestion, id: string): MetricQuestion {
  const { measures } = question;
  const next = measures.includes(id) ? measures.filter((one) => one !== id) : [...measures, id].slice(-MEASURES_MAX);
  return { ...question, measures: next };
}

export function toggleDimension(question: MetricQuestion, id: string): MetricQuestion {
  const { by } = question;
  const next = by.includes(id) ? by.filter((one) => one !== id) : [...by, id].slice(-DIMENSIONS_MAX);
  return { ...question, by: next };
}

export const withGrain = (question: MetricQuestion, grain: QuestionGrain): MetricQuestion => ({ ...question, grain });
export const withPeriod = (question: MetricQuestion, over: Period): MetricQuestion => ({ ...question, over });
export const withComparison = (question: MetricQuestion, compare: Comparison | null): MetricQuestion => ({
  ...question,
  compare,
});

/** In the place of the one there is of the same dimension; without values it is taken off. */
export function withFilter(question: MetricQuestion, filter: QuestionFilter): MetricQuestion {
  const { where } = question;
  const others = where.filter(({ dimension }) => dimension !== filter.dimension);
  if (filter.values.length === 0) return { ...question, where: others };
  const isKnown = others.length < where.length;
  if (!isKnown) return { ...question, where: [...where, filter].slice(0, FILTERS_MAX) };
  return { ...question, where: where.map((one) => (one.dimension === filter.dimension ? filter : one)) };
}

/** Into one group: its values become filters, and the split goes on by another dimension. */
export function drillDown(
  question: MetricQuestion,
  group: readonly (string | null)[],
  next: string | undefined,
): MetricQuestion {
  const filtered = question.by.reduce((into, dimension, place) => {
    const value = group[place];
    return value === null || value === undefined ? into : withFilter(into, { dimension, is: 'in', values: [value] });
  }, question);
  return { ...filtered, by: next === undefined ? [] : [next] };
}

/** Dimensions by which all of the measures can be split, those in use left out. */
export function dimensionsLeft(
  question: Pick<MetricQuestion, 'measures' | 'by'>,
  askable: Askable,
): Askable['dimensions'] {
  const measures = askable.measures.filter(({ id }) => question.measures.includes(id));
  return askable.dimensions.filter(
    ({ id }) => !question.by.includes(id) && measures.every(({ dimensions }) => dimensions.includes(id)),
  );
}

/** The dimensions of "What moved it": those of the question, and one more where it has few. */
export function contributionDimensions(question: MetricQuestion, askable: Askable): string[] {
  const measure = question.measures[0];
  const able = askable.measures.find(({ id }) => id === measure)?.dimensions ?? [];
  const own = question.by.filter((id) => able.includes(id)).slice(0, 2);
  const filtered = new Set(question.where.map(({ dimension }) => dimension));
  const more = able.filter((id) => !own.includes(id) && !filtered.has(id));
  return [...own, ...more].slice(0, 2);
}
