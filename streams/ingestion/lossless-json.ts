/**
 * JSON from outside, read without losing anything: integers beyond 2^53 stay exact (as strings), and what could harm
 * us later (`__proto__`, depth, infinities, broken text) is named instead of passed on.
 */
import { isUtf8 } from 'node:buffer';

export const DEPTH_MAX = 100;

export type Read<T> = { value: T } | { problem: string };
/** One thing of a batch: its value, or the problem with the text it stood in. */
export type Item = { value: unknown } | { problem: string; raw: string };

/** Reads one JSON document. */
export function readJson(bytes: Buffer): Read<unknown> {
  const text = readText(bytes);
  if (typeof text !== 'string') return text;
  const suspicious = needsCare(bytes);
  const parsed = parse(text, suspicious);
  if ('problem' in parsed || !suspicious) return parsed;
  const flaw = flawOf(parsed.value);
  return flaw === undefined ? parsed : { problem: flaw };
}

/**
 * Reads a batch: an array, a single object (a batch of one) or, with `lines`, one document per line. A flaw inside
 * one item is that item's problem; text that is not JSON at all is everybody's.
 */
export function readItems(bytes: Buffer, form: 'json' | 'lines'): Read<Item[]> {
  const text = readText(bytes);
  if (typeof text !== 'string') return text;
  const suspicious = needsCare(bytes);
  if (form === 'lines') {
    const items: Item[] = [];
    for (const line of text.split('\n')) {
      const trimmed = line.trim();
      if (trimmed === '') continue;
      const parsed = parse(trimmed, suspicious);
      items.push('problem' in parsed ? { problem: parsed.problem, raw: line } : check(parsed.value, suspicious));
    }
    return { value: items };
  }
  const parsed = parse(text, suspicious);
  if ('problem' in parsed) return parsed;
  const values = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  return { value: values.map((value) => check(value, suspicious)) };
}

function check(value: unknown, suspicious: boolean): Item {
  const flaw = suspicious ? flawOf(value) : undefined;
  return flaw === undefined ? { value } : { problem: flaw, raw: writeAgain(value) };
}

function writeAgain(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return ''; // Too deep even for the writer; the problem already says so.
  }
}

function readText(bytes: Buffer): string | { problem: string } {
  if (!isUtf8(bytes)) return { problem: 'the body is not UTF-8 text' };
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return bytes.toString('utf8', hasByteOrderMark ? 3 : 0);
}

const SAFE_DIGITS = 15;

/**
 * One pass over the bytes, about 1 ns each, that decides whether the slow checks are needed at all: a number of more
 * than 15 digits or with an exponent, a `\u` escape, deep nesting, or a forbidden key by its letters.
 */
function needsCare(bytes: Buffer): boolean {
  let depth = 0;
  let digits = 0;
  let insideString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (insideString) {
      if (byte === 0x22) insideString = false;
      else if (byte === 0x5c) {
        if (bytes[at + 1] === 0x75) return true;
        at++;
      }
    } else if (byte! >= 0x30 && byte! <= 0x39) {
      if (++digits > SAFE_DIGITS) return true;
    } else {
      // `1e400`: the exponent of a number, not the e of `true` or `false`.
      if (digits > 0 && (byte === 0x65 || byte === 0x45)) return true;
      digits = 0;
      if (byte === 0x22) insideString = true;
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > DEPTH_MAX) return true;
      } else if (byte === 0x7d || byte === 0x5d) depth--;
    }
  }
  return bytes.includes('__proto__') || bytes.includes('"constructor"');
}

const PLACE_SHOWN_MAX = 120;

function parse(text: string, suspicious: boolean): Read<unknown> {
  try {
    return { value: suspicious ? JSON.parse(text, keepBigIntegers as Reviver) : JSON.parse(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problem: `is not JSON: ${message.slice(0, PLACE_SHOWN_MAX)}` };
  }
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function keepBigIntegers(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** Says what is wrong with a parsed value and where, or undefined. */
function flawOf(value: unknown, path = '', depth = 0): string | undefined {
  const where = path === '' ? 'value' : path;
  if (typeof value === 'string') {
    if (value.includes('\u0000')) return `${where}: contains a NUL character`;
    return value.isWellFormed() ? undefined : `${where}: contains half of a surrogate pair`;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${where}: is not a finite number`;
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= DEPTH_MAX) return `${path.slice(0, PLACE_SHOWN_MAX)}…: is nested deeper than ${DEPTH_MAX} levels`;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key === 'constructor') return `${where}: the key "${key}" is not allowed`;
    if (key.includes('\u0000') || !key.isWellFormed()) return `${where}: has a key that is not clean text`;
    const flaw = flawOf((value as Record<string, unknown>)[key], path === '' ? key : `${path}.${key}`, depth + 1);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}
