/** Figures of an answer as people read them: exact enough for a row of a table, with the sign of a change. */
import { MINUS } from '../../formats/durations.ts';
import { formatCount, formatDifference, formatFigure, formatMoneyRow, type Unit } from '../../formats/quantities.ts';
import { numberFormat } from '../../formats/region.ts';

const NO_VALUE = '–';
/** Shares of a change are small numbers: two digits tell them apart. */
const SHARE_DIGITS = 2;

/** `88.0%`, `€182,400`, `1,204`, `3.4 h`. */
export function figureText(value: number | null, unit: Unit, currency: string): string {
  if (value === null) return NO_VALUE;
  if (unit === 'money') return formatMoneyRow(value, currency);
  if (unit === 'count') return Number.isInteger(value) ? formatCount(value) : decimal(value);
  return formatFigure(value, unit, currency);
}

/** Figures that can be added up over groups, and so be stacked and be shares of a whole. */
export const isAdditive = (unit: Unit): boolean => unit === 'count' || unit === 'money' || unit === 'perMinute';

/** `−8.7 pt`, `+12.3%`; empty where there is nothing to compare. */
export function changeText(now: number | null, before: number | null, unit: Unit, currency: string): string {
  if (now === null || before === null) return '';
  const relative = isAdditive(unit);
  if (relative && before === 0) return now === 0 ? '0%' : 'new';
  const change = relative ? ((now - before) / Math.abs(before)) * 100 : now - before;
  const size = formatDifference(change, relative, unit, currency);
  return `${signOf(change, size)}${size}`;
}

/** A part of a change in the unit of the measure: `−0.84` of percentage points, `+€1,200`. */
export function shareText(change: number, unit: Unit, currency: string): string {
  const size = Math.abs(change);
  const text =
    isAdditive(unit) || unit === 'milliseconds'
      ? figureText(Math.round(size), unit, currency)
      : numberFormat('share', {
          minimumFractionDigits: SHARE_DIGITS,
          maximumFractionDigits: SHARE_DIGITS,
        }).format(size);
  return `${signOf(change, text)}${text}`;
}

/** What rounds to nothing has no direction. */
function signOf(change: number, shown: string): string {
  if (!/[1-9]/.test(shown)) return '';
  return change > 0 ? '+' : MINUS;
}

const decimal = (value: number): string =>
  numberFormat('decimal', { maximumFractionDigits: 2 }).format(value).replace('-', MINUS);
