/** What parts of a question are called on the screen. */
import type {
  Askable,
  Comparison,
  MetricQuestion,
  Period,
  QuestionFilter,
  QuestionGrain,
} from '../../server/http/contract/questions.ts';
import { formatClock, formatDate, formatMonthDay } from '../formats/times.ts';

export const grainWords: Record<QuestionGrain, string> = {
  none: 'Whole period',
  minute: 'Minute',
  hour: 'Hour',
  day: 'Day',
  week: 'Week',
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
};
const unitWords: Record<string, string> = { h: 'hour', d: 'day', w: 'week', M: 'month', q: 'quarter', y: 'year' };
export const comparisonWords = {
  'previous-period': 'Previous period',
  'last-week': 'Last week',
  'last-year': 'Last year',
} as const;
const VALUES_SHOWN_MAX = 3;
const DAY_MS = 86_400_000;

/** `Last 28 days`, `1 Oct to 14 Oct 2026`. */
export function periodWords(over: Period, timeZone: string): string {
  if (!('last' in over)) return spanWords(over, timeZone);
  const count = Number.parseInt(over.last, 10);
  return `Last ${count === 1 ? '' : `${count} `}${unitWords[over.last.at(-1)!]}${count === 1 ? '' : 's'}`;
}

/** Whole days are named by their first and last; other spans with their clocks. */
export function spanWords({ from, to }: { from: number; to: number }, timeZone: string): string {
  const whole = [from, to].every((at) => formatClock(at, timeZone) === '00:00');
  if (!whole) {
    const moment = (at: number) => `${formatMonthDay(at, timeZone)} ${formatClock(at, timeZone)}`;
    return `${moment(from)} to ${moment(to)}`;
  }
  const last = to - DAY_MS / 2;
  return last <= from + DAY_MS
    ? formatDate(from, timeZone)
    : `${formatMonthDay(from, timeZone)} to ${formatDate(last, timeZone)}`;
}

export const compareWords = (compare: Comparison, timeZone: string): string =>
  typeof compare === 'string' ? comparisonWords[compare] : spanWords(compare, timeZone);

/** `BER-1, RTM-2, MXP-1`, `BER-1, RTM-2 and 4 more`. */
export function valuesWords(values: readonly string[]): string {
  const named = values.map((value) => value || 'none');
  if (named.length <= VALUES_SHOWN_MAX) return named.join(', ');
  return `${named.slice(0, VALUES_SHOWN_MAX - 1).join(', ')} and ${named.length - VALUES_SHOWN_MAX + 1} more`;
}

export const filterWords = ({ is, values }: QuestionFilter): { verb: string; what: string } => ({
  verb: is === 'in' ? 'is' : 'is not',
  what: valuesWords(values),
});

type Names = readonly { id: string; name: string }[];
export const measureName = (askable: { measures: Names } | null, id: string): string =>
  askable?.measures.find((one) => one.id === id)?.name ?? readable(id);
export const dimensionName = (askable: { dimensions: Names } | null, id: string): string =>
  askable?.dimensions.find((one) => one.id === id)?.name ?? readable(id);

/** `line-fill-rate` is `Line fill rate`. */
export function readable(id: string): string {
  const words = id.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `Fill rate by channel`: what a tab is called until somebody names it. */
export function questionTitle(question: MetricQuestion, askable: Askable | null): string {
  const [first, ...more] = question.measures.map((id) => measureName(askable, id));
  if (first === undefined) return 'New question';
  const measures = more.length === 0 ? first : `${first} and ${more.length} more`;
  const by = question.by.map((id) => dimensionName(askable, id).toLowerCase());
  return by.length === 0 ? measures : `${measures} by ${by.join(', ')}`;
}

/** The whole of it, for small screens and for those who do not see the chips. */
export function questionSentence(question: MetricQuestion, askable: Askable | null, timeZone: string): string {
  const by = [...question.by.map((id) => dimensionName(askable, id).toLowerCase())];
  if (question.grain !== 'none') by.push(grainWords[question.grain].toLowerCase());
  const where = question.where.map((one) => {
    const { verb, what } = filterWords(one);
    return `${dimensionName(askable, one.dimension).toLowerCase()} ${verb} ${what}`;
  });
  return [
    question.measures.map((id) => measureName(askable, id)).join(', '),
    by.length === 0 ? '' : `by ${by.join(', ')}`,
    where.length === 0 ? '' : `where ${where.join(' and ')}`,
    `over ${lowerFirst(periodWords(question.over, timeZone))}`,
    question.compare === null ? '' : `compared with ${lowerFirst(compareWords(question.compare, timeZone))}`,
  ]
    .filter(Boolean)
    .join(' ');
}

const lowerFirst = (words: string): string => words.charAt(0).toLowerCase() + words.slice(1);
