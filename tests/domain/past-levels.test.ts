import { expect, test } from 'vitest';
import { kpiById } from '../../analytics/kpis/index.ts';
import { keepPastLevels } from '../../server/boards/past-levels.ts';
import { HOUR, MINUTE, T0 } from '../support/world.ts';

const WEEK = 7 * 24 * HOUR;
const seconds = (at: number) => Math.floor(at / 1_000);

/** A history in which things were opened at some moments, and what it was asked. */
function historyOf(rows: { at: number; key: string }[], { since = T0 - 3 * WEEK, isAway = (): boolean => false } = {}) {
  const asked: string[] = [];
  let clock = T0;
  const past = keepPastLevels({
    ask: async (query, { from, to, by }) => {
      asked.push(typeof query === 'string' ? query : query.sql);
      if (isAway()) throw new Error('history is away');
      if (query === 'kpis/first-order') return [{ start: seconds(since) }];
      const before = rows.filter(({ at }) => seconds(at) < Number(to));
      return before.map(({ at, key }) => ({
        start: seconds(at) < Number(from) ? 0 : seconds(at),
        key: by === '' ? '' : key,
        value: 1,
      }));
    },
    situation: () => ({ timeZone: 'UTC', currency: 'EUR', now: clock }),
    now: () => clock,
  });
  /** What is told once history has answered. */
  const told = async (id: string, part: { node?: string }) => {
    past.of(kpiById(id)!, part, clock - WEEK);
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    return past.of(kpiById(id)!, part, clock - WEEK);
  };
  return { told, asked, wait: (ms: number) => (clock += ms) };
}

test('a level is told hour by hour, and as it stood at the same minute a week ago', async () => {
  const { told } = historyOf([
    { at: T0 - 2 * WEEK, key: 'north' },
    { at: T0 - WEEK + 30_000, key: 'north' },
    { at: T0 - 2 * HOUR - MINUTE, key: 'north' },
    { at: T0 - MINUTE, key: 'south' },
  ]);
  const whole = (await told('open-orders', {}))!;
  expect(whole).toMatchObject({ from: T0 - 23 * HOUR, lastWeek: 1 });
  expect(whole.hours.slice(-4)).toEqual([2, 3, 3, 4]);
  expect((await told('open-orders', { node: 'north' }))!.hours.at(-1)).toBe(3);
});

test('a part that was never late was late with nothing a week ago, if there is a record of it', async () => {
  const rows = [{ at: T0 - HOUR, key: 'north' }];
  expect((await historyOf(rows).told('past-promise', { node: 'north' }))!.lastWeek).toBe(0);
  expect((await historyOf(rows, { since: T0 - HOUR }).told('past-promise', { node: 'north' }))!.lastWeek).toBe(null);
  expect((await historyOf(rows).told('open-orders', { node: 'north' }))!.lastWeek).toBe(null);
});

test('history is asked once for everybody, again when the hour is over, and not in vain', async () => {
  let away = false;
  const { told, asked, wait } = historyOf([{ at: T0 - WEEK - HOUR, key: 'north' }], { isAway: () => away });
  await told('open-orders', {});
  const once = asked.length;
  for (let again = 0; again < 50; again++) await told('open-orders', {});
  expect(asked.length).toBe(once);
  away = true;
  wait(HOUR);
  expect((await told('open-orders', {}))!.hours).toHaveLength(24);
  const inVain = asked.length;
  await told('open-orders', {});
  expect(asked.length).toBe(inVain);
  away = false;
  wait(2 * MINUTE);
  expect((await told('open-orders', {}))!.from).toBe(T0 + HOUR - 23 * HOUR);
});
