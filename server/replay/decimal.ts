/** Exact decimal numbers as a file writes them: `units` x 10^-`scale`. Money must not pass through a float. */
export type Decimal = { readonly units: bigint; readonly scale: number };
export type Rounding = 'reject' | 'half-up' | 'half-even';

const PATTERN = /^([+-]?)(\d{1,18})(?:\.(\d{0,12}))?$/;
export const ZERO: Decimal = { units: 0n, scale: 0 };

/** `null` when the text is not a plain decimal number (no exponent, at most 18 digits before and 12 after the point). */
export function parseDecimal(text: string): Decimal | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const units = BigInt(`${match[2]}${fraction}`);
  return { units: match[1] === '-' ? -units : units, scale: fraction.length };
}

/** Products reach twice the digits of a number. */
const POWERS = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent));
const power = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);
const scaled = (value: Decimal, scale: number): bigint =>
  scale === value.scale ? value.units : value.units * power(scale - value.scale);

export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = scaled(a, scale) - scaled(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: scaled(a, scale) + scaled(b, scale), scale };
}

export const multiplyDecimals = (a: Decimal, b: Decimal): Decimal => ({
  units: a.units * b.units,
  scale: a.scale + b.scale,
});

export const absoluteDecimal = (a: Decimal): Decimal => (a.units < 0n ? { units: -a.units, scale: a.scale } : a);

/**
 * The value in units of 10^-`digits` (pence for two digits).
 * `null` when that is not a whole number and `rounding` is `reject`, or when it passes 2^53.
 */
export function toMinorUnits(value: Decimal, digits: number, rounding: Rounding): number | null {
  const whole = value.scale <= digits ? scaled(value, digits) : roundedOff(value, value.scale - digits, rounding);
  if (whole === null) return null;
  const minor = Number(whole);
  return Number.isSafeInteger(minor) ? minor : null;
}

export const isWholeIn = (value: Decimal, digits: number): boolean =>
  value.scale <= digits || value.units % power(value.scale - digits) === 0n;

function roundedOff(value: Decimal, digitsTooMany: number, rounding: Rounding): bigint | null {
  const divisor = power(digitsTooMany);
  const quotient = value.units / divisor;
  const rest = value.units % divisor;
  if (rest === 0n) return quotient;
  if (rounding === 'reject') return null;
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const away = twice > divisor || (twice === divisor && (rounding === 'half-up' || quotient % 2n !== 0n));
  return away ? quotient + (value.units < 0n ? -1n : 1n) : quotient;
}

export function formatDecimal(value: Decimal): string {
  const digits = (value.units < 0n ? -value.units : value.units).toString().padStart(value.scale + 1, '0');
  const point = digits.length - value.scale;
  const fraction = digits.slice(point).replace(/0+$/, '');
  return `${value.units < 0n ? '-' : ''}${digits.slice(0, point)}${fraction === '' ? '' : `.${fraction}`}`;
}
