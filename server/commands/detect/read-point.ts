/** One line of JSON as a point of a series, whatever wrote it: numbers as text, seconds or milliseconds, Python's NaN. */
import { type Point, type SeriesKind, seriesKinds } from '../../../analytics/anomalies/detector/detection.ts';

export type TimeUnit = 'auto' | 's' | 'ms';
export type SeriesPoint = { series: string; point: Point; kind: SeriesKind | undefined };
/** A line that is no point, with the reason. */
export class BadLine extends Error {}

const SERIES_CHARACTERS_MAX = 1_000;
const WORDS_SHOWN_MAX = 60;
/** The largest number that is taken for seconds, milliseconds and microseconds: each of them lies after the year 5000. */
const SECONDS_MAX = 1e11;
const MILLISECONDS_MAX = 1e14;
const MICROSECONDS_MAX = 1e17;
/** What some programs write into JSON for a number that is none. */
const notNumbers = /(?<=[:,[\s])(?:NaN|[-+]?Infinity)(?=\s*[,}\]])/g;

export function readPoint(line: string, unit: TimeUnit = 'auto'): SeriesPoint {
  const given = parse(line);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new BadLine('not an object');
  const { series = '', t, v, kind, expected } = given as Record<string, unknown>;
  if (typeof series !== 'string' && typeof series !== 'number')
    throw new BadLine('series is neither text nor a number');
  const name = String(series);
  if (name.length > SERIES_CHARACTERS_MAX)
    throw new BadLine(`series is longer than ${SERIES_CHARACTERS_MAX} characters`);
  const point: Point = { t: instantOf(t, unit), v: figureOf(v) };
  if (expected === 'promo') point.expected = 'promo';
  return { series: name, point, kind: seriesKinds.find((one) => one === kind) };
}

function parse(line: string): unknown {
  if (line.trim() === '') throw new BadLine('an empty line');
  try {
    return JSON.parse(line);
  } catch (error) {
    // Looked at only now: next to no line needs it, and text within quotes must stay as it is.
    const mended = line.replace(notNumbers, 'null');
    if (mended === line) throw new BadLine(`not JSON: ${(error as Error).message}`);
    try {
      return JSON.parse(mended);
    } catch (again) {
      throw new BadLine(`not JSON: ${(again as Error).message}`);
    }
  }
}

function figureOf(v: unknown): number | null {
  if (v === null) return null;
  if (typeof v === 'number') return Number.isFinite(v) ? v : null;
  if (v === undefined) throw new BadLine('v is missing; write null where nothing is known');
  if (typeof v === 'string') {
    const text = v.trim();
    if (text === '' || /^[-+]?(nan|null|none|na|inf|infinity)$/i.test(text)) return null;
    if (Number.isFinite(Number(text))) return Number(text);
  }
  throw new BadLine(`v is not a number: ${shown(v)}`);
}

/** Epoch ms. Text without a zone is UTC. */
function instantOf(t: unknown, unit: TimeUnit): number {
  if (t === undefined || t === null) throw new BadLine('t is missing');
  const number = typeof t === 'number' ? t : typeof t === 'string' && t.trim() !== '' ? Number(t) : Number.NaN;
  const instant = Number.isFinite(number)
    ? fromNumber(number, unit)
    : typeof t === 'string'
      ? fromText(t.trim())
      : Number.NaN;
  if (!Number.isFinite(instant)) throw new BadLine(`t is not a time: ${shown(t)}`);
  return instant;
}

function fromNumber(t: number, unit: TimeUnit): number {
  if (unit === 's') return t * 1_000;
  if (unit === 'ms') return t;
  const size = Math.abs(t);
  if (size < SECONDS_MAX) return t * 1_000;
  if (size < MILLISECONDS_MAX) return t;
  return size < MICROSECONDS_MAX ? t / 1_000 : t / 1_000_000;
}

const isoLike =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|[-+]\d\d(?::?\d\d)?)?$/;

function fromText(text: string): number {
  const parts = isoLike.exec(text);
  if (parts === null) return Date.parse(text);
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '0', zone = 'Z'] = parts;
  const offset = /^[-+]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}` : 'Z';
  return Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}${offset}`,
  );
}

const shown = (value: unknown): string => JSON.stringify(value).slice(0, WORDS_SHOWN_MAX);
