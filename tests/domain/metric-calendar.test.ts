/** Periods and buckets lie where the clocks of the workspace put them, also on the days they change. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import {
  comparedWith,
  type Grain,
  resolve,
  sameElapsed,
  shift,
  startOf,
  startsOf,
} from '../../analytics/metrics/calendar.ts';
import { tiersOf } from '../../analytics/metrics/levels.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const zones = ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Adelaide', 'UTC'];
const units = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
const moment = fc.integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2031, 0, 1) });
const at = (zone: string, text: string) => DateTime.fromISO(text, { zone }).toMillis();

describe(`buckets (SEED=${seed})`, () => {
  test('begin where a calendar says, whatever the zone and the season', () => {
    fc.assert(
      fc.property(moment, fc.constantFrom(...zones), fc.constantFrom(...units), (now, zone, unit) => {
        const start = startOf(unit, now, zone);
        if (unit !== 'hour') expect(start).toBe(DateTime.fromMillis(now, { zone }).startOf(unit).toMillis());
        else expect(DateTime.fromMillis(start, { zone }).minute).toBe(0);
        expect(startOf(unit, start, zone)).toBe(start);
        const next = shift(unit, start, 1, zone);
        expect(next).toBeGreaterThan(now);
        expect(startOf(unit, next - 1, zone)).toBe(start);
        if (unit !== 'hour') expect(shift(unit, next, -1, zone)).toBe(start);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  test('the days on which clocks change have 23 and 25 hours', () => {
    const hours = (from: string, to: string) =>
      startsOf({ from: at('Europe/Berlin', from), to: at('Europe/Berlin', to) }, 'hour', 'Europe/Berlin', 100).length;
    expect(hours('2026-03-29', '2026-03-30')).toBe(23);
    expect(hours('2026-10-25', '2026-10-26')).toBe(25);
  });
});

describe('periods', () => {
  const zone = 'Europe/Berlin';
  const now = at(zone, '2026-05-20T10:20:30');
  const span = (over: Parameters<typeof resolve>[0], grain: Grain) => {
    const { from, to } = resolve(over, grain, now, zone);
    return [from, to].map((one) => DateTime.fromMillis(one, { zone }).toFormat('yyyy-MM-dd HH:mm')).join(' ');
  };

  test('counting back are whole units, the running one included', () => {
    expect(span({ last: '28d' }, 'day')).toBe('2026-04-23 00:00 2026-05-21 00:00');
    expect(span({ last: '24h' }, 'hour')).toBe('2026-05-19 11:00 2026-05-20 11:00');
    expect(span({ last: '12M' }, 'month')).toBe('2025-06-01 00:00 2026-06-01 00:00');
    expect(span({ last: '2w' }, 'none')).toBe('2026-05-11 00:00 2026-05-25 00:00');
    expect(span({ last: '28d' }, 'month')).toBe('2026-04-01 00:00 2026-06-01 00:00');
  });

  test('named by moments are widened to whole buckets, or to whole minutes', () => {
    const over = { from: at(zone, '2026-03-02T05:30:20'), to: at(zone, '2026-03-04T00:00') };
    expect(span(over, 'day')).toBe('2026-03-02 00:00 2026-03-04 00:00');
    expect(span(over, 'none')).toBe('2026-03-02 05:30 2026-03-04 00:00');
  });

  test('are compared with as many buckets, the same weekdays or the same calendar months', () => {
    const compared = (kind: Parameters<typeof comparedWith>[0], over: Parameters<typeof resolve>[0], grain: Grain) => {
      const asked = resolve(over, grain, now, zone);
      const { from, to } = comparedWith(kind, asked, grain, over, zone);
      return [from, to].map((one) => DateTime.fromMillis(one, { zone }).toFormat('yyyy-MM-dd HH:mm')).join(' ');
    };
    expect(compared('previous-period', { last: '28d' }, 'day')).toBe('2026-03-26 00:00 2026-04-23 00:00');
    expect(compared('previous-period', { last: '3M' }, 'none')).toBe('2025-12-01 00:00 2026-03-01 00:00');
    expect(compared('last-week', { last: '1d' }, 'hour')).toBe('2026-05-13 00:00 2026-05-13 11:00');
    expect(compared('last-year', { last: '7d' }, 'day')).toBe('2025-05-15 00:00 2025-05-22 00:00');
    expect(compared('last-year', { last: '3M' }, 'month')).toBe('2025-03-01 00:00 2025-06-01 00:00');
    // A Wednesday beside a Wednesday.
    const [asked, then] = [
      now,
      comparedWith('last-year', { from: now, to: now + 60_000 }, 'minute', { last: '1h' }, zone).from,
    ];
    expect(DateTime.fromMillis(then, { zone }).weekday).toBe(DateTime.fromMillis(asked, { zone }).weekday);
  });

  test('that still run meet the same time of what they are compared with', () => {
    const asked = resolve({ last: '7d' }, 'day', now, zone);
    const then = comparedWith('previous-period', asked, 'day', { last: '7d' }, zone);
    const starts = startsOf(asked, 'day', zone, 10);
    const to = sameElapsed(starts, asked.to, startsOf(then, 'day', zone, 10), then.to, now);
    expect(DateTime.fromMillis(to, { zone }).toFormat('yyyy-MM-dd HH:mm')).toBe('2026-05-13 10:21');
    expect(sameElapsed(starts, asked.to, startsOf(then, 'day', zone, 10), then.to, asked.to)).toBe(then.to);
  });
});

describe('levels of the roll-ups', () => {
  test(`cover every minute once, and no row lies across an edge (SEED=${seed})`, () => {
    const question = fc.record({
      zone: fc.constantFrom(...zones),
      grain: fc.constantFrom(...units),
      from: moment,
      minutes: fc.integer({ min: 1, max: 60 * 24 * 20 }),
    });
    fc.assert(
      fc.property(question, ({ zone, grain, from, minutes }) => {
        const span = resolve({ from, to: from + minutes * 60_000 }, 'none', from, zone);
        const edges = [span.from, span.to, ...startsOf(span, grain, zone, 20_000).slice(1)];
        const starts = startsOf({ from: startOf(grain, span.from, zone), to: span.to }, grain, zone, 20_000);
        const all = [...edges, ...starts.filter((start) => start > span.from)];
        const tiers = tiersOf(span, all);
        const sizes = { day: 86_400_000, hour: 3_600_000, minute: 60_000 };
        for (let minute = span.from; minute < span.to; minute += 60_000 * 17) {
          const readers = tiers.filter(({ level, within, without }, index) => {
            const parent = tiers[index - 1];
            const start = minute - (minute % sizes[level]);
            const inParent =
              within === null || (parent !== undefined && within.includes(minute - (minute % sizes[parent.level])));
            return inParent && !without.includes(start);
          });
          expect(readers.length).toBe(1);
          const size = sizes[readers[0]!.level];
          const start = minute - (minute % size);
          expect(all.some((edge) => edge > start && edge < start + size)).toBe(false);
        }
      }),
      { seed, numRuns: 60 },
    );
  });
});
