/** Numbers as people read them. Money is in minor units with its currency; percentages are 0..100. */
import type { KpiTile } from '../../server/live/contract.ts';
import { formatSpan, MINUS } from './durations.ts';
import { numberFormat } from './region.ts';

export type Unit = KpiTile['unit'];
/** A figure in parts, so that a large digit can stand next to a small unit. */
export type Figure = { before: string; digits: string; after: string };

const NO_VALUE = '–';
const whole = () => numberFormat('whole', { maximumFractionDigits: 0 });
const twoDigits = () => numberFormat('two digits', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const oneDigit = () => numberFormat('one digit', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined ? NO_VALUE : minus(whole().format(value));
}

/** `+4`, `−3`, `0`. */
export function formatChange(value: number): string {
  return value > 0 ? `+${whole().format(value)}` : formatCount(value);
}

/** `€21,031`: whole units, for dense rows. */
export function formatMoneyRow(minor: number, currency: string): string {
  return minus(money(currency, 0).format(minor / minorPerMajor(currency)));
}

/** `€21,031.40`: to the minor unit, for one order or one price. */
export function formatMoneyExact(minor: number, currency: string): string {
  return minus(money(currency, minorDigits(currency)).format(minor / minorPerMajor(currency)));
}

/** `€1.9m`: for totals. */
export function formatMoneyTotal(minor: number, currency: string): string {
  const figure = moneyFigure(minor, currency);
  return figure.before + figure.digits + figure.after;
}

/** A KPI value for a tile. Null is no data, never zero. */
export function figureOf(value: number | null, unit: Unit, currency = 'EUR'): Figure {
  if (value === null) return { before: '', digits: NO_VALUE, after: '' };
  switch (unit) {
    case 'money':
      return moneyFigure(value, currency);
    case 'percent':
      return { before: '', digits: minus(oneDigit().format(value)), after: '%' };
    case 'hours':
      return { before: '', digits: minus(short(value)), after: 'h' };
    case 'minutes':
      return { before: '', digits: minus(short(value)), after: 'min' };
    case 'milliseconds':
      return value >= 1_000
        ? { before: '', digits: minus(oneDigit().format(value / 1_000)), after: 's' }
        : { before: '', digits: formatCount(value), after: 'ms' };
    case 'days':
      return { before: '', digits: minus(short(value)), after: 'd' };
    case 'ratio':
      return { before: '', digits: minus(twoDigits().format(value)), after: '' };
    case 'perYear':
      return { before: '', digits: minus(short(value)), after: 'per year' };
    case 'perMinute':
      return { before: '', digits: minus(short(value)), after: '' };
    default:
      return countFigure(value);
  }
}

export function formatFigure(value: number | null, unit: Unit, currency?: string): string {
  const figure = figureOf(value, unit, currency);
  const wordy = /^([a-z]{2,}|\P{L}+)$/u.test(figure.after) && figure.after !== '%';
  return `${figure.before}${figure.digits}${wordy ? ' ' : ''}${figure.after}`;
}

/** The size of a difference without its sign; an arrow says the direction. */
export function formatDifference(change: number, relative: boolean, unit: Unit, currency?: string): string {
  if (relative) return `${oneDigit().format(Math.abs(change))}%`;
  if (unit === 'minutes') return formatSpan(Math.abs(change) * 60_000);
  if (unit === 'percent') return `${oneDigit().format(Math.abs(change))} pt`;
  return formatFigure(Math.abs(change), unit, currency);
}

function moneyFigure(minor: number, currency: string): Figure {
  const major = minor / minorPerMajor(currency);
  const { sign, behind } = symbol(currency);
  const before = (major < 0 ? MINUS : '') + (behind ? '' : sign);
  const { digits, after } = shortened(Math.abs(major));
  return { before, digits, after: behind ? `${after} ${sign}`.trim() : after };
}

function shortened(size: number): { digits: string; after: string } {
  if (size >= 1e9) return { digits: oneDigit().format(size / 1e9), after: 'bn' };
  if (size >= 1e6) return { digits: oneDigit().format(size / 1e6), after: 'm' };
  if (size >= 1e5) return { digits: whole().format(size / 1e3), after: 'k' };
  if (size >= 1e4) return { digits: oneDigit().format(size / 1e3), after: 'k' };
  return { digits: whole().format(size), after: '' };
}

function countFigure(value: number): Figure {
  const size = Math.abs(value);
  const before = value < 0 ? MINUS : '';
  if (size >= 1e6) return { before, digits: oneDigit().format(size / 1e6), after: 'm' };
  if (size >= 1e5) return { before, digits: whole().format(size / 1e3), after: 'k' };
  return { before, digits: short(size), after: '' };
}

/** One digit after the point only where it says something. */
function short(value: number): string {
  return Math.abs(value) < 10 && !Number.isInteger(value) ? oneDigit().format(value) : whole().format(value);
}

function money(currency: string, digits: number): Intl.NumberFormat {
  return numberFormat(`${currency} ${digits}`, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** The sign of a currency, and whether this region writes it behind the number. */
function symbol(currency: string): { sign: string; behind: boolean } {
  const parts = money(currency, 0).formatToParts(0);
  const index = parts.findIndex((part) => part.type === 'currency');
  return { sign: parts[index]?.value ?? currency, behind: index > parts.findIndex((part) => part.type === 'integer') };
}

const digitsByCurrency = new Map<string, number>();
function minorDigits(currency: string): number {
  let digits = digitsByCurrency.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsByCurrency.set(currency, digits);
  }
  return digits;
}

export function minorPerMajor(currency: string): number {
  return 10 ** minorDigits(currency);
}

function minus(text: string): string {
  return text.replace('-', MINUS);
}
