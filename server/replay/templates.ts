/** Templates: `'{sku}'` alone gives the field's own value, inside other text it gives its words. */
import type { Fields, Value, Values } from './fields.ts';

const NAME = /\{([^{}]*)\}/g;
const ALONE = /^\{([^{}]*)\}$/;

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A row as a line of a group: its values, its number, and the line it reverses. */
export type Line = { values: Values; number: number; fileLine: number; reversed: boolean; reverses: Line | null };
/** What a template may speak of. `row` is the identity of the row's content, made only when asked for. */
export type Scope = { line: Line; lines: readonly Line[]; row: () => string };
export type Render = (scope: Scope) => Json | undefined;

export function namesIn(template: string): string[] {
  return [...template.matchAll(NAME)].map((match) => match[1]!);
}

/** YAML reads an unquoted {sku} as a map with an empty value; nothing else looks like that. */
export function unquotedTemplate(value: object): string | null {
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0]![1] === null ? `{${entries[0]![0]}}` : null;
}

/** Makes a data value's renderer once, so that rows only run it. `undefined` leaves the key out. */
export function compileTemplate(value: Json, fields: Fields): Render {
  if (typeof value === 'string') return compileText(value, fields);
  if (typeof value !== 'object' || value === null) return () => value;
  if (Array.isArray(value)) {
    const items = value.map((item) => compileTemplate(item, fields));
    return (scope) => items.map((item) => item(scope)).filter((item) => item !== undefined);
  }
  if (isForEach(value)) {
    const make = compileTemplate(value.make, fields);
    const standingOnly = value.forEach === 'standing';
    return (scope) =>
      scope.lines.flatMap((line) => {
        const made = standingOnly && line.reversed ? undefined : make({ ...scope, line });
        return made === undefined ? [] : [made];
      });
  }
  const entries = Object.entries(value).map(([key, inner]) => [key, compileTemplate(inner, fields)] as const);
  return (scope) => {
    const made: { [key: string]: Json } = {};
    for (const [key, render] of entries) {
      const one = render(scope);
      if (one !== undefined) made[key] = one;
    }
    return made;
  };
}

export const compileWords = (template: string, fields: Fields): ((scope: Scope) => string) => {
  const render = compileText(template, fields);
  return (scope) => String(render(scope) ?? '');
};

/** `{ forEach: lines, make: … }` is a list with one entry a line; `standing` passes over the lines that were reversed. */
export const isForEach = (value: object): value is { forEach: 'lines' | 'standing'; make: Json } =>
  'make' in value && 'forEach' in value && (value.forEach === 'lines' || value.forEach === 'standing');

function compileText(template: string, fields: Fields): Render {
  const alone = ALONE.exec(template);
  if (alone !== null) {
    const read = compileName(alone[1]!, fields);
    return (scope) => read(scope) ?? undefined;
  }
  const names = namesIn(template).map((name) => compileName(name, fields));
  if (names.length === 0) return () => template;
  const texts = template.split(/\{[^{}]*\}/);
  return (scope) => texts.map((text, at) => `${text}${at < names.length ? (names[at]!(scope) ?? '') : ''}`).join('');
}

function compileName(name: string, fields: Fields): (scope: Scope) => string | number | null {
  if (name === 'row') return (scope) => scope.row();
  if (name === 'line') return (scope) => String(scope.line.number);
  if (name === 'reversed.line') return (scope) => (scope.line.reverses ? String(scope.line.reverses.number) : null);
  const ofReversed = name.startsWith('reversed.');
  const index = fields.index.get(ofReversed ? name.slice('reversed.'.length) : name)!;
  const render = (value: Value | undefined) => fields.render(index, value ?? null);
  return ofReversed
    ? (scope) => render(scope.line.reverses?.values[index])
    : (scope) => render(scope.line.values[index]);
}
