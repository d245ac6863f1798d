/** A cell as it is read, and where it leads. */
import { MINUS } from '../../formats/durations.ts';
import type { Unit } from '../../formats/quantities.ts';
import { numberFormat } from '../../formats/region.ts';
import { formatClock, formatDate, formatMoment, formatMonthDay } from '../../formats/times.ts';
import { figureText } from './figures.ts';
import type { Cell, SheetColumn } from './sheet.ts';

export type Place = { timeZone: string; currency: string };
const DIGITS_MAX = 4;

export function cellText(value: Cell | undefined, column: Pick<SheetColumn, 'kind' | 'unit'>, place: Place): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (column.kind === 'time' && typeof value === 'number') return timeText(value, place.timeZone);
  if (typeof value !== 'number')
    return column.kind === 'time'
      ? String(value)
          .replace('T', ' ')
          .replace(/(\.0+)?Z$/, '')
      : String(value);
  return column.unit === null ? numberText(value) : figureText(value, column.unit as Unit, place.currency);
}

/** A number whose unit nobody knows: with all that it says, up to four digits. */
export function numberText(value: number): string {
  const whole = Number.isInteger(value);
  const format = numberFormat(whole ? 'whole' : 'up to four', { maximumFractionDigits: whole ? 0 : DIGITS_MAX });
  return format.format(value).replace('-', MINUS);
}

const timeText = (at: number, timeZone: string): string =>
  formatClock(at, timeZone) === '00:00' ? formatDate(at, timeZone) : formatMoment(at, timeZone);

export const shortTime = (at: number, timeZone: string): string =>
  formatClock(at, timeZone) === '00:00' ? formatMonthDay(at, timeZone) : formatClock(at, timeZone);

const pages: Record<string, (id: string) => string> = {
  order: (id) => `/orders/${id}`,
  order_id: (id) => `/orders/${id}`,
  sku: (id) => `/stock/${id}`,
  node: (id) => `/nodes/${id}`,
  source: (id) => `/sources/${id}`,
  purchase_order: (id) => `/purchase-orders/${id}`,
  exception: (id) => `/exceptions?ex=${id}`,
  exception_id: (id) => `/exceptions?ex=${id}`,
};

/** The page of what a cell names, by the name of its column. */
export function pageOf(column: string, value: Cell | undefined): string | null {
  const page = pages[column];
  return page === undefined || typeof value !== 'string' || value === '' ? null : page(encodeURIComponent(value));
}
