import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatAge, formatLag, formatSpan, formatSpanCoarse } from '../../client/formats/durations.ts';
import {
  figureOf,
  formatChange,
  formatCount,
  formatFigure,
  formatMoneyExact,
  formatMoneyRow,
  formatMoneyTotal,
} from '../../client/formats/quantities.ts';
import { chooseRegion } from '../../client/formats/region.ts';
import { formatClock, formatDate, formatNear, formatSeconds, formatWeekday } from '../../client/formats/times.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeEach(() => chooseRegion('en-GB'));
afterEach(() => chooseRegion(''));

describe('another region', () => {
  it('has its own points and commas, its sign of money behind the number, and the same words', () => {
    chooseRegion('de-DE');
    expect(formatCount(21_031)).toBe('21.031');
    expect(formatMoneyTotal(190_000_000, 'EUR')).toBe('1,9m €');
    expect(figureOf(96.84, 'percent').digits).toBe('96,8');
    expect(formatDate(Date.UTC(2011, 1, 28, 12), 'UTC')).toBe('28. Feb. 2011');
    expect(formatClock(Date.UTC(2011, 1, 28, 14, 32), 'America/New_York')).toBe('09:32');
  });

  it('is that of the browser when none was chosen, and never one nobody knows', () => {
    chooseRegion('no such region');
    expect(formatCount(21_031)).toBe('21,031');
  });
});

describe('spans of time', () => {
  it.each([
    [25 * SECOND, '25s'],
    [7 * MINUTE + 38 * SECOND, '7m 38s'],
    [42 * MINUTE + 59 * SECOND, '42m'],
    [2 * HOUR + 11 * MINUTE, '2h 11m'],
    [5 * HOUR, '5h'],
    [2 * DAY + 2 * HOUR, '2d 2h'],
    [12 * DAY + 5 * HOUR, '12d'],
    [0, '0s'],
  ])('%i ms reads %s', (ms, words) => expect(formatSpan(ms)).toBe(words));

  it('overdue spans begin with a true minus sign', () => {
    expect(formatSpan(-(2 * HOUR + 11 * MINUTE))).toBe('\u22122h 11m');
    expect(formatSpan(-25 * SECOND)).toBe('\u221225s');
  });

  it('leaves out seconds on screens read from afar, but never says 0m for the last minute', () => {
    expect(formatSpanCoarse(7 * MINUTE + 38 * SECOND)).toBe('7m');
    expect(formatSpanCoarse(-(7 * MINUTE + 38 * SECOND))).toBe('\u22127m');
    expect(formatSpanCoarse(38 * SECOND)).toBe('38s');
  });

  it('ages have one unit', () => {
    expect([4 * SECOND, 14 * MINUTE, 3 * HOUR, 50 * HOUR, -5].map(formatAge)).toEqual(['4s', '14m', '3h', '2d', '0s']);
    expect(formatLag(420)).toBe('0.4 s');
  });
});

describe('numbers and money', () => {
  it('money is whole in rows, short in totals, exact for one order', () => {
    expect(formatMoneyRow(2_103_149, 'EUR')).toBe('€21,031');
    expect(formatMoneyTotal(189_420_000, 'EUR')).toBe('€1.9m');
    expect(formatMoneyTotal(1_234_500, 'GBP')).toBe('£12.3k');
    expect(formatMoneyExact(1_490, 'EUR')).toBe('€14.90');
    expect(formatMoneyRow(-120_000, 'EUR')).toBe('\u2212€1,200');
  });

  it('respects currencies without minor units', () => {
    expect(formatMoneyRow(1_490, 'JPY')).toBe('¥1,490');
    expect(formatMoneyExact(1_490, 'JPY')).toBe('¥1,490');
  });

  it('no data is a dash, never a zero', () => {
    expect(formatCount(null)).toBe('–');
    expect(figureOf(null, 'money', 'EUR')).toEqual({ before: '', digits: '–', after: '' });
    expect(formatFigure(0, 'count')).toBe('0');
  });

  it('figures have their unit apart', () => {
    expect(figureOf(96.8, 'percent')).toEqual({ before: '', digits: '96.8', after: '%' });
    expect(figureOf(189_420_000, 'money', 'EUR')).toEqual({ before: '€', digits: '1.9', after: 'm' });
    expect(formatFigure(450, 'milliseconds')).toBe('450 ms');
    expect(formatFigure(1_450, 'milliseconds')).toBe('1.5s');
    expect(formatFigure(5.4, 'hours')).toBe('5.4h');
  });

  it('changes carry their sign', () => {
    expect([4, -3, 0].map(formatChange)).toEqual(['+4', '\u22123', '0']);
  });
});

describe('moments', () => {
  const at = Date.UTC(2026, 10, 10, 13, 31, 20);
  it('are told on the clock of the place', () => {
    expect(formatClock(at, 'Europe/Berlin')).toBe('14:31');
    expect(formatClock(at, 'America/New_York')).toBe('08:31');
    expect(formatSeconds(at, 'Europe/Berlin')).toBe('14:31:20');
    expect(formatWeekday(at, 'Europe/Berlin')).toBe('Tue 10 Nov');
    expect(formatDate(Date.UTC(2011, 1, 28), 'UTC')).toBe('28 Feb 2011');
  });
  it('name the day only when it is another one there', () => {
    expect(formatNear(at, at + HOUR, 'Europe/Berlin')).toBe('14:31:20');
    expect(formatNear(at, at + DAY, 'Europe/Berlin')).toBe('10 Nov, 14:31:20');
  });
});
