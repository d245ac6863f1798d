/** A node's days, hours and cut-offs are what its people would say, whatever the clocks do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDayOf } from '../../streams/operations/time-zone.ts';
import {
  isOpen,
  lastCutOff,
  type NodeCalendar,
  nextCutOff,
  nextPickup,
  openMsBetween,
  workingDay,
} from '../../streams/policies/node-calendar.ts';

const HOUR = 3_600_000;
const at = (iso: string): number => Date.parse(iso);
const berlin: NodeCalendar = {
  timeZone: 'Europe/Berlin',
  cutOff: '16:00',
  workdays: [1, 2, 3, 4, 5],
  opensAt: '08:00',
  closesAt: '18:00',
  active: true,
};
const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];

describe('cut-offs', () => {
  test('an order at the cut-off leaves today, one a moment later the next working day', () => {
    expect(nextCutOff(berlin, at('2026-03-06T16:00:00+01:00'))).toBe(at('2026-03-06T16:00:00+01:00'));
    expect(nextCutOff(berlin, at('2026-03-06T16:00:00.001+01:00'))).toBe(at('2026-03-09T16:00:00+01:00'));
    expect(lastCutOff(berlin, at('2026-03-09T15:59:00+01:00'))).toBe(at('2026-03-06T16:00:00+01:00'));
  });

  test('a holiday does not ship, and an extra working day does', () => {
    const feast = { ...berlin, holidays: ['2026-12-24', '2026-12-25'], extraWorkdays: ['2026-12-27', '2026-12-25'] };
    expect(nextCutOff(feast, at('2026-12-23T17:00:00+01:00'))).toBe(at('2026-12-25T16:00:00+01:00'));
    expect(nextCutOff(feast, at('2026-12-25T17:00:00+01:00'))).toBe(at('2026-12-27T16:00:00+01:00'));
  });

  test('the cut-off stays at 16:00 on the clock when clocks change', () => {
    expect(nextCutOff(berlin, at('2026-03-27T17:00:00+01:00'))).toBe(at('2026-03-30T16:00:00+02:00'));
    expect(nextCutOff(berlin, at('2026-10-23T17:00:00+02:00'))).toBe(at('2026-10-26T16:00:00+01:00'));
  });

  test('a time that clocks jump over is the moment of the jump, and one they show twice is the first', () => {
    const night = { ...berlin, workdays: [7], cutOff: '02:30', opensAt: '01:00', closesAt: '04:00' };
    expect(nextCutOff(night, at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T01:00:00Z'));
    expect(nextCutOff(night, at('2026-10-24T12:00:00Z'))).toBe(at('2026-10-25T00:30:00Z'));
  });

  test('a node that never works has no cut-off', () => {
    expect(nextCutOff({ ...berlin, workdays: [] }, at('2026-03-06T10:00:00Z'))).toBeNull();
    expect(nextCutOff({ ...berlin, active: false }, at('2026-03-06T10:00:00Z'))).toBeNull();
    expect(lastCutOff({ ...berlin, active: false }, at('2026-03-06T10:00:00Z'))).toBeNull();
    expect(nextPickup({ ...berlin, workdays: [] }, '12:00', at('2026-03-06T10:00:00Z'))).toBeNull();
  });

  test('a carrier that comes before the cut-off takes only what is ready by then', () => {
    expect(nextPickup(berlin, '14:00', at('2026-03-05T13:00:00+01:00'))).toBe(at('2026-03-05T14:00:00+01:00'));
    expect(nextPickup(berlin, '14:00', at('2026-03-06T15:00:00+01:00'))).toBe(at('2026-03-09T14:00:00+01:00'));
    expect(nextPickup(berlin, '17:00', at('2026-03-06T15:00:00+01:00'))).toBe(at('2026-03-06T16:00:00+01:00'));
    expect(nextPickup(berlin, undefined, at('2026-03-06T15:00:00+01:00'))).toBe(at('2026-03-06T16:00:00+01:00'));
  });
});

describe('hours', () => {
  test('a shift past midnight belongs to the day on which it began', () => {
    const night = { ...berlin, workdays: [5], cutOff: '23:30', opensAt: '22:00', closesAt: '06:00' };
    expect(isOpen(night, at('2026-03-06T21:59:00+01:00'))).toBe(false);
    expect(isOpen(night, at('2026-03-06T22:00:00+01:00'))).toBe(true);
    expect(isOpen(night, at('2026-03-07T05:59:59+01:00'))).toBe(true);
    expect(isOpen(night, at('2026-03-07T06:00:00+01:00'))).toBe(false);
    expect(openMsBetween(night, at('2026-03-06T00:00:00Z'), at('2026-03-09T00:00:00Z'))).toBe(8 * HOUR);
  });

  test('a night shift is an hour shorter when clocks jump forward and longer when they go back', () => {
    const night = { ...berlin, workdays: [6], cutOff: '23:00', opensAt: '22:00', closesAt: '06:00' };
    expect(openMsBetween(night, at('2026-03-28T12:00:00Z'), at('2026-03-29T12:00:00Z'))).toBe(7 * HOUR);
    expect(openMsBetween(night, at('2026-10-24T12:00:00Z'), at('2026-10-25T12:00:00Z'))).toBe(9 * HOUR);
  });

  test('two shifts that overlap count each minute once', () => {
    const round = { ...berlin, workdays: [1, 2, 3, 4, 5, 6, 7], opensAt: '06:00', closesAt: '05:59', cutOff: '12:00' };
    const long = { ...round, cutOff: '05:30' };
    expect(openMsBetween(round, at('2026-06-01T04:00:00Z'), at('2026-06-02T04:00:00Z'))).toBe(24 * HOUR - 60_000);
    expect(openMsBetween(long, at('2026-06-01T04:00:00Z'), at('2026-06-02T04:00:00Z'))).toBeLessThanOrEqual(24 * HOUR);
  });

  test('work goes on until the cut-off even where closing time is earlier', () => {
    const late = { ...berlin, cutOff: '20:00' };
    expect(workingDay(late, localDayOf('UTC', at('2026-03-06T00:00:00Z')))!.closesAt).toBe(
      at('2026-03-06T20:00:00+01:00'),
    );
  });
});

describe('any calendar', () => {
  const calendars = fc.record({
    timeZone: fc.constantFrom(...zones),
    cutOff: fc.integer({ min: 0, max: 1_439 }).map(clock),
    opensAt: fc.integer({ min: 0, max: 1_439 }).map(clock),
    closesAt: fc.integer({ min: 0, max: 1_439 }).map(clock),
    workdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
    active: fc.constant(true),
  });
  const instants = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });

  test('cut-offs come one after another on working days, at the local time that was said or where clocks jump', () => {
    fc.assert(
      fc.property(calendars, instants, (node, from) => {
        const next = nextCutOff(node, from)!;
        expect(next).toBeGreaterThanOrEqual(from);
        expect(next - from).toBeLessThanOrEqual(9 * 24 * HOUR);
        expect(nextCutOff(node, next)).toBe(next);
        expect(lastCutOff(node, next)).toBe(next);
        expect(lastCutOff(node, from)! <= from).toBe(true);
        const shown = new Intl.DateTimeFormat('en-GB', {
          timeZone: node.timeZone,
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
        const before = shown.format(next - 1);
        expect(shown.format(next) === node.cutOff || before < node.cutOff).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('open hours add up however a span is cut, and agree with isOpen minute by minute', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 72 }), (node, start, hours) => {
        const from = Math.floor(start / 60_000) * 60_000;
        const to = from + hours * HOUR;
        const middle = from + Math.floor(hours / 2) * HOUR + 7 * 60_000;
        const whole = openMsBetween(node, from, to);
        if (middle < to) expect(openMsBetween(node, from, middle) + openMsBetween(node, middle, to)).toBe(whole);
        let minutes = 0;
        for (let minute = from; minute < to; minute += 60_000) minutes += isOpen(node, minute) ? 1 : 0;
        expect(whole).toBe(minutes * 60_000);
      }),
      { numRuns: 60 },
    );
  });
});

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
