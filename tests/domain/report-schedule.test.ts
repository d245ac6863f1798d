/** When reports are due, and how a run ends: every local day once, whatever the clocks do; tried again with an end. */
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { reportRequest } from '../../server/http/contract/reports.ts';
import { afterCrash, afterFailure, dueRun, RETRY_AFTER_MS } from '../../server/reports/run.ts';
import { lastSlot, nextSlot } from '../../server/reports/schedule.ts';

const zone = 'Europe/Berlin';
const at = (text: string) => DateTime.fromISO(text, { zone }).toMillis();
const local = (moment: number) => DateTime.fromMillis(moment, { zone }).toISO();
const every = (time: string, days = [1, 2, 3, 4, 5, 6, 7]) => ({ days, at: time, timeZone: zone });

test('a weekday morning comes at the same local time before and after the clocks change', () => {
  const schedule = every('07:30', [1, 2, 3, 4, 5]);
  expect(local(nextSlot(schedule, at('2026-03-27T08:00')))).toBe('2026-03-30T07:30:00.000+02:00');
  expect(local(nextSlot(schedule, at('2026-03-26T08:00')))).toBe('2026-03-27T07:30:00.000+01:00');
  expect(local(nextSlot(schedule, at('2026-03-30T07:30')))).toBe('2026-03-31T07:30:00.000+02:00');
});

test('every local day has one slot, also those on which the clocks change', () => {
  for (const [time, from] of [
    ['02:30', '2026-03-20'],
    ['02:30', '2026-10-20'],
    ['00:00', '2026-10-20'],
    ['23:59', '2026-03-20'],
  ] as const) {
    const days: string[] = [];
    for (let moment = at(from) - 1, left = 14; left > 0; left--) {
      moment = nextSlot(every(time), moment);
      days.push(DateTime.fromMillis(moment, { zone }).toISODate()!);
    }
    expect(new Set(days).size).toBe(14);
    expect(days).toEqual(days.toSorted());
    expect(days.at(-1)).toBe(DateTime.fromISO(from, { zone }).plus({ days: 13 }).toISODate());
  }
  expect(local(nextSlot(every('02:30'), at('2026-03-29T00:00')))).toBe('2026-03-29T03:30:00.000+02:00');
  expect(local(nextSlot(every('02:30'), at('2026-10-25T00:00')))).toBe('2026-10-25T02:30:00.000+02:00');
});

test('of the slots that were missed, the last one is found', () => {
  const schedule = every('07:30', [1, 3]);
  expect(local(lastSlot(schedule, at('2026-03-02T07:00'), at('2026-03-06T12:00'))!)).toBe(
    '2026-03-04T07:30:00.000+01:00',
  );
  expect(lastSlot(schedule, at('2026-03-04T07:30'), at('2026-03-06T12:00'))).toBeNull();
});

test('a run is tried again at growing distances, and then it has failed', () => {
  let run = dueRun({ id: 'r' }, 1_000, 1_000);
  const waits: number[] = [];
  for (let now = 1_000; run.state === 'waiting'; now = run.nextAttemptAt) {
    run = afterFailure(run, 'no answer', now, false);
    if (run.state === 'waiting') waits.push(run.nextAttemptAt - now);
  }
  expect(waits).toEqual(RETRY_AFTER_MS);
  expect(run).toMatchObject({ state: 'failed', attempts: RETRY_AFTER_MS.length + 1, problem: 'no answer' });
  expect(afterFailure(dueRun({ id: 'r' }, 0, 0), 'refused', 5, true)).toMatchObject({ state: 'failed', endedAt: 5 });
});

test('after a crash, what was being made is made again and what was being sent is not', () => {
  const run = dueRun({ id: 'r' }, 1_000, 1_000);
  expect(afterCrash({ ...run, state: 'making' }, 2_000)).toMatchObject({ state: 'waiting', attempts: 1 });
  expect(afterCrash({ ...run, state: 'sending' }, 2_000)).toMatchObject({ state: 'uncertain', endedAt: 2_000 });
  expect(afterCrash(run, 2_000)).toBe(run);
});

test('the same slot has the same run, and one that begins long after is late', () => {
  expect(dueRun({ id: 'r' }, 1_000, 1_000).id).toBe(dueRun({ id: 'r' }, 1_000, 99_000).id);
  expect(dueRun({ id: 'r' }, 0, 599_000).late).toBe(false);
  expect(dueRun({ id: 'r' }, 0, 601_000).late).toBe(true);
});

test.each([
  ['a second recipient in one', { recipients: ['a@example.com, b@example.com'] }],
  ['a header in a recipient', { recipients: ['a@example.com\r\nBcc: b@example.com'] }],
  ['a name beside the address', { recipients: ['A <a@example.com>'] }],
  ['nobody', { recipients: [] }],
  ['a header in the name', { name: 'Sales\r\nBcc: b@example.com' }],
  ['a day that is none', { schedule: every('07:30', [8]) }],
  ['no day', { schedule: every('07:30', []) }],
  ['a time that is none', { schedule: every('24:00') }],
  ['a zone that is none', { schedule: { ...every('07:30'), timeZone: 'Mars/Olympus' } }],
])('%s is refused', (_, wrong) => {
  const right = { name: 'Sales', question: 'q', schedule: every('07:30'), recipients: ['a@example.com'] };
  expect(reportRequest.safeParse(right).success).toBe(true);
  expect(reportRequest.safeParse({ ...right, ...wrong }).success).toBe(false);
});
