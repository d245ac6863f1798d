/** Conditions on a row, compiled from data. No code of the mapping's author ever runs. */
import { compareDecimals, type Decimal, parseDecimal } from './decimal.ts';
import { asDecimal, type Fields, type Value, type Values } from './fields.ts';
import type { Condition } from './mapping.ts';

export type Holds = (values: Values) => boolean;

/** An empty value fulfils only `empty: true`: "customer is not X" is not something we know of an unknown customer. */
export function compileCondition(condition: Condition, fields: Fields): Holds {
  if ('all' in condition) {
    const parts = condition.all.map((part) => compileCondition(part, fields));
    return (values) => parts.every((holds) => holds(values));
  }
  if ('any' in condition) {
    const parts = condition.any.map((part) => compileCondition(part, fields));
    return (values) => parts.some((holds) => holds(values));
  }
  if ('not' in condition) {
    const holds = compileCondition(condition.not, fields);
    return (values) => !holds(values);
  }
  const index = fields.index.get(condition.field)!;
  const isText = fields.kinds[index] === 'text';
  const tests: ((value: Exclude<Value, null>) => boolean)[] = [];
  const { is, matches, below, above, atLeast, atMost } = condition;
  const among = condition.in ?? (is === undefined ? undefined : [is]);
  if (among !== undefined && isText) {
    const fold = (text: string) => (condition.ignoreCase ? text.toLowerCase() : text);
    const texts = new Set(among.map((one) => fold(String(one))));
    tests.push((value) => texts.has(fold(value as string)));
  } else if (among !== undefined) {
    const numbers = among.map((one) => number(one));
    tests.push((value) => numbers.some((one) => one !== null && compareDecimals(asDecimal(value), one) === 0));
  }
  if (matches !== undefined) {
    const pattern = new RegExp(matches, condition.ignoreCase ? 'iu' : 'u');
    tests.push((value) => pattern.test(value as string));
  }
  const compare = (bound: number | undefined, holds: (order: number) => boolean) => {
    if (bound === undefined) return;
    const limit = number(bound);
    tests.push((value) => limit !== null && holds(compareDecimals(asDecimal(value), limit)));
  };
  compare(below, (order) => order < 0);
  compare(above, (order) => order > 0);
  compare(atLeast, (order) => order >= 0);
  compare(atMost, (order) => order <= 0);
  return (values) => {
    const value = values[index] ?? null;
    if (value === null) return condition.empty === true && tests.length === 0;
    return condition.empty !== true && tests.every((holds) => holds(value));
  };
}

const number = (one: string | number): Decimal | null => parseDecimal(String(one));
