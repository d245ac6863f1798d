/** Small translations every topic needs. */
import type { Context } from '../connector.ts';
import type { LineItem } from './schema.ts';

const digitsByCurrency = new Map<string, number>();

/** Minor units of a currency by ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD. An unknown code counts as 2. */
export function minorDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  let digits = 2;
  try {
    digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not even the form of a code; the event's own check will say so.
  }
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** `"19.90"` EUR is 1990. Works on the digits, because a float would turn 1.005 into 1.00. Null when it is no amount. */
export function toMinorUnits(amount: string, currency: string): number | null {
  const parts = /^\s*(-?)(\d+)(?:\.(\d*))?\s*$/.exec(amount);
  if (parts === null) return null;
  const [, sign, whole = '0', fraction = ''] = parts;
  const digits = minorDigits(currency);
  const padded = fraction.padEnd(digits + 1, '0');
  const roundsUp = padded.charCodeAt(digits) >= 53; // '5'
  const value = Number(whole + padded.slice(0, digits)) + (roundsUp ? 1 : 0);
  return value === 0 ? 0 : sign === '-' ? -value : value;
}

const ID_CHARACTERS_MAX = 200;

/** Merchants type SKUs by hand; `|` and control characters have a meaning of their own with us. */
export function cleanId(text: string): string {
  return text
    .trim()
    .replaceAll(/[|\p{Cc}\p{Cs}]/gu, '-')
    .slice(0, ID_CHARACTERS_MAX);
}

/** The SKU as typed; a variant without one goes by its id, and a line without a variant is not from the catalog. */
export function skuOf(line: { sku?: string | null; variant_id?: string | null }): string {
  const sku = cleanId(line.sku ?? '');
  return sku !== '' ? sku : (line.variant_id ?? 'custom-item');
}

export function nodeOf(location: string | null | undefined, { settings }: Context): string {
  if (location === null || location === undefined) return settings.nodes?.default ?? 'shopify-default';
  return settings.nodes?.[location] ?? `shopify-${location}`;
}

/** Gift cards, fees and downloads are sold but never stand in a warehouse. */
export const isPhysical = (line: LineItem): boolean => line.gift_card !== true && line.requires_shipping !== false;

/** Shopify writes local times with an offset; all that counts is the instant. */
export const latest = (...times: (string | null | undefined)[]): string =>
  times.reduce<string>(
    (last, time) => (time && (last === '' || Date.parse(time) > Date.parse(last)) ? time : last),
    '',
  );
