/** Inputs for the parameters of a text, by the type each is declared with. Pure. */
import type { SqlParameters } from '../../../server/http/contract/sql-runs.ts';

export type ParameterInput = 'text' | 'number' | 'date' | 'time' | 'list';
type Value = SqlParameters[string];

export function inputFor(type: string): ParameterInput {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return inputFor(inner);
  if (type.startsWith('Array(')) return 'list';
  if (/^(U?Int|Float|Decimal)/.test(type)) return 'number';
  if (/^DateTime/.test(type)) return 'time';
  return /^Date/.test(type) ? 'date' : 'text';
}

export const isWhole = (type: string): boolean => /U?Int\d/.test(type);

/** As the field shows it. */
export function entryOf(value: Value | undefined, input: ParameterInput): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  // A field of date and time has a T between them; the engine a space.
  return input === 'time' && typeof value === 'string' ? value.replace(' ', 'T') : String(value);
}

/** @returns undefined while nothing has been entered */
export function enteredValue(entry: string, input: ParameterInput): Value | undefined {
  const text = entry.trim();
  if (text === '') return input === 'text' ? '' : undefined;
  if (input === 'list')
    return text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
  if (input === 'time') return text.replace('T', ' ');
  if (input !== 'number') return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Those the text asks for that have no value yet; text may be empty. */
export const missing = (parameters: readonly { name: string; type: string }[], values: SqlParameters): string[] =>
  parameters.filter(({ name }) => values[name] === undefined).map(({ name }) => name);
