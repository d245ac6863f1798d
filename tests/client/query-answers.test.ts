import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { cellText, pageOf } from '../../client/query/answer/cell-text.ts';
import { type ChartLook, chartOptions, endLabels } from '../../client/query/answer/chart-options.ts';
import { changeText, figureText, shareText } from '../../client/query/answer/figures.ts';
import GroupTable from '../../client/query/answer/GroupTable.vue';
import { groupsOf, isOffTarget, sortGroups } from '../../client/query/answer/groups.ts';
import { chartColumns, guessChart } from '../../client/query/answer/guess-chart.ts';
import MovedList from '../../client/query/answer/MovedList.vue';
import { pictureOfAnswer, pictureOfSheet, pictureSentence, timeOf } from '../../client/query/answer/picture.ts';
import { guessPivot, pivotOf } from '../../client/query/answer/pivot.ts';
import { asTsv, kindOf, type Sheet, sheetOfAnswer, sheetOfRun, sorted } from '../../client/query/answer/sheet.ts';
import type { Askable, MetricAnswer } from '../../server/http/contract/questions.ts';

const DAY = 86_400_000;
const measure = (id: string, unit: string): Askable['measures'][number] => ({
  id,
  name: id.toUpperCase(),
  group: 'sales',
  unit,
  direction: 'up',
  question: '',
  dimensions: ['channel'],
  grains: ['day'],
  isLevel: false,
  ownQuery: false,
  target: null,
  waitsFor: null,
});
const askable: Askable = {
  measures: [measure('fill', 'percent'), measure('lost', 'money')],
  dimensions: [{ id: 'channel', name: 'Channel', words: '' }],
};
const series = (
  of: string,
  group: (string | null)[],
  values: (number | null)[],
  total: number,
  before: number | null,
) => ({
  measure: of,
  group,
  points: values.map((value, day): [number, number | null] => [day * DAY, value]),
  total,
  compared:
    before === null
      ? null
      : { points: values.map((_, day): [number, number | null] => [day * DAY, before]), total: before },
});
const answer: MetricAnswer = {
  question: {
    measures: ['fill', 'lost'],
    by: ['channel'],
    grain: 'day',
    where: [],
    over: { last: '2d' },
    compare: 'previous-period',
  },
  sql: 'SELECT 1',
  parameters: {},
  from: 0,
  to: 2 * DAY,
  compared: null,
  totals: [
    { measure: 'fill', total: 95, compared: 97 },
    { measure: 'lost', total: 30_000, compared: 20_000 },
  ],
  series: [
    series('fill', ['web'], [98, 97], 97.5, 97),
    series('fill', ['shop'], [90, null], 90, 97),
    series('lost', ['web'], [100, 200], 10_000, 12_000),
    series('lost', ['shop'], [900, 950], 20_000, 8_000),
    series('lost', [null], [1, 1], 50_000, 1),
  ],
  groupsLeftOut: 3,
  targets: [{ measure: 'fill', target: 95 }],
  anomalies: [{ measure: 'fill', group: ['shop'], at: 0, title: 'Lower than expected' }],
  restated: [{ measure: 'fill', at: DAY, restatedAt: 3 * DAY, lateSteps: 2 }],
  level: 'day',
  rowsRead: 10,
  ms: 3,
  dataAsOf: 2 * DAY,
  eventsBehind: 0,
};
const look = (part: Partial<ChartLook> = {}): ChartLook => ({
  kind: 'line',
  highlighted: null,
  stacks: true,
  width: 600,
  height: 300,
  scale: 1,
  fontFamily: 'Inter',
  color: (token) => token,
  formatValue: String,
  formatTime: String,
  formatMoment: String,
  ...part,
});
type Drawn = {
  id: string;
  type: string;
  stack?: string;
  lineStyle: { color: string; type?: unknown };
  data: unknown[];
  endLabel?: { show: boolean };
};
const drawn = (options: ReturnType<typeof chartOptions>) => options.series as unknown as Drawn[];

describe('figures', () => {
  it('are written for a row, and changes in points of a share or parts of an amount', () => {
    expect(figureText(18_240_000, 'money', 'EUR')).toMatch(/182,400/);
    expect(figureText(null, 'count', 'EUR')).toBe('–');
    expect(changeText(88, 96.7, 'percent', 'EUR')).toBe('−8.7 pt');
    expect(changeText(110, 100, 'count', 'EUR')).toBe('+10.0%');
    expect(changeText(96.04, 96, 'percent', 'EUR')).toBe('0.0 pt');
    expect(changeText(3, 0, 'count', 'EUR')).toBe('new');
    expect(changeText(3, null, 'count', 'EUR')).toBe('');
    expect(shareText(-0.842, 'percent', 'EUR')).toBe('−0.84');
    expect(shareText(120_000, 'money', 'EUR')).toMatch(/^\+.*1,200/);
  });
});

describe('an answer as rows and columns', () => {
  it('has a row for each group and bucket, with what it is compared with', () => {
    const sheet = sheetOfAnswer(answer, askable);
    expect(sheet.columns.map(({ name }) => name)).toEqual([
      'Channel',
      'Day',
      'FILL',
      'FILL, before',
      'LOST',
      'LOST, before',
    ]);
    expect(sheet.rows).toContainEqual(['shop', 0, 90, 97, 900, 8_000]);
    expect(sheet.rows).toContainEqual(['shop', DAY, null, 97, 950, 8_000]);
    expect(sheet.rows).toContainEqual(['All others', 0, null, null, 1, 1]);
    expect(sheet.rows).toHaveLength(6);
  });

  it('without a grain has one row for each group', () => {
    const whole = { ...answer, question: { ...answer.question, grain: 'none' as const, compare: null } };
    expect(sheetOfAnswer(whole, askable).rows[0]).toEqual(['web', 97.5, 10_000]);
  });

  it('of SQL makes numbers of what a browser can hold, and leaves the rest as text', () => {
    const columns = [
      { name: 'n', type: 'UInt64' },
      { name: 'at', type: 'Nullable(DateTime)' },
      { name: 'w', type: 'LowCardinality(Nullable(String))' },
    ];
    const sheet = sheetOfRun({
      columns,
      rows: [
        ['12', '2026-11-01T10:00:00Z', '7'],
        ['18446744073709551615', null, null],
      ],
    });
    expect(sheet.columns.map(({ kind }) => kind)).toEqual(['number', 'time', 'text']);
    expect(sheet.rows).toEqual([
      [12, '2026-11-01T10:00:00Z', '7'],
      ['18446744073709551615', null, null],
    ]);
    expect(kindOf('Array(UInt8)')).toBe('text');
  });

  it('is sorted with nothing last, and copied as a spreadsheet takes it', () => {
    const rows = [
      ['b', 2],
      ['a', null],
      ['c', 10],
    ];
    expect(sorted(rows, { column: 1, descending: true }).map(([name]) => name)).toEqual(['c', 'b', 'a']);
    expect(sorted(rows, { column: 1, descending: false }).map(([name]) => name)).toEqual(['b', 'c', 'a']);
    const columns = [
      { id: 'a', name: 'A', kind: 'text' as const, type: '', unit: null },
      { id: 't', name: 'T', kind: 'time' as const, type: '', unit: null },
    ];
    expect(
      asTsv({
        columns,
        rows: [
          ['x\ty\nz', 0],
          [null, DAY],
        ],
      }),
    ).toBe('A\tT\nx y z\t1970-01-01T00:00:00Z\n\t1970-01-02T00:00:00Z');
  });

  it('says times of SQL as they came, and leads to what it names', () => {
    const place = { timeZone: 'Europe/Berlin', currency: 'EUR' };
    expect(cellText('2026-11-01T10:00:00Z', { kind: 'time', unit: null }, place)).toBe('2026-11-01 10:00:00');
    expect(cellText(1234.56789, { kind: 'number', unit: null }, place)).toBe('1,234.5679');
    expect(cellText(null, { kind: 'text', unit: null }, place)).toBe('–');
    expect(pageOf('order_id', 'A/1')).toBe('/orders/A%2F1');
    expect(pageOf('channel', 'web')).toBeNull();
  });
});

const sheetOf = (columns: [string, Sheet['columns'][number]['kind']][], rows: Sheet['rows']): Sheet => ({
  columns: columns.map(([name, kind]) => ({ id: name, name, kind, type: '', unit: null })),
  rows,
});

describe('a chart from any answer', () => {
  const byDay = sheetOf(
    [
      ['channel', 'text'],
      ['lines', 'number'],
      ['day', 'time'],
    ],
    [
      ['a', 1, '2026-11-02'],
      ['a', 3, '2026-11-01'],
      ['b', 2, '2026-11-01'],
    ],
  );

  it('puts time across, the first figure up, and a line for each of few words', () => {
    expect(guessChart(byDay)).toEqual({ x: 'day', y: 'lines', series: 'channel' });
    expect(
      guessChart(
        sheetOf(
          [
            ['sku', 'text'],
            ['n', 'number'],
          ],
          [
            ['a', 1],
            ['b', 2],
          ],
        ),
      ),
    ).toEqual({ x: 'sku', y: 'n', series: '' });
    expect(guessChart(sheetOf([['n', 'number']], [[1], [2]]))).toBeNull();
    expect(
      guessChart(
        sheetOf(
          [
            ['sku', 'text'],
            ['n', 'number'],
          ],
          [['a', 1]],
        ),
      ),
    ).toBeNull();
  });

  it('keeps what was chosen as long as the columns are there', () => {
    expect(chartColumns(byDay, { x: 'channel', series: '' })).toEqual({ x: 'channel', y: 'lines', series: '' });
    expect(chartColumns(byDay, { y: 'gone' })).toEqual({ x: 'day', y: 'lines', series: 'channel' });
  });

  it('draws each line in the order of time', () => {
    const picture = pictureOfSheet(byDay, { x: 'day', y: 'lines', series: 'channel' });
    const first = Date.parse('2026-11-01');
    expect(picture.lines.map(({ name, points }) => [name, points])).toEqual([
      [
        'a',
        [
          [first, 3],
          [first + DAY, 1],
        ],
      ],
      ['b', [[first, 2]]],
    ]);
    expect(picture.hasClock).toBe(false);
    expect(timeOf('2026-11-01 14:30:00')).toBe(Date.parse('2026-11-01T14:30:00Z'));
  });
});

describe('a picture', () => {
  const picture = pictureOfAnswer(answer, 'fill', askable, 'UTC');

  it('draws the one that stands out last and in the accent, the others behind it, the comparison dotted', () => {
    const all = drawn(chartOptions(picture, look({ highlighted: 'shop' })));
    expect(all.map(({ id, lineStyle }) => [id, lineStyle.color])).toEqual([
      ['web', 'line2'],
      ['shop', 'accent'],
      ['before', 'accent'],
    ]);
    expect(all[2]!.lineStyle.type).toEqual([1, 4]);
  });

  it('marks what was unexpected and what late events changed', () => {
    const [, shop] = drawn(chartOptions(picture, look({ highlighted: 'shop' })));
    expect(shop!.data[0]).toMatchObject({ symbol: 'diamond', value: [0, 90] });
    const web = drawn(chartOptions(picture, look({ highlighted: 'web' }))).find(({ id }) => id === 'web');
    expect(web!.data[1]).toMatchObject({ symbol: 'circle', itemStyle: { borderColor: 'stale-fill' } });
  });

  it('stacks what adds up, and draws one bar of what does not', () => {
    expect(
      drawn(chartOptions(picture, look({ kind: 'bar', stacks: false, highlighted: 'web' }))).map(({ id }) => id),
    ).toEqual(['web']);
    const amounts = pictureOfAnswer(answer, 'lost', askable, 'UTC');
    const bars = drawn(chartOptions(amounts, look({ kind: 'bar', highlighted: 'shop' })));
    expect(bars.map(({ id, stack }) => [id, stack])).toEqual([
      ['shop', 'all'],
      ['web', 'all'],
      ['All others', 'all'],
    ]);
    expect(chartOptions(amounts, look({ kind: 'bar' })).yAxis.scale).toBe(false);
    expect(chartOptions(amounts, look()).yAxis.scale).toBe(true);
  });

  it('names lines at their ends where there is room, the one that stands out always', () => {
    const near = {
      ...picture,
      lines: ['a', 'b', 'c'].map((key, at) => ({
        key,
        name: key,
        points: [
          [0, 0],
          [DAY, 100 - at],
        ] as [number, number][],
        before: null,
      })),
    };
    expect([...endLabels(near, { height: 300, scale: 1, highlighted: 'b' })]).toEqual(['b']);
    expect([...endLabels(near, { height: 3_000, scale: 1, highlighted: 'b' })].sort()).toEqual(['a', 'b', 'c']);
  });

  it('without a grain has a bar for each group', () => {
    const whole = pictureOfAnswer(
      { ...answer, question: { ...answer.question, grain: 'none' } },
      'lost',
      askable,
      'UTC',
    );
    expect(whole.names).toEqual(['web', 'shop', 'All others']);
    const [totals, before] = drawn(chartOptions(whole, look({ kind: 'bar', highlighted: 'shop' })));
    expect(totals!.data).toMatchObject([
      { value: [0, 10_000], itemStyle: { color: 'line2' } },
      { value: [1, 20_000], itemStyle: { color: 'accent' } },
      {},
    ]);
    expect(before!.id).toBe('before');
  });

  it('has a sentence', () => {
    expect(pictureSentence(picture, 'web', String)).toBe(
      'FILL, web, one of 2 lines: from 98 to 97, lowest 97, highest 98',
    );
  });
});

describe('the groups of an answer', () => {
  it('stand by size or by change, the rest always last', () => {
    const rows = groupsOf(answer, 'fill');
    const names = (order: Parameters<typeof sortGroups>[1]) => sortGroups(rows, order).map(({ name }) => name);
    expect(names({ measure: 'lost', by: 'total', descending: true })).toEqual(['shop', 'web', 'All others']);
    expect(names({ measure: 'lost', by: 'change', descending: false })).toEqual(['web', 'shop', 'All others']);
    expect(names({ measure: '', by: 'name', descending: false })).toEqual(['shop', 'web', 'All others']);
  });

  it('are off target on the wrong side of it', () => {
    expect(isOffTarget(94, 95, 'up')).toBe(true);
    expect(isOffTarget(94, 95, 'down')).toBe(false);
    expect(isOffTarget(null, 95, 'up')).toBe(false);
  });

  it('are shown with change and total, and one stands out on a click', async () => {
    const props = { answer, askable, currency: 'EUR', drawn: 'fill', highlighted: 'shop', courseName: '2 days' };
    const wrapper = mount(GroupTable, { props });
    const first = wrapper.get('[data-group="shop"]');
    expect(first.classes()).toContain('stands');
    expect(first.text()).toContain('90.0%, off target');
    expect(first.text()).toContain('−7.0 pt');
    expect(wrapper.get('tfoot').text()).toContain('−2.0 pt');
    await wrapper.get('[data-group="web"]').trigger('click');
    expect(wrapper.emitted('highlight')).toEqual([['web']]);
  });
});

describe('what moved it', () => {
  it('adds up: what is not shown is summed as others', () => {
    const parts = Array.from({ length: 12 }, (_, n) => ({
      group: [`g${n}`, 'x'],
      before: 1,
      after: 2,
      change: -12 + n,
      rate: null,
      mix: null,
    }));
    const contribution = {
      measure: 'orders',
      from: 0,
      to: 2,
      compared: { from: -2, to: 0 },
      before: 100,
      after: 20,
      change: -80,
      parts,
      rest: { groups: 4, change: -2 },
      ms: 1,
    };
    const wrapper = mount(MovedList, {
      props: { answer: contribution, unit: 'count', currency: 'EUR', byWords: 'channel and node' },
    });
    const shown = wrapper.findAll('.part').map((part) => Number(part.get('.number').text().replace('−', '-')));
    expect(shown.reduce((sum, one) => sum + one, 0)).toBe(parts.reduce((sum, { change }) => sum + change, -2));
    expect(wrapper.text()).toContain('8 groups');
    expect(wrapper.get('header').text()).toContain('−80, by channel and node');
  });
});

describe('a pivot', () => {
  const sheet = sheetOf(
    [
      ['day', 'time'],
      ['channel', 'text'],
      ['n', 'number'],
    ],
    [
      ['2026-11-02', 'a', 1],
      ['2026-11-01', 'a', 2],
      ['2026-11-01', 'b', 4],
    ],
  );

  it('puts words down, times across in their order, and figures inside', () => {
    const columns = guessPivot(sheet)!;
    expect(columns).toEqual({ row: 'channel', column: 'day', value: 'n' });
    const pivot = pivotOf(sheet, columns)!;
    expect(pivot.columns).toEqual(['2026-11-01', '2026-11-02']);
    expect(pivot.rows).toEqual([
      { name: 'a', cells: [2, 1], total: 3 },
      { name: 'b', cells: [4, null], total: 4 },
    ]);
    expect(pivot.summed).toBe(false);
  });

  it('says that it added up where several rows fall into a cell', () => {
    const pivot = pivotOf({ ...sheet, rows: [...sheet.rows, ['2026-11-01', 'b', 6]] }, guessPivot(sheet)!)!;
    expect(pivot.rows[1]).toEqual({ name: 'b', cells: [10, null], total: 10 });
    expect(pivot.summed).toBe(true);
  });
});
