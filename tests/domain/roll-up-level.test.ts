/** Which level of sums answers a question: never one whose sums lie in two buckets of the answer. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import {
  type LevelGrain,
  type LevelSpan,
  levelFor,
  spansBefore,
  spansFor,
} from '../../analytics/kpis/roll-up-level.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const sizes = { minute: MINUTE, hour: HOUR, day: DAY };
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
];
const grains: LevelGrain[] = ['none', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];
const at = (text: string) => Date.parse(text);
const told = (spans: LevelSpan[]) =>
  spans.map(
    ({ level, from, to }) =>
      `${level} ${new Date(from).toISOString().slice(0, 16)} ${new Date(to).toISOString().slice(0, 16)}`,
  );

/** Starts of the buckets within a time, by another calendar than ours. Hours are those of UTC. */
function edges(from: number, to: number, grain: LevelGrain, zone: string): number[] {
  if (grain === 'none') return [];
  if (grain === 'minute' || grain === 'hour') {
    const size = sizes[grain];
    const first = Math.ceil((from + 1) / size) * size;
    return Array.from({ length: Math.max(0, Math.ceil((to - first) / size)) }, (_, index) => first + index * size);
  }
  const found: number[] = [];
  for (let start = DateTime.fromMillis(from, { zone }).startOf(grain); start.toMillis() < to; ) {
    if (start.toMillis() > from) found.push(start.toMillis());
    start = start.plus({ [grain]: 1 }).startOf(grain);
  }
  return found;
}

const asked = fc
  .record({
    start: fc.integer({ min: at('2009-01-01T00:00Z') / MINUTE, max: at('2027-01-01T00:00Z') / MINUTE }),
    minutes: fc.oneof(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 1, max: 900_000 })),
    whole: fc.constantFrom(1, 60, 1440),
    grain: fc.constantFrom(...grains),
    timeZone: fc.constantFrom(...zones),
  })
  .map(({ start, minutes, whole, grain, timeZone }) => {
    const from = Math.floor(start / whole) * whole * MINUTE;
    const length = Math.max(whole, Math.floor(minutes / whole) * whole);
    return { from, to: from + Math.min(length, grain === 'minute' ? 4_000 : length) * MINUTE, grain, timeZone };
  });
const SEED = Number(process.env['SEED'] ?? 20261123);

describe(`spans (SEED=${SEED})`, () => {
  test('cover the time without a gap, in whole sums, and no sum lies in two buckets', () => {
    fc.assert(
      fc.property(asked, (question) => {
        const spans = spansFor(question);
        expect(spans[0]!.from).toBe(question.from);
        expect(spans.at(-1)!.to).toBe(question.to);
        for (const [index, { level, from, to }] of spans.entries()) {
          expect(from).toBeLessThan(to);
          expect(from % sizes[level]).toBe(0);
          expect(to % sizes[level]).toBe(0);
          if (index > 0) expect(from).toBe(spans[index - 1]!.to);
        }
        for (const edge of edges(question.from, question.to, question.grain, question.timeZone)) {
          const { level } = spans.find(({ from, to }) => from <= edge && edge < to)!;
          expect(edge % sizes[level], `${new Date(edge).toISOString()} in sums of a ${level}`).toBe(0);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
  test('one level alone is exact at every edge, and no coarser one is', () => {
    fc.assert(
      fc.property(asked, (question) => {
        const level = levelFor(question);
        const all = [
          question.from,
          question.to,
          ...edges(question.from, question.to, question.grain, question.timeZone),
        ];
        expect(all.every((edge) => edge % sizes[level] === 0)).toBe(true);
        const coarser = level === 'minute' ? 'hour' : 'day';
        if (level !== 'day' && question.grain !== 'minute' && !(question.grain === 'hour' && level === 'hour'))
          expect(all.some((edge) => edge % sizes[coarser] !== 0)).toBe(true);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
  test('of days: days in UTC, hours in Berlin, minutes at the ends in Kolkata', () => {
    const week = { from: at('2026-03-02T00:00Z'), to: at('2026-03-09T00:00Z'), grain: 'day' as const };
    expect(told(spansFor({ ...week, timeZone: 'UTC' }))).toEqual(['day 2026-03-02T00:00 2026-03-09T00:00']);
    expect(levelFor({ ...week, timeZone: 'Europe/Berlin' })).toBe('hour');
    expect(
      told(
        spansFor({
          from: at('2026-03-01T23:00Z'),
          to: at('2026-03-08T23:00Z'),
          grain: 'day',
          timeZone: 'Europe/Berlin',
        }),
      ),
    ).toEqual(['hour 2026-03-01T23:00 2026-03-08T23:00']);
    expect(
      told(
        spansFor({
          from: at('2026-03-01T18:30Z'),
          to: at('2026-03-02T18:30Z'),
          grain: 'day',
          timeZone: 'Asia/Kolkata',
        }),
      ),
    ).toEqual([
      'minute 2026-03-01T18:30 2026-03-01T19:00',
      'hour 2026-03-01T19:00 2026-03-02T18:00',
      'minute 2026-03-02T18:00 2026-03-02T18:30',
    ]);
  });
  test('of months: days within, hours where a local month begins in the middle of a day of UTC', () => {
    const spans = spansFor({
      from: at('2026-01-01T05:00Z'),
      to: at('2026-03-01T05:00Z'),
      grain: 'month',
      timeZone: 'America/New_York',
    });
    expect(told(spans)).toEqual([
      'hour 2026-01-01T05:00 2026-01-02T00:00',
      'day 2026-01-02T00:00 2026-02-01T00:00',
      'hour 2026-02-01T00:00 2026-02-02T00:00',
      'day 2026-02-02T00:00 2026-03-01T00:00',
      'hour 2026-03-01T00:00 2026-03-01T05:00',
    ]);
  });
  test('stay few: ten years by local week are read in hours', () => {
    const years = { from: at('2016-01-01T05:00Z'), to: at('2026-01-01T05:00Z'), timeZone: 'America/New_York' };
    expect(told(spansFor({ ...years, grain: 'week' }))).toEqual(['hour 2016-01-01T05:00 2026-01-01T05:00']);
    expect(spansFor({ ...years, grain: 'quarter' }).length).toBeLessThan(90);
  });
  test('take hours whole where minutes may be gone, and lose nothing', () => {
    const asked = { grain: 'day' as const, timeZone: 'Asia/Kolkata' };
    const days = { ...asked, from: at('2026-03-01T18:30Z'), to: at('2026-03-04T18:30Z') };
    expect(told(spansFor({ ...days, minutesSince: at('2026-03-03T00:00Z') }))).toEqual([
      'hour 2026-03-01T18:00 2026-03-03T18:00',
      'minute 2026-03-03T18:00 2026-03-03T19:00',
      'hour 2026-03-03T19:00 2026-03-04T18:00',
      'minute 2026-03-04T18:00 2026-03-04T18:30',
    ]);
    expect(told(spansFor({ ...days, minutesSince: at('2027-01-01T00:00Z') }))).toEqual([
      'hour 2026-03-01T18:00 2026-03-04T18:00',
    ]);
    const minute = { ...days, grain: 'minute' as const, minutesSince: at('2027-01-01T00:00Z') };
    expect(told(spansFor(minute))).toEqual(['minute 2026-03-01T18:30 2026-03-04T18:30']);
  });
  test('of the past before a moment are days, hours and minutes', () => {
    expect(told(spansBefore(at('2026-01-02T03:04:59Z')))).toEqual([
      'day 1970-01-01T00:00 2026-01-02T00:00',
      'hour 2026-01-02T00:00 2026-01-02T03:00',
      'minute 2026-01-02T03:00 2026-01-02T03:04',
    ]);
    expect(spansBefore(0)).toEqual([]);
  });
});
