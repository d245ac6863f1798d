/** Local times of a file, as instants. The two hours a year on which clocks lie are decided by rule, not by luck. */
import { DateTime, IANAZone } from 'luxon';

export type LocalTimeRules = {
  zone: string;
  /** luxon format tokens, tried in turn; `iso` for ISO 8601. A format with an offset in it (`ZZ`) overrides the zone. */
  formats: readonly string[];
  /** Clocks went back, the time happened twice: which one is meant. */
  ambiguous: 'first' | 'second' | 'reject';
  /** Clocks went forward, the time never was: read it on the clock not yet put forward (`later`), or refuse it. */
  missing: 'later' | 'reject';
};

const DAY_MS = 86_400_000;
const CARRIES_OFFSET = /Z|z/;

/** Makes a reader: text -> epoch ms, or a sentence that says why not. */
export function localTimeReader(rules: LocalTimeRules): (text: string) => number | string {
  const zone = IANAZone.create(rules.zone);
  const parsers = rules.formats.map((format) => {
    if (format === 'iso') return (text: string) => readIso(text, zone, rules);
    const parser = DateTime.buildFormatParser(format, { locale: 'en' });
    const withOffset = CARRIES_OFFSET.test(format.replace(/'[^']*'/g, ''));
    return (text: string): number | string | null => {
      const read = DateTime.fromFormatParser(text, parser, { zone: 'utc', locale: 'en' });
      if (!read.isValid) return null;
      return withOffset ? read.toMillis() : instantOf(read.toMillis(), zone, rules);
    };
  });
  // Rows of one order share one time, and parsing dates is the slowest part of reading a row.
  let lastText: string | null = null;
  let lastAnswer: number | string = '';
  return (text) => {
    if (text === lastText) return lastAnswer;
    let answer: number | string | null = null;
    for (const parse of parsers) {
      answer = parse(text);
      if (answer !== null) break;
    }
    lastText = text;
    lastAnswer = answer ?? `"${text}" is not a time in the form ${rules.formats.join(' or ')}`;
    return lastAnswer;
  };
}

function readIso(text: string, zone: IANAZone, rules: LocalTimeRules): number | string | null {
  if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text)) {
    const read = DateTime.fromISO(text);
    return read.isValid ? read.toMillis() : null;
  }
  const read = DateTime.fromISO(text, { zone: 'utc' });
  return read.isValid ? instantOf(read.toMillis(), zone, rules) : null;
}

/** @param local the wall-clock reading, as epoch ms as if the zone were UTC */
function instantOf(local: number, zone: IANAZone, rules: LocalTimeRules): number | string {
  const before = zone.offset(local - DAY_MS);
  const after = zone.offset(local + DAY_MS);
  const first = local - before * 60_000;
  if (before === after) return first;
  const second = local - after * 60_000;
  const firstHolds = zone.offset(first) === before;
  const secondHolds = zone.offset(second) === after;
  const clock = () => DateTime.fromMillis(local, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm:ss');
  if (firstHolds && secondHolds) {
    if (rules.ambiguous === 'reject') return `${clock()} happened twice in ${rules.zone} (clocks went back)`;
    return rules.ambiguous === 'first' ? first : second;
  }
  if (!firstHolds && !secondHolds) {
    return rules.missing === 'later' ? first : `${clock()} did not exist in ${rules.zone} (clocks went forward)`;
  }
  return firstHolds ? first : second;
}

/** Midnight, on the clock of `zone`, of the day in which the instant lies. Epoch ms. */
export const startOfLocalDay = (instant: number, zone: string): number =>
  DateTime.fromMillis(instant, { zone }).startOf('day').toMillis();
