/** From a schema to the fields of a form: which input each gets, what it is called, and in which unit it is typed. Pure. */
import { z } from 'zod';
import { type Unit, unitOf, wordsOf } from './field-words.ts';

export type Input =
  | { kind: 'text' | 'time' | 'date' | 'moment' | 'time-zone' | 'currency' | 'yes-no' | 'weekdays' | 'json' }
  | { kind: 'number'; unit: Unit; whole: boolean }
  | { kind: 'choice'; choices: readonly string[] }
  /** A list of plain values, one per line. */
  | { kind: 'lines'; of: 'text' | 'number' }
  /** A list of things that have fields themselves. */
  | { kind: 'rows'; fields: readonly Field[] }
  | { kind: 'group'; fields: readonly Field[] }
  /** Values by names that whoever fills it in chooses. */
  | { kind: 'names'; value: Field };
export type Field = {
  name: string;
  label: string;
  hint: string;
  required: boolean;
  /** What holds when nothing is given; undefined when nothing does. */
  fallback: unknown;
  input: Input;
};

type Json = {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  properties?: Record<string, Json>;
  required?: string[];
  items?: Json;
  anyOf?: Json[];
  additionalProperties?: Json | boolean;
  default?: unknown;
};

/** Who made a change is written by the server. */
const notAsked: ReadonlySet<string> = new Set(['by']);

/** @param subject what the schema is of, such as `nodes` or `allocation`: the same name may need other words elsewhere */
export function fieldsOf(schema: z.ZodObject, subject: string): Field[] {
  return fieldsIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json, subject);
}

function fieldsIn(schema: Json, place: string): Field[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !notAsked.has(name))
    .map(([name, one]) => fieldOf(name, one, `${place}.${name}`, required.has(name)));
}

function fieldOf(name: string, schema: Json, place: string, required: boolean): Field {
  const { label, hint } = wordsOf(name, place);
  return { name, label, hint, required, fallback: schema.default, input: inputOf(name, schema, place) };
}

function inputOf(name: string, schema: Json, place: string): Input {
  if (name === 'workdays') return { kind: 'weekdays' };
  if (name === 'timeZone') return { kind: 'time-zone' };
  if (name === 'currency') return { kind: 'currency' };
  const choices = choicesOf(schema);
  if (choices !== null) return { kind: 'choice', choices };
  if (schema.anyOf?.some((one) => one.format === 'date-time')) return { kind: 'moment' };
  switch (schema.type) {
    case 'string':
      return { kind: schema.format === 'date' ? 'date' : isTimeOfDay(schema) ? 'time' : 'text' };
    case 'boolean':
      return { kind: 'yes-no' };
    case 'integer':
    case 'number':
      return { kind: 'number', unit: unitOf(name), whole: schema.type === 'integer' };
    case 'array':
      return listOf(schema.items ?? {}, place);
    case 'object':
      return objectOf(schema, place);
    default:
      return { kind: 'json' };
  }
}

function choicesOf(schema: Json): string[] | null {
  if (schema.enum?.every((one) => typeof one === 'string')) return schema.enum as string[];
  if (typeof schema.const === 'string') return [schema.const];
  const parts = schema.anyOf?.map(choicesOf);
  return parts === undefined || parts.length === 0 || parts.includes(null) ? null : parts.flatMap((part) => part!);
}

const isTimeOfDay = (schema: Json): boolean => schema.pattern?.includes('2[0-3]') === true;

function listOf(item: Json, place: string): Input {
  if (item.type === 'object' && item.properties !== undefined) return { kind: 'rows', fields: fieldsIn(item, place) };
  if (item.type === 'string') return { kind: 'lines', of: 'text' };
  return item.type === 'integer' || item.type === 'number' ? { kind: 'lines', of: 'number' } : { kind: 'json' };
}

function objectOf(schema: Json, place: string): Input {
  if (schema.properties !== undefined) return { kind: 'group', fields: fieldsIn(schema, place) };
  const value = schema.additionalProperties;
  if (typeof value !== 'object') return { kind: 'json' };
  return { kind: 'names', value: fieldOf('*', value, place, true) };
}

/** What a new entry begins with. */
export function emptyOf(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.filter(({ fallback }) => fallback !== undefined).map(({ name, fallback }) => [name, fallback]),
  );
}

/** What is typed into a field of this unit, and the value it stands for: shares as percent, money in whole currency. */
export function factorOf(unit: Unit, minorPerMajor: number): number {
  if (unit === 'share') return 0.01;
  return unit === 'money' ? minorPerMajor : 1;
}
