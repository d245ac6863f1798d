import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExceptionList, type ListRules } from '../../client/exceptions/exception-list.ts';
import { compareBy } from '../../client/exceptions/sorting.ts';
import type { ExceptionLine } from '../../server/live/contract.ts';
import { exceptionLine as row } from '../support/exception-line.ts';

const ME = 'mei@example.com';
const rules = (fits: ListRules['fits'] = () => true): ListRules => ({
  fits,
  compare: compareBy('priority'),
  isOurs: (line) => line.lastWork?.by === ME,
});

function start(first: ListRules, ...rows: ExceptionLine[]) {
  const entries = new Map(rows.map((entry) => [entry.id, entry]));
  const list = createExceptionList(first);
  const standing = (id: string) => entries.get(id);
  list.update([...entries.keys()], standing);
  const put = (entry: ExceptionLine) => {
    entries.set(entry.id, entry);
    list.update([entry.id], standing);
  };
  const remove = (id: string) => {
    entries.delete(id);
    list.update([id], standing);
  };
  return { list, entries, put, remove };
}
const one = (id: string, severity: ExceptionLine['severity'], moneyAtRisk: number, more: Partial<ExceptionLine> = {}) =>
  row({ id, severity, moneyAtRisk, ...more });
const resolvedBy = (by: string): Partial<ExceptionLine> => ({
  work: 'resolved',
  lastWork: { what: 'resolved', by, at: 2_000 },
});
const open = rules((line) => line.work !== 'resolved');

describe('the list of exceptions', () => {
  it('puts the worst first: severity, then money at risk', () => {
    const { list } = start(
      rules(),
      one('a', 'low', 900),
      one('b', 'critical', 5),
      one('c', 'high', 70),
      one('d', 'critical', 8),
    );
    expect(list.order.value).toEqual(['d', 'b', 'c', 'a']);
  });

  it('never moves a row while somebody is among the rows, and still shows its new values', () => {
    const { list, put } = start(rules(), one('a', 'critical', 10), one('b', 'high', 10), one('c', 'low', 10));
    list.hold();
    put(one('c', 'critical', 99));
    expect(list.order.value).toEqual(['a', 'b', 'c']);
    expect(list.raw('c')).toMatchObject({ severity: 'critical', moneyAtRisk: 99 });
    expect(list.moved.value).toBe(1);
    list.release();
    expect(list.order.value).toEqual(['c', 'a', 'b']);
    expect(list.moved.value).toBe(0);
  });

  it('counts a row that went back to its place as not moved', () => {
    const { list, put } = start(rules(), one('a', 'critical', 10), one('b', 'high', 10));
    list.hold();
    put(one('b', 'critical', 99));
    put(one('b', 'high', 10));
    expect(list.moved.value).toBe(0);
  });

  it('collects new rows until asked for, or until nobody is among the rows', () => {
    const { list, put } = start(rules(), one('a', 'high', 10));
    list.hold();
    put(one('b', 'critical', 10));
    put(one('c', 'low', 10));
    expect(list.order.value).toEqual(['a']);
    expect(list.waiting.value).toBe(2);
    list.arrange();
    expect(list.order.value).toEqual(['b', 'a', 'c']);
    put(one('d', 'critical', 99));
    expect(list.waiting.value).toBe(1);
    list.release();
    expect(list.order.value).toEqual(['d', 'b', 'a', 'c']);
  });

  it('keeps a row that is over in its place, marked, until nobody is among the rows', () => {
    const { list, remove, put } = start(rules(), one('a', 'critical', 10), one('b', 'high', 10));
    list.hold();
    remove('a');
    expect(list.order.value).toEqual(['a', 'b']);
    expect(list.raw('a')?.gone).toBe(true);
    put(one('a', 'critical', 11));
    expect(list.raw('a')?.gone).toBe(false);
    remove('a');
    list.release();
    expect(list.order.value).toEqual(['b']);
  });

  it('keeps what one has resolved until the focus leaves it, and brings it back when that is undone', () => {
    const { list, put } = start(open, one('a', 'critical', 9), one('b', 'high', 9), one('c', 'low', 9));
    list.hold();
    list.focus('b');
    put(one('b', 'high', 9, resolvedBy(ME)));
    expect(list.order.value).toEqual(['a', 'b', 'c']);
    list.focus('c');
    expect(list.order.value).toEqual(['a', 'c']);
    put(one('b', 'high', 9, { lastWork: { what: 'reopened', by: ME, at: 3_000 } }));
    expect(list.order.value).toEqual(['a', 'b', 'c']);
  });

  it('takes out what one resolved elsewhere in the list, and holds what others resolved', () => {
    const { list, put } = start(open, one('a', 'critical', 9), one('b', 'high', 9), one('c', 'low', 9));
    list.hold();
    list.focus('a');
    put(one('b', 'high', 9, resolvedBy(ME)));
    put(one('c', 'low', 9, resolvedBy('ana@example.com')));
    expect(list.order.value).toEqual(['a', 'c']);
    expect(list.moved.value).toBe(1);
  });

  it('forgets what a row no longer says', () => {
    const { list, put } = start(rules(), one('a', 'high', 1, { acknowledgedBy: 'Ana' }));
    put(one('a', 'high', 1));
    expect(list.raw('a')?.acknowledgedBy).toBeUndefined();
  });

  it('ends in the right order after any history of changes, holds and releases, whatever is filtered', () => {
    const severity = fc.constantFrom('critical', 'high', 'medium', 'low');
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('put' as const), id: fc.nat(12), severity, money: fc.nat(50) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), id: fc.nat(12) }) },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release' as const, 'arrange' as const) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('follow' as const), from: fc.nat(40) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let from = 0;
        const over = (least: number) => rules((line) => line.moneyAtRisk >= least);
        const { list, entries, put, remove } = start(over(from));
        let held = false;
        for (const next of steps) {
          const before = list.order.value;
          if (next.do === 'put') put(one(`e${next.id}`, next.severity as ExceptionLine['severity'], next.money));
          else if (next.do === 'remove') remove(`e${next.id}`);
          else if (next.do === 'follow') {
            from = next.from;
            list.follow(over(from));
          } else list[next.do]();
          if (held && (next.do === 'put' || next.do === 'remove') && before.length > 0) {
            expect(list.order.value).toEqual(before);
          }
          if (next.do === 'hold') held = true;
          if (next.do === 'release') held = false;
        }
        const expected = [...entries.values()].filter(over(from).fits).sort(compareBy('priority'));
        if (!held) expect(list.order.value).toEqual(expected.map(({ id }) => id));
        list.arrange();
        expect(list.order.value).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 300 },
    );
  });
});
