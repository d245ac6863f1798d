/** What an exception is about, in words. */
import type { ExceptionLine } from '../../server/live/contract.ts';
import { formatCount, formatMoneyExact } from '../formats/quantities.ts';

/** Subjects that are keys of states (`HP-1|BOS-1`) mean nothing to people; the detail then names the thing. */
export function aboutWhat(row: Pick<ExceptionLine, 'subject' | 'detail'>): string {
  const subject = row.subject.includes('|') ? '' : row.subject;
  const words = [subject, row.detail].filter((part, index, all) => part !== '' && all.indexOf(part) === index);
  return words.join(' · ') || row.subject.replaceAll('|', ' · ');
}

/** Inputs that are money in minor units; all others are plain numbers. */
const moneyInputs = new Set([
  'unitCost',
  'unitValue',
  'unitMargin',
  'averageOrder',
  'penaltyPerLine',
  'penalty',
  'margin',
  'valuePerMinute',
]);

/** `Unit cost` and `$85.55` for `unitCost: 8555`. */
export function explainInput(name: string, value: string | number | null, currency: string): [string, string] {
  const words = name.replace(/([a-z])([A-Z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  const label = words.charAt(0).toUpperCase() + words.slice(1);
  if (value === null) return [label, 'unknown'];
  if (typeof value === 'string') return [label, value];
  if (moneyInputs.has(name)) return [label, formatMoneyExact(value, currency)];
  return [label, Number.isInteger(value) ? formatCount(value) : String(value)];
}
