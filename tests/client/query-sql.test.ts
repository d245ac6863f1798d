import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { completionsAt, meaningAt } from '../../client/query/sql/completions.ts';
import { earlyLines } from '../../client/query/sql/early-text.ts';
import { enteredValue, entryOf, inputFor, missing } from '../../client/query/sql/parameters.ts';
import SqlParameters from '../../client/query/sql/SqlParameters.vue';
import { isInText, namesGiven, parametersOf, sourcesOf } from '../../client/query/sql/sql-text.ts';
import type { SqlSchema } from '../../server/http/contract/sql-runs.ts';

const view = (name: string, columns: string[]): SqlSchema['views'][number] => ({
  name,
  words: `About ${name}.`,
  grain: `one of ${name}`,
  columns: columns.map((column) => ({ name: column, type: 'LowCardinality(String)', words: `The ${column}` })),
  examples: [],
});
const schema: SqlSchema = {
  views: [view('orders', ['order_id', 'channel']), view('items', ['sku', 'category'])],
  functions: ['count', 'sum'],
  limits: [],
};
/** The text with `|` where one types. */
const at = (text: string) => ({ sql: text.replace('|', ''), place: text.indexOf('|') });
const offered = (text: string, whole = false) => {
  const { sql, place } = at(text);
  return completionsAt(sql, place, schema, whole)?.options.map(({ label }) => label) ?? null;
};

describe('what a text of SQL speaks of', () => {
  it('views, by the names they are called', () => {
    expect(sourcesOf('SELECT 1 FROM orders o LEFT JOIN items AS i USING (sku) WHERE x')).toEqual([
      { view: 'orders', alias: 'o' },
      { view: 'items', alias: 'i' },
    ]);
    expect(sourcesOf('select 1 from orders, items i -- from nowhere')).toEqual([
      { view: 'orders', alias: 'orders' },
      { view: 'items', alias: 'i' },
    ]);
    expect(sourcesOf("SELECT ' FROM orders ' FROM (SELECT 1 FROM items)")).toEqual([{ view: 'items', alias: 'items' }]);
    expect(sourcesOf('SELECT 1 FROM orders ORDER BY 1')).toEqual([{ view: 'orders', alias: 'orders' }]);
  });

  it('names it gives, and parameters it asks for, each once', () => {
    expect(namesGiven('WITH late AS (SELECT 1) SELECT sum(x) AS total, y AS day FROM late')).toEqual([
      'late',
      'total',
      'day',
    ]);
    expect(
      parametersOf("SELECT {from:DateTime('UTC')}, {list:Array(String)}, {from:DateTime('UTC')}, '{no:String}'"),
    ).toEqual([
      { name: 'from', type: "DateTime('UTC')" },
      { name: 'list', type: 'Array(String)' },
    ]);
  });

  it.each([
    ["SELECT 'a|bc'", true],
    ["SELECT 'abc|", true],
    ["SELECT 'abc'|", false],
    ['SELECT 1 -- no|te', true],
    ['SELECT 1 -- note\n|', false],
    ['SELECT /* no|te */ 1', true],
    ['SELECT | 1', false],
  ])('%s: what is typed there is text: %s', (text, is) => {
    const { sql, place } = at(text);
    expect(isInText(sql, place)).toBe(is);
  });
});

describe('completion', () => {
  it('offers views where a view is read', () => {
    expect(offered('SELECT 1 FROM o|')).toEqual(['orders', 'items']);
    expect(offered('WITH late AS (SELECT 1) SELECT 1 FROM l|')).toEqual(['orders', 'items', 'late']);
    expect(offered('SELECT 1 FROM orders JOIN |', true)).toEqual(['orders', 'items']);
  });

  it('offers the columns of what an alias stands for', () => {
    expect(offered('SELECT o.ch| FROM orders o')).toEqual(['order_id', 'channel']);
    expect(offered('SELECT items.| FROM items')).toEqual(['sku', 'category']);
    expect(offered('SELECT x.| FROM orders o')).toEqual([]);
  });

  it('offers columns of the views that are read before functions and words', () => {
    const all = offered('SELECT c| FROM orders o')!;
    expect(all.slice(0, 3)).toEqual(['order_id', 'channel', 'o']);
    expect(all).toContain('count');
    expect(all).toContain('CASE');
    expect(all).not.toContain('sku');
    // Nothing is read yet: any column may be meant.
    expect(offered('SELECT c|')).toContain('sku');
  });

  it('offers nothing inside of quotes, nor before something is typed', () => {
    expect(offered("SELECT 'ch|' FROM orders")).toBeNull();
    expect(offered('SELECT | FROM orders')).toBeNull();
    expect(offered('SELECT | FROM orders', true)).toContain('channel');
  });
});

describe('what a word means', () => {
  const meaning = (text: string) => {
    const { sql, place } = at(text);
    return meaningAt(sql, place, schema);
  };
  it('a column with its view and its type, a view with what a row is, an alias as its view', () => {
    expect(meaning('SELECT chan|nel FROM orders')).toMatchObject({
      label: 'channel',
      detail: 'text',
      words: 'The channel (orders, LowCardinality(String))',
      from: 7,
      to: 14,
    });
    expect(meaning('SELECT i.s|ku FROM orders o, items i')).toMatchObject({ label: 'sku' });
    expect(meaning('SELECT 1 FROM ord|ers')).toMatchObject({
      kind: 'view',
      words: 'About orders. One row: one of orders.',
    });
    expect(meaning('SELECT 1 FROM orders o WHERE |o.channel = 1')).toMatchObject({ kind: 'view', label: 'orders' });
    expect(meaning('SELECT {da|y:Date}')).toMatchObject({ kind: 'parameter', label: 'day', detail: 'Date' });
    expect(meaning('SELECT elsewh|ere FROM orders')).toBeNull();
  });
});

describe('parameters', () => {
  it('are entered by their type', () => {
    expect(['String', 'Nullable(UInt32)', "DateTime64(3, 'UTC')", 'Date', 'Array(String)'].map(inputFor)).toEqual([
      'text',
      'number',
      'time',
      'date',
      'list',
    ]);
    expect(enteredValue('a, b,', 'list')).toEqual(['a', 'b']);
    expect(enteredValue('2026-11-01T10:00', 'time')).toBe('2026-11-01 10:00');
    expect(entryOf('2026-11-01 10:00:00', 'time')).toBe('2026-11-01T10:00:00');
    expect(enteredValue('', 'number')).toBeUndefined();
    expect(enteredValue('', 'text')).toBe('');
    expect(
      missing(
        [
          { name: 'a', type: 'UInt8' },
          { name: 'b', type: 'String' },
        ],
        { a: 0 },
      ),
    ).toEqual(['b']);
  });

  it('emptied, it is asked for again; the others stay', async () => {
    const parameters = [
      { name: 'least', type: 'UInt32' },
      { name: 'channel', type: 'String' },
    ];
    const wrapper = mount(SqlParameters, { props: { parameters, values: { least: 3, channel: 'web' } } });
    const [least] = wrapper.findAll('input');
    await least!.setValue('12');
    expect(wrapper.emitted('change')).toEqual([[{ least: 12, channel: 'web' }]]);
    await least!.setValue('');
    expect(wrapper.emitted('change')?.[1]).toEqual([{ channel: 'web' }]);
  });
});

describe('a text nobody means to change yet', () => {
  it('stands there whole, line by line, in the colours of its words', () => {
    const sql = "SELECT 'two\nlines', 12 -- note\n\nFROM {view:Identifier}";
    const lines = earlyLines(sql);
    expect(lines.map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(sql);
    expect(lines[0]!.map(({ text, look }) => [text, look])).toEqual([
      ['SELECT', 'keyword'],
      [' ', 'plain'],
      ["'two", 'string'],
    ]);
    expect(lines.at(-1)!.at(-1)).toEqual({ text: '{view:Identifier}', look: 'parameter' });
  });
});
