/** Figures of an explanation, in its unit. */
import type { Explanation } from '../../server/http/contract/explain.ts';
import { formatCount, formatMoneyExact } from '../formats/quantities.ts';
import { numberFormat } from '../formats/region.ts';
import { formatNear } from '../formats/times.ts';
import { zoneName } from '../nodes/node-times.ts';

const percent = () => numberFormat('share', { style: 'percent', maximumFractionDigits: 1 });
const two = () => numberFormat('odds', { maximumFractionDigits: 2, signDisplay: 'exceptZero' });

export function valueWords({ value, unit, currency }: Explanation, now: number, timeZone: string): string {
  if (value === null) return 'not known';
  if (unit === 'money') return formatMoneyExact(value, currency ?? 'EUR');
  if (unit === 'time') return `${formatNear(value, now, timeZone)} ${zoneName(value, timeZone)}`;
  return unit === 'share' ? percent().format(value) : formatCount(value);
}

/** Parts of a moment are units, and parts of a probability are odds. */
export function partWords({ unit }: Explanation, value: number): string {
  return unit === 'share' ? two().format(value).replace('-', '\u2212') : formatCount(value);
}

/** The page that explains a number. */
export const explainPath = (number: string): string => `/explain?number=${encodeURIComponent(number)}`;
