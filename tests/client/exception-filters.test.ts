import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countFacets } from '../../client/exceptions/filter/facets.ts';
import {
  type Filter,
  facetFields,
  filterText,
  matches,
  parseFilter,
  type Reader,
  shows,
  standingOf,
  toggleFacet,
} from '../../client/exceptions/filter/filter.ts';
import { groupRows, itemsOf } from '../../client/exceptions/grouping.ts';
import { builtIn, countQueues, filterOf, isSameQueue, queueQuery } from '../../client/exceptions/queues/queues.ts';
import { toggled, withRange } from '../../client/exceptions/selection.ts';
import { compareBy, sortNames } from '../../client/exceptions/sorting.ts';
import { exceptionLine } from '../support/exception-line.ts';

const HOUR = 3_600_000;
const now = 100 * HOUR;
const reader: Reader = {
  now,
  me: 'mei@example.com',
  text: ({ id, title, sku = '' }) => `${id} ${title} ${sku}`.toLowerCase(),
  minorPerMajor: () => 100,
};
const found = (text: string, due = '') =>
  rows.filter((row) => matches(parseFilter(text, due), row, reader)).map(({ id }) => id);

const rows = [
  exceptionLine({
    id: 'EX-1',
    severity: 'critical',
    node: 'BOS-1',
    moneyAtRisk: 500_000,
    deadline: now - 1,
    title: 'Mug runs out',
  }),
  exceptionLine({ id: 'EX-2', severity: 'high', node: 'RNO-1', assignee: 'mei@example.com', deadline: now + HOUR / 2 }),
  exceptionLine({ id: 'EX-3', severity: 'high', node: 'BOS-1', work: 'resolved', kind: 'stockout-expected' }),
  exceptionLine({ id: 'EX-4', severity: 'low', inhibitedBy: 'source-silent:wms', since: now - 50 * HOUR }),
];

describe('a filter', () => {
  it('shows what asks for somebody unless told otherwise', () => {
    expect(found('')).toEqual(['EX-1', 'EX-2']);
    expect(found('show:put-away')).toEqual(['EX-3']);
    expect(found('show:beneath')).toEqual(['EX-4']);
    expect(found('show:all')).toEqual(['EX-1', 'EX-2', 'EX-3', 'EX-4']);
  });

  it('takes values of a field as alternatives, and fields together', () => {
    expect(found('severity:critical,high')).toEqual(['EX-1', 'EX-2']);
    expect(found('severity:critical,high node:RNO-1')).toEqual(['EX-2']);
    expect(found('assignee:me')).toEqual(['EX-2']);
    expect(found('assignee:none')).toEqual(['EX-1']);
  });

  it('finds words anywhere, money, age and what is due', () => {
    expect(found('mug out')).toEqual(['EX-1']);
    expect(found('ex-2')).toEqual(['EX-2']);
    expect(found('money:>4000')).toEqual(['EX-1']);
    expect(found('show:all age:>99h')).toEqual(['EX-1', 'EX-2', 'EX-3']);
    expect(found('', 'breached')).toEqual(['EX-1']);
    expect(found('', 'hour')).toEqual(['EX-2']);
  });

  it('comes back from its own text, whatever it says', () => {
    const word = fc.stringMatching(/^[a-z0-9:" -]{1,12}$/).map((text) => text.replaceAll('"', '').trim());
    const value = fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/);
    const some = fc.record({
      show: fc.constantFrom(...shows),
      facets: fc
        .array(fc.tuple(fc.constantFrom(...facetFields), fc.uniqueArray(value, { minLength: 1, maxLength: 3 })))
        .map((entries) => new Map(entries)),
      words: fc.array(
        word.filter((text) => text !== '' && !text.includes(':')),
        { maxLength: 3 },
      ),
      moneyFrom: fc.nat(9_999),
      olderThanMs: fc.nat(90).map((hours) => hours * HOUR),
    });
    fc.assert(
      fc.property(some, (said) => {
        const filter: Filter = { ...said, due: '' };
        const again = parseFilter(filterText(filter));
        expect({ ...again, facets: [...again.facets].sort() }).toEqual({
          ...filter,
          facets: [...filter.facets].sort(),
        });
      }),
    );
  });

  it('loses nothing that somebody typed', () => {
    const { words } = parseFilter('colour:red severity: money:lots "two words');
    expect(words).toEqual(['colour:red', 'severity:', 'money:lots', 'two words']);
  });
});

describe('the counts of a facet', () => {
  it('are what choosing that value would show, for every value and any filter', () => {
    const some = fc.record({
      severity: fc.constantFrom('critical', 'high', 'low'),
      node: fc.constantFrom('BOS-1', 'RNO-1', undefined),
      work: fc.constantFrom('new', 'snoozed'),
    });
    fc.assert(
      fc.property(
        fc.array(some, { maxLength: 20 }),
        fc.constantFrom('', 'node:BOS-1', 'severity:high node:none'),
        (list, text) => {
          const lines = list.map((one, place) => exceptionLine({ id: `EX-${place}`, ...(one as object) }));
          const filter = parseFilter(text);
          for (const [field, values] of countFacets(lines, filter, reader)) {
            for (const [value, count] of values) {
              const only = { ...filter, facets: new Map([...filter.facets, [field, [value]]]) };
              expect(lines.filter((row) => matches(only, row, reader))).toHaveLength(count);
            }
          }
        },
      ),
    );
  });
});

describe('queues', () => {
  it('count the rows that they show', () => {
    const counts = countQueues(builtIn, rows, reader);
    for (const queue of builtIn) {
      expect(counts.get(queue.id)).toBe(rows.filter((row) => matches(filterOf(queue.query), row, reader)).length);
    }
    expect(counts.get('put-away')).toBe(1);
  });

  it('are known again from an address that says the same in another way', () => {
    const mine = builtIn.find(({ id }) => id === 'mine')!;
    expect(isSameQueue(queueQuery({ q: 'assignee:me  show:calling', ex: 'EX-7', d: 'compact' }), mine.query)).toBe(
      true,
    );
    expect(isSameQueue(queueQuery({ q: 'assignee:me', sort: 'money' }), mine.query)).toBe(false);
  });
});

describe('sorting', () => {
  it('is one total order for everybody, both ways', () => {
    const some = fc.record({
      id: fc.nat(99).map((number) => `EX-${number}`),
      severity: fc.constantFrom('critical', 'high', 'medium', 'low'),
      moneyAtRisk: fc.nat(3),
      deadline: fc.option(fc.nat(3)),
      since: fc.nat(3),
      updatedAt: fc.nat(3),
    });
    const lists = fc.uniqueArray(some, { selector: ({ id }) => id, maxLength: 12 });
    const orders = fc.constantFrom(...sortNames, ...sortNames.map((name) => `-${name}`));
    fc.assert(
      fc.property(lists, orders, fc.nat(1000), (list, order, turn) => {
        const lines = list.map((one) => exceptionLine(one as never));
        const turned = [...lines.slice(turn % (lines.length || 1)), ...lines.slice(0, turn % (lines.length || 1))];
        expect(turned.sort(compareBy(order))).toEqual([...lines].sort(compareBy(order)));
      }),
    );
  });
});

describe('groups', () => {
  it('stand where their worst member would, hold every row once, and close', () => {
    const lines = [
      exceptionLine({ id: 'EX-9', root: 'EX-1' }),
      exceptionLine({ id: 'EX-1' }),
      exceptionLine({ id: 'EX-7' }),
      exceptionLine({ id: 'EX-8', root: 'supplier-late:ACME' }),
    ];
    const byId = new Map(lines.map((line) => [line.id, line]));
    const groups = groupRows(
      lines.map(({ id }) => id),
      'cause',
      (id) => byId.get(id),
    );
    expect(itemsOf(groups, 'cause', new Set())).toEqual(['group:EX-1', 'EX-9', 'EX-1', 'EX-7', 'EX-8']);
    expect(itemsOf(groups, 'cause', new Set(['group:EX-1']))).toEqual(['group:EX-1', 'EX-7', 'EX-8']);
  });
});

describe('a selection', () => {
  const ids = ['a', 'b', 'c', 'd'];
  it('takes in everything between two rows, in either direction', () => {
    expect([...withRange(new Set(['a']), ids, 'd', 'b')]).toEqual(['a', 'b', 'c', 'd']);
    expect([...withRange(new Set(), ids, 'gone', 'c')]).toEqual(['c']);
  });
  it('lets go of one', () => {
    expect([...toggled(new Set(['a', 'b']), 'a')]).toEqual(['b']);
  });
});

it('an exception stands in one place only', () => {
  expect(rows.map(standingOf)).toEqual(['calling', 'calling', 'put-away', 'beneath']);
  expect(toggleFacet(parseFilter('node:a,b'), 'node', 'a').facets.get('node')).toEqual(['b']);
});
