/** A question as the address holds it, so that a link restores what its sender saw. Both ways are exact. Pure. */

import {
  type ChartKind,
  chartKinds,
  type QuestionGrain,
  questionGrains,
} from '../../server/http/contract/question-parts.ts';
import type { Comparison, MetricQuestion, Period, QuestionFilter } from '../../server/http/contract/questions.ts';
import { emptyQuestion } from './question.ts';

/** What a link carries: the question, how it is drawn, which measure is drawn, and which group stands out. */
export type Addressed = {
  metrics: MetricQuestion | null;
  as: ChartKind;
  measure: string | null;
  highlight: string | null;
};
type Query = Record<string, string>;

/** The names of what this page keeps in the address; others stay as they are. */
export const addressNames = ['m', 'by', 'w', 't', 'cmp', 'viz', 'y', 'hl'] as const;
const LAST = /^[1-9]\d{0,3}[hdwMqy]$/;
const comparisons: readonly string[] = ['previous-period', 'last-week', 'last-year'];
/** They part what is listed, so inside of a value they are written otherwise. */
const SIGNS = /[%,;:!]/g;

export function addressOf({ metrics, as, measure, highlight }: Addressed): Query {
  const all: Query = {
    ...(metrics === null ? {} : questionQuery(metrics)),
    viz: as === 'line' ? '' : as,
    y: measure !== null && measure !== metrics?.measures[0] ? measure : '',
    hl: highlight ?? '',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function questionQuery({ measures, by, grain, where, over, compare }: MetricQuestion): Query {
  return {
    m: measures.map(written).join(','),
    by: [...by.map(written), ...(grain === 'none' ? [] : [grain])].join(','),
    w: where.map(filterText).join(';'),
    t: periodText(over),
    cmp: compare === null ? '' : comparisonText(compare),
  };
}

/** What is not understood is left out: an old link still shows what it can. */
export function addressed(query: Record<string, unknown>): Addressed {
  const text = (name: (typeof addressNames)[number]) =>
    typeof query[name] === 'string' ? (query[name] as string) : '';
  const measures = list(text('m'));
  const metrics = measures.length === 0 ? null : { ...emptyQuestion, ...splitBy(text('by')), measures };
  const as = chartKinds.find((kind) => kind === text('viz')) ?? 'line';
  if (metrics === null) return { metrics, as, measure: null, highlight: text('hl') || null };
  return {
    metrics: {
      ...metrics,
      where: text('w').split(';').flatMap(filterFrom),
      over: periodFrom(text('t')) ?? emptyQuestion.over,
      compare: comparisonFrom(text('cmp')),
    },
    as,
    measure: text('y') || null,
    highlight: text('hl') || null,
  };
}

const isGrain = (word: string): word is QuestionGrain => word !== 'none' && questionGrains.some((one) => one === word);

function splitBy(text: string): { by: string[]; grain: QuestionGrain } {
  const words = list(text);
  return { by: words.filter((word) => !isGrain(word)), grain: words.find(isGrain) ?? 'none' };
}

function filterText({ dimension, is, values }: QuestionFilter): string {
  return `${written(dimension)}${is === 'in' ? ':' : '!:'}${values.map(written).join(',')}`;
}

function filterFrom(text: string): QuestionFilter[] {
  const [, name, not, rest = ''] = /^([^:!]+)(!?):(.*)$/s.exec(text) ?? [];
  // An empty value is a value: orders without a carrier.
  const values = rest.split(',').map(read);
  return name === undefined ? [] : [{ dimension: read(name), is: not === '!' ? 'not-in' : 'in', values }];
}

export const periodText = (over: Period): string => ('last' in over ? over.last : spanText(over));
const spanText = ({ from, to }: { from: number; to: number }): string => `${timeText(from)}..${timeText(to)}`;
const timeText = (at: number): string => new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');

export function periodFrom(text: string): Period | null {
  return LAST.test(text) ? { last: text } : spanFrom(text);
}

function spanFrom(text: string): { from: number; to: number } | null {
  const [from = Number.NaN, to = Number.NaN] = text.split('..').map((part) => Date.parse(part));
  return from < to ? { from, to } : null;
}

const comparisonText = (compare: Comparison): string => (typeof compare === 'string' ? compare : spanText(compare));
const comparisonFrom = (text: string): Comparison | null =>
  comparisons.includes(text) ? (text as Comparison) : spanFrom(text);

const list = (text: string): string[] => text.split(',').filter(Boolean).map(read);
const written = (value: string): string =>
  value.replaceAll(SIGNS, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const read = (text: string): string =>
  text.replaceAll(/%([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
