import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareExceptions, createExceptionList } from '../../client/exceptions/exception-list.ts';
import type { ExceptionRow } from '../../server/live/contract.ts';

function row(id: string, severity: ExceptionRow['severity'], moneyAtRisk: number): ExceptionRow {
  return {
    id,
    kind: 'oversold',
    title: `Exception ${id}`,
    subject: 'Mug',
    detail: '',
    severity,
    since: 1_000,
    updatedAt: 1_000,
    deadline: null,
    moneyAtRisk,
    currency: 'EUR',
    formula: '',
    inputs: {},
    advice: '',
    area: 'inventory',
    condition: 'open',
    work: 'new',
    version: 1,
    owner: 'inventory planner',
    openedAt: 1_000,
    lastSeenAt: null,
    returns: 0,
  };
}
function start(...rows: ExceptionRow[]) {
  const entries = new Map(rows.map((entry) => [entry.id, entry]));
  const list = createExceptionList();
  list.apply({ set: [...entries.keys()], removed: [], whole: true }, entries);
  const put = (entry: ExceptionRow) => {
    entries.set(entry.id, entry);
    list.apply({ set: [entry.id], removed: [], whole: false }, entries);
  };
  const remove = (id: string) => {
    entries.delete(id);
    list.apply({ set: [], removed: [id], whole: false }, entries);
  };
  return { list, entries, put, remove };
}

describe('the list of exceptions', () => {
  it('puts the worst first: severity, then money at risk', () => {
    const { list } = start(
      row('a', 'low', 900),
      row('b', 'critical', 5),
      row('c', 'high', 70),
      row('d', 'critical', 8),
    );
    expect(list.order.value).toEqual(['d', 'b', 'c', 'a']);
  });

  it('never moves a row while somebody is among the rows, and still shows its new values', () => {
    const { list, put } = start(row('a', 'critical', 10), row('b', 'high', 10), row('c', 'low', 10));
    list.hold();
    put(row('c', 'critical', 99));
    expect(list.order.value).toEqual(['a', 'b', 'c']);
    expect(list.rows.get('c')).toMatchObject({ severity: 'critical', moneyAtRisk: 99 });
    expect(list.moved.value).toBe(true);
    list.release();
    expect(list.order.value).toEqual(['c', 'a', 'b']);
    expect(list.moved.value).toBe(false);
  });

  it('collects new rows until asked for, or until nobody is among the rows', () => {
    const { list, put } = start(row('a', 'high', 10));
    list.hold();
    put(row('b', 'critical', 10));
    put(row('c', 'low', 10));
    expect(list.order.value).toEqual(['a']);
    expect(list.waiting.value).toEqual(['b', 'c']);
    list.arrange();
    expect(list.order.value).toEqual(['b', 'a', 'c']);
    put(row('d', 'critical', 99));
    expect(list.waiting.value).toEqual(['d']);
    list.release();
    expect(list.order.value).toEqual(['d', 'b', 'a', 'c']);
  });

  it('keeps a row that is over in its place, marked, until nobody is among the rows', () => {
    const { list, remove, put } = start(row('a', 'critical', 10), row('b', 'high', 10));
    list.hold();
    remove('a');
    expect(list.order.value).toEqual(['a', 'b']);
    expect(list.rows.get('a')?.gone).toBe(true);
    put(row('a', 'critical', 11));
    expect(list.rows.get('a')?.gone).toBe(false);
    remove('a');
    list.release();
    expect(list.order.value).toEqual(['b']);
  });

  it('forgets what a row no longer says', () => {
    const { list, put } = start({ ...row('a', 'high', 1), acknowledgedBy: 'Ana' });
    put(row('a', 'high', 1));
    expect(list.rows.get('a')?.acknowledgedBy).toBeUndefined();
  });

  it('ends in the order of the server after any history of changes, holds and releases', () => {
    const severity = fc.constantFrom('critical', 'high', 'medium', 'low');
    const step = fc.oneof(
      fc.record({ do: fc.constant('put' as const), id: fc.nat(12), severity, money: fc.nat(50) }),
      fc.record({ do: fc.constant('remove' as const), id: fc.nat(12) }),
      fc.record({ do: fc.constantFrom('hold' as const, 'release' as const, 'arrange' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { list, entries, put, remove } = start();
        let held = false;
        for (const next of steps) {
          const before = list.order.value;
          if (next.do === 'put') put(row(`e${next.id}`, next.severity as ExceptionRow['severity'], next.money));
          else if (next.do === 'remove') remove(`e${next.id}`);
          else list[next.do]();
          if (held && (next.do === 'put' || next.do === 'remove') && before.length > 0) {
            expect(list.order.value).toEqual(before);
          }
          if (next.do === 'hold') held = true;
          if (next.do === 'release') held = false;
        }
        list.hold();
        list.release();
        expect(list.order.value).toEqual([...entries.values()].sort(compareExceptions).map(({ id }) => id));
      }),
    );
  });
});
