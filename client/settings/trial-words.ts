/** What a trial found, in rows and in sentences. Pure. */
import type { TrialView } from '../../server/http/contract/settings.ts';
import { formatCount, formatMoneyRow } from '../formats/quantities.ts';

type Row = { name: string; words: string; was: number; now: number; isMoney: boolean };
type Found = Pick<TrialView, 'asItWas' | 'asTried' | 'differentDecisions'>;

/** The order in which figures are read; the others follow by name. */
const first = [
  'lines accepted',
  'units accepted',
  'units allocated',
  'lines short when accepted',
  'units short when accepted',
  'units waiting at the end',
  'units cancelled by us',
  'exceptions opened',
  'money at risk when opened',
  'instructions',
];

export function rowsOf(found: Found | null): Row[] {
  const { asItWas = {}, asTried = {} } = found ?? {};
  const names = [...new Set([...Object.keys(asItWas), ...Object.keys(asTried)])];
  const place = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length);
  return names
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((name) => ({
      name,
      words: wordsOf(name),
      was: asItWas[name] ?? 0,
      now: asTried[name] ?? 0,
      isMoney: name.startsWith('money'),
    }));
}

function wordsOf(name: string): string {
  if (name.startsWith('opened: ')) return `Exceptions opened: ${name.slice('opened: '.length).replaceAll('-', ' ')}`;
  if (name.startsWith('decisions: ')) return `Decisions of ${name.slice('decisions: '.length).replaceAll('-', ' ')}`;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

type Sentence = (size: string, more: boolean) => string;
const moreOr = (fewer: string, more: boolean): string => (more ? 'more' : fewer);
const many = (size: string, thing: string): string => (size === '1' ? thing : `${thing}s`);
const counted =
  (thing: string, would: string): Sentence =>
  (size, more) =>
    `${size} ${moreOr('fewer', more)} ${many(size, thing)} would have ${would}.`;
const said: Record<string, Sentence> = {
  'lines accepted': counted('order line', 'been accepted'),
  'units allocated': counted('unit', 'been allocated'),
  'lines short when accepted': counted('order line', 'been short of stock'),
  'units short when accepted': counted('unit', 'been short when ordered'),
  'units waiting at the end': (size, more) =>
    `${size} ${moreOr('fewer', more)} ${many(size, 'unit')} would be waiting for stock today.`,
  'units cancelled by us': (size, more) =>
    `We would have cancelled ${size} ${many(size, 'unit')} ${moreOr('fewer', more)}.`,
  'exceptions opened': counted('exception', 'opened'),
  'money at risk when opened': (size, more) =>
    `The exceptions that opened would have stood for ${size} ${moreOr('less', more)} at risk.`,
  instructions: counted('instruction', 'gone to other systems'),
};

/** The most important first; says so when nothing would have been different. */
export function sentencesOf(found: Found, currency: string): string[] {
  const rows = rowsOf(found).filter(({ was, now }) => was !== now);
  const decisions = found.differentDecisions ?? 0;
  if (rows.length === 0 && decisions === 0) return ['Nothing would have been different in these days.'];
  const sentences = rows.flatMap(({ name, was, now, isMoney }) => {
    const size = Math.abs(now - was);
    const words = said[name]?.(isMoney ? formatMoneyRow(size, currency) : formatCount(size), now > was);
    return words === undefined ? [] : [words];
  });
  if (decisions > 0) {
    const many = decisions === 1 ? '1 decision' : `${formatCount(decisions)} decisions`;
    sentences.unshift(`${many} about orders would have come out differently.`);
  }
  return sentences.length > 0
    ? sentences
    : ['Orders, units and money would have been the same; the table shows what moved.'];
}
