/** Whether what a form holds may be saved: what is wrong, by the path of its field, and what to do about it. Pure. */
import type { z } from 'zod';
import { unitOf } from './field-words.ts';

export type Problems = ReadonlyMap<string, string>;
type Issue = z.core.$ZodIssue;

/** @returns by path (`rules.0.owner`); empty when all is right */
export function problemsOf(schema: z.ZodObject, draft: unknown, minorPerMajor = 100): Problems {
  const result = schema.safeParse(draft);
  const found = new Map<string, string>();
  for (const issue of result.success ? [] : result.error.issues) {
    const path = issue.path.join('.');
    if (!found.has(path)) found.set(path, inWords(issue, draft, minorPerMajor));
  }
  return found;
}

function inWords(issue: Issue, draft: unknown, minorPerMajor: number): string {
  const name = String(issue.path.findLast((step) => typeof step === 'string') ?? '');
  const limit = (value: number | bigint) => shown(Number(value), name, minorPerMajor);
  switch (issue.code) {
    case 'invalid_type':
      if (valueAt(draft, issue.path) === undefined) return 'is needed';
      return issue.expected === 'int' || issue.expected === 'number'
        ? numberWords(issue, name)
        : `must be ${article(issue.expected)}`;
    case 'too_small':
      if (issue.origin === 'string') return 'is needed';
      return issue.origin === 'array' ? `needs at least ${issue.minimum}` : `must be at least ${limit(issue.minimum)}`;
    case 'too_big':
      if (issue.origin === 'string') return `may have at most ${issue.maximum} characters`;
      return issue.origin === 'array' ? `may have at most ${issue.maximum}` : `must be at most ${limit(issue.maximum)}`;
    case 'invalid_value':
      if (valueAt(draft, issue.path) === undefined) return 'is needed';
      return `must be one of ${issue.values.join(', ')}`;
    case 'unrecognized_keys':
      return `does not know ${issue.keys.join(', ')}`;
    default:
      return issue.message;
  }
}

function numberWords(issue: Issue, name: string): string {
  if ('expected' in issue && issue.expected === 'int') {
    return unitOf(name) === 'money' ? 'has more decimals than the currency' : 'must be a whole number';
  }
  return 'must be a number';
}

const article = (type: string): string =>
  type === 'array' ? 'a list' : type === 'object' ? 'a group of fields' : `a ${type}`;

/** A limit in the unit it is typed in. */
function shown(value: number, name: string, minorPerMajor: number): string {
  const unit = unitOf(name);
  if (unit === 'share') return `${Number((value * 100).toPrecision(12))} %`;
  if (unit === 'money') return String(value / minorPerMajor);
  return unit === '' ? String(value) : `${value} ${unit}`;
}

export function valueAt(from: unknown, path: readonly PropertyKey[]): unknown {
  let value = from;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[step];
  }
  return value;
}
