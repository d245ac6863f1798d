/** Values of a question's parameters, written into its text as literals of their type. */
import { type SqlToken, sqlString, tokenizeSql } from '../clickhouse/sql-text.ts';
import type { Finding } from './faults.ts';
import { isAllowedType } from './types.ts';

export type ParameterValue = string | number | readonly (string | number)[];
export type Parameter = { name: string; type: string };

type Placeholder = Parameter & { start: number; end: number };

/** `{name:Type}` wherever it is not inside a text or a comment, each name once. */
export function parametersOf(text: string): Parameter[] {
  const unique = new Map(placeholdersOf(text).map(({ name, type }) => [`${name}:${type}`, { name, type }]));
  return [...unique.values()];
}

/**
 * Puts literals in the place of placeholders. What comes out is checked like any text: a value can be nothing but a
 * literal, and were it something else, the guard would see it.
 */
export function withValues(
  text: string,
  values: Readonly<Record<string, ParameterValue>>,
): { text: string } | { findings: Finding[] } {
  const findings: Finding[] = [];
  let out = '';
  let copied = 0;
  for (const { name, type, start, end } of placeholdersOf(text)) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const literal = value === undefined ? null : literalOf(type, value);
    if (!isAllowedType(type)) {
      findings.push({
        what: `the type ${type} of the parameter ${name} is not available`,
        remedy: 'use a plain type such as String, Int64, Date or Array(String)',
        at: start,
      });
    } else if (value === undefined) {
      findings.push({ what: `the parameter ${name} has no value`, remedy: 'give it one', at: start });
    } else if (literal === null) {
      findings.push({ what: `${JSON.stringify(value)} is no ${type}, which the parameter ${name} must be`, at: start });
    }
    out += text.slice(copied, start) + (literal ?? 'NULL');
    copied = end;
  }
  return findings.length > 0 ? { findings } : { text: out + text.slice(copied) };
}

function placeholdersOf(text: string): Placeholder[] {
  const tokens = tokenizeSql(text).filter(({ kind }) => kind !== 'comment');
  const found: Placeholder[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const [open, name, colon] = tokens.slice(at, at + 3) as [SqlToken, SqlToken?, SqlToken?];
    if (open.text !== '{' || name?.kind !== 'word' || colon?.text !== ':') continue;
    const close = tokens.findIndex(({ text: sign, kind }, index) => index > at && sign === '}' && kind === 'sign');
    if (close < 0) break;
    const end = tokens[close]!.end;
    found.push({ name: name.text, type: text.slice(colon.end, end - 1).trim(), start: open.start, end });
    at = close;
  }
  return found;
}

const WHOLE = /^-?\d{1,77}$/;
const NUMBER = /^-?\d{1,40}(\.\d{1,40})?([eE][+-]?\d{1,3})?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?Z?$/;

/** @returns null when the value is none of that type */
function literalOf(type: string, value: ParameterValue): string | null {
  const inner = /^(Nullable|LowCardinality)\((.*)\)$/.exec(type);
  if (inner !== null) return literalOf(inner[2]!, value);
  const list = /^Array\((.*)\)$/.exec(type);
  if (list !== null) return listOf(list[1]!, value, type);
  if (typeof value === 'object') return null;
  const text = String(value);
  if (/^U?Int\d+$/.test(type))
    return WHOLE.test(text) && !(type.startsWith('U') && text.startsWith('-')) ? cast(text, type) : null;
  if (/^(Float\d+|Decimal\d*(\(.*\))?)$/.test(type)) return NUMBER.test(text) ? cast(text, type) : null;
  if (type === 'Bool') return /^(true|false|0|1)$/.test(text) ? cast(text, type) : null;
  if (/^Date(32)?$/.test(type)) return DATE.test(text) ? cast(text, type) : null;
  if (/^DateTime(32|64)?(\(.*\))?$/.test(type)) return timeOf(text, type);
  if (type === 'String') return sqlString(text);
  return /^(UUID|FixedString\(\d+\)|IPv[46])$/.test(type) ? cast(text, type) : null;
}

const cast = (text: string, type: string): string => `CAST(${sqlString(text)}, ${sqlString(type)})`;

/** Times are written in UTC or without a zone; numbers are seconds since 1970, as the engine has it. */
function timeOf(text: string, type: string): string | null {
  if (/^\d{1,12}$/.test(text)) return cast(text, type);
  if (!TIME.test(text)) return null;
  const plain = text.replace('T', ' ').replace(/Z$/, '');
  const whole = plain.length === 10 ? `${plain} 00:00:00` : plain.length === 16 ? `${plain}:00` : plain;
  const fits = /^DateTime64/.test(type) ? whole : whole.replace(/\.\d+$/, '');
  return cast(fits, type);
}

function listOf(inner: string, value: ParameterValue, type: string): string | null {
  if (typeof value !== 'object') return null;
  const parts = value.map((one) => literalOf(inner, one));
  if (parts.some((part) => part === null)) return null;
  return `CAST([${parts.join(', ')}], ${sqlString(type)})`;
}
