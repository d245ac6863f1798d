/** A value of a setting as it is read in a difference. Pure. */
import { type Unit, unitOf } from './field-words.ts';

export function valueInWords(value: unknown, path: string, currency: string, minorPerMajor: number): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const name = path.split('.').findLast((step) => !/^\d+$/.test(step)) ?? '';
  if (typeof value === 'number') return numberInWords(value, unitOf(name), currency, minorPerMajor);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    if (value.every((one) => typeof one !== 'object')) return value.join(', ');
  }
  return JSON.stringify(value, null, 2);
}

function numberInWords(value: number, unit: Unit, currency: string, minorPerMajor: number): string {
  if (unit === 'share') return `${Number((value * 100).toPrecision(12))} %`;
  if (unit === 'money') return `${(value / minorPerMajor).toFixed(Math.log10(minorPerMajor))} ${currency}`;
  return unit === '' ? String(value) : `${value} ${unit}`;
}
