/** Values of a file: decimals stay exact, local times become the right instants on every day of the year. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import {
  addDecimals,
  formatDecimal,
  multiplyDecimals,
  parseDecimal,
  toMinorUnits,
} from '../../server/replay/decimal.ts';
import { type LocalTimeRules, localTimeReader } from '../../server/replay/local-time.ts';

const decimal = (text: string) => parseDecimal(text)!;

describe('decimals', () => {
  test.each([
    ['2.55', 255],
    ['0.1', 10],
    ['1.005', null],
    ['-11062.06', -1_106_206],
    ['80995', 8_099_500],
    ['.5', undefined],
    ['1e3', undefined],
    ['1,5', undefined],
    ['', undefined],
  ])('%j is %j minor units', (text, minor) => {
    const parsed = parseDecimal(text);
    expect(parsed === null ? undefined : toMinorUnits(parsed, 2, 'reject')).toBe(minor);
  });

  test('are rounded only when asked, by the rule that was asked for', () => {
    const round = (text: string, rule: 'half-up' | 'half-even') => toMinorUnits(decimal(text), 2, rule);
    expect(['0.001', '1.005', '1.015', '-1.005'].map((text) => round(text, 'half-up'))).toEqual([0, 101, 102, -101]);
    expect(['0.001', '1.005', '1.015', '-1.005'].map((text) => round(text, 'half-even'))).toEqual([0, 100, 102, -100]);
  });

  test('multiplied and added give what integers give', () => {
    const part = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const places = fc.integer({ min: 0, max: 6 });
    const text = (units: number, scale: number) => formatDecimal({ units: BigInt(units), scale });
    fc.assert(
      fc.property(part, places, part, places, (a, p, b, q) => {
        const [left, right] = [decimal(text(a, p)), decimal(text(b, q))];
        expect(toMinorUnits(multiplyDecimals(left, right), p + q, 'reject')).toBe(a * b + 0);
        const sum = addDecimals(left, right);
        expect(toMinorUnits(sum, 6, 'reject')).toBe(a * 10 ** (6 - p) + b * 10 ** (6 - q));
      }),
    );
  });
});

describe('local times', () => {
  const london: LocalTimeRules = {
    zone: 'Europe/London',
    formats: ['yyyy-MM-dd HH:mm:ss', 'M/d/yyyy H:mm'],
    ambiguous: 'first',
    missing: 'later',
  };
  const read = (text: string, rules: Partial<LocalTimeRules> = {}) => {
    const answer = localTimeReader({ ...london, ...rules })(text);
    return typeof answer === 'number' ? new Date(answer).toISOString() : answer;
  };

  test('follow the clock of the zone in winter and in summer', () => {
    expect(read('2010-12-01 08:26:00')).toBe('2010-12-01T08:26:00.000Z');
    expect(read('2011-07-01 08:26:00')).toBe('2011-07-01T07:26:00.000Z');
    expect(read('12/1/2010 8:26')).toBe('2010-12-01T08:26:00.000Z');
  });

  test('that happened twice are the first or the second, or refused', () => {
    expect(read('2011-10-30 01:30:00')).toBe('2011-10-30T00:30:00.000Z');
    expect(read('2011-10-30 01:30:00', { ambiguous: 'second' })).toBe('2011-10-30T01:30:00.000Z');
    expect(read('2011-10-30 01:30:00', { ambiguous: 'reject' })).toMatch(/happened twice in Europe\/London/);
    expect(read('2011-10-30 02:00:00')).toBe('2011-10-30T02:00:00.000Z');
  });

  test('that never were are read on the old clock, or refused', () => {
    expect(read('2011-03-27 01:30:00')).toBe('2011-03-27T01:30:00.000Z');
    expect(read('2011-03-27 01:30:00', { missing: 'reject' })).toMatch(/did not exist in Europe\/London/);
    expect(read('2011-03-27 00:59:59')).toBe('2011-03-27T00:59:59.000Z');
    expect(read('2011-03-27 02:00:00')).toBe('2011-03-27T01:00:00.000Z');
  });

  test('with an offset of their own keep it', () => {
    expect(read('2011-07-01T08:00:00+02:00', { formats: ['iso'] })).toBe('2011-07-01T06:00:00.000Z');
    expect(read('2011-07-01T08:00:00', { formats: ['iso'] })).toBe('2011-07-01T07:00:00.000Z');
    expect(read('2011-07-01 08:00 -0500', { formats: ['yyyy-MM-dd HH:mm ZZZ'] })).toBe('2011-07-01T13:00:00.000Z');
  });

  test('any instant written on the clock of any zone is read back, where the clock says it once', () => {
    const zones = fc.constantFrom('Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');
    fc.assert(
      fc.property(fc.integer({ min: 1_262_304_000, max: 1_893_456_000 }), zones, (seconds, zone) => {
        const written = DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm:ss');
        const answers = (['first', 'second'] as const).map((ambiguous) => read(written, { zone, ambiguous }));
        expect(answers).toContain(new Date(seconds * 1_000).toISOString());
      }),
      { numRuns: 300 },
    );
  });

  test('that are none say what was expected', () => {
    expect(read('yesterday')).toBe('"yesterday" is not a time in the form yyyy-MM-dd HH:mm:ss or M/d/yyyy H:mm');
    expect(read('2010-02-30 00:00:00')).toMatch(/is not a time/);
  });
});
