/** What the page of reports says of them. */
import { expect, test } from 'vitest';
import { addressesIn, outcomeOf, scheduleWords } from '../../client/reports/report-words.ts';
import { dueRun } from '../../server/reports/run.ts';

const at = { at: '07:30', timeZone: 'Europe/Berlin' };
const run = dueRun({ id: 'r' }, 0, 0);

test('a schedule in words', () => {
  expect(scheduleWords({ ...at, days: [5, 1, 2, 3, 4] })).toBe('Monday to Friday at 07:30, Europe/Berlin');
  expect(scheduleWords({ ...at, days: [7, 1] })).toBe('Mon, Sun at 07:30, Europe/Berlin');
  expect(scheduleWords({ ...at, days: [1, 2, 3, 4, 5, 6, 7] })).toBe('Every day at 07:30, Europe/Berlin');
});

test('what came of a run never sounds better than it was', () => {
  expect(outcomeOf({ ...run, state: 'sent' })).toEqual({ words: 'Sent', state: 'ok' });
  expect(outcomeOf({ ...run, state: 'sent', late: true }).words).toBe('Sent, late');
  expect(outcomeOf({ ...run, state: 'sent', rejected: ['a@b.c'] })).toEqual({
    words: 'Sent, not to all',
    state: 'high',
  });
  expect(outcomeOf({ ...run, attempts: 2 })).toEqual({ words: 'Waits for try 3', state: 'high' });
  expect(outcomeOf({ ...run, state: 'uncertain' }).state).toBe('high');
});

test('addresses are read however they are parted, each once', () => {
  expect(addressesIn(' a@b.c, d@e.f;\na@b.c  ')).toEqual(['a@b.c', 'd@e.f']);
});
