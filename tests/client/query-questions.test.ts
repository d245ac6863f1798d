import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spanOf } from '../../client/formats/days.ts';
import { examplesOf } from '../../client/query/examples.ts';
import {
  contributionDimensions,
  drillDown,
  emptyQuestion,
  toggleDimension,
  toggleMeasure,
  withFilter,
} from '../../client/query/question.ts';
import { type Addressed, addressed, addressOf } from '../../client/query/question-address.ts';
import { periodWords, questionSentence, questionTitle, valuesWords } from '../../client/query/question-words.ts';
import {
  afterClosing,
  bodyOf,
  isBlank,
  isUnsaved,
  newTab,
  readTabs,
  type SavedQuestion,
  stored,
  tabOf,
} from '../../client/query/tabs/tab.ts';
import {
  type Askable,
  type MetricQuestion,
  metricQuestion,
  questionGrains,
} from '../../server/http/contract/questions.ts';
import { chartKinds } from '../../server/http/contract/saved-question.ts';

const measure = (id: string, dimensions: string[], waitsFor: string | null = null): Askable['measures'][number] => ({
  id,
  name: `The ${id}`,
  group: 'sales',
  unit: 'count',
  direction: 'up',
  question: '',
  dimensions,
  grains: [...questionGrains],
  isLevel: false,
  ownQuery: false,
  target: null,
  waitsFor,
});
const askable: Askable = {
  measures: [
    measure('orders', ['channel', 'node']),
    measure('fill', ['channel', 'sku']),
    measure('late', [], 'carriers'),
  ],
  dimensions: ['channel', 'node', 'sku'].map((id) => ({ id, name: id.toUpperCase(), words: '' })),
};
const question: MetricQuestion = { ...emptyQuestion, measures: ['orders'], by: ['channel'] };
const address = (part: Partial<Addressed>) =>
  addressOf({ metrics: question, as: 'line', measure: null, highlight: null, ...part });

describe('the address of a question', () => {
  const word = fc
    .stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
    .filter((text) => !questionGrains.some((one) => one === text));
  const span = fc
    .tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 1, max: 4e11 }))
    .map(([from, length]) => ({ from, to: from + length }));
  const anyQuestion = fc.record({
    measures: fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
    by: fc.uniqueArray(word, { maxLength: 3 }),
    grain: fc.constantFrom(...questionGrains),
    where: fc.array(
      fc.record({
        dimension: word,
        is: fc.constantFrom('in' as const, 'not-in' as const),
        values: fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 4 }),
      }),
      { maxLength: 4 },
    ),
    over: fc.oneof(
      fc
        .tuple(fc.integer({ min: 1, max: 9_999 }), fc.constantFrom('h', 'd', 'w', 'M', 'q', 'y'))
        .map(([count, unit]) => ({
          last: `${count}${unit}`,
        })),
      span,
    ),
    compare: fc.oneof(
      fc.constantFrom(null, 'previous-period' as const, 'last-week' as const, 'last-year' as const),
      span,
    ),
  });

  it('restores exactly what it was made from, whatever values are called', () => {
    fc.assert(
      fc.property(
        anyQuestion,
        fc.constantFrom(...chartKinds),
        fc.option(fc.string({ minLength: 1, maxLength: 9 }), { nil: null }),
        (metrics, as, highlight) => {
          const said = { metrics, as, measure: metrics.measures[1] ?? null, highlight };
          const query = addressOf(said);
          // As a browser carries it.
          const carried = Object.fromEntries(new URLSearchParams(new URLSearchParams(query).toString()));
          expect(addressed(carried)).toEqual(said);
          expect(metricQuestion.safeParse(addressed(carried).metrics).success).toBe(true);
        },
      ),
    );
  });

  it('reads like the question', () => {
    const where = [{ dimension: 'node', is: 'not-in' as const, values: ['BER-1', 'a,b'] }];
    expect(address({ metrics: { ...question, where, compare: 'last-week' } })).toEqual({
      m: 'orders',
      by: 'channel,day',
      w: 'node!:BER-1,a%2Cb',
      t: '28d',
      cmp: 'last-week',
    });
  });

  it('leaves out what it does not understand', () => {
    const said = addressed({ m: 'orders', t: 'yesterday', cmp: 'x', viz: 'pie', w: 'nonsense', by: 'day' });
    expect(said).toEqual({
      metrics: { ...emptyQuestion, measures: ['orders'], by: [], grain: 'day' },
      as: 'line',
      measure: null,
      highlight: null,
    });
    expect(addressed({ t: '28d' }).metrics).toBeNull();
  });
});

describe('a question of the builder', () => {
  it('gains and loses measures and dimensions, never more than there may be', () => {
    expect(toggleMeasure(question, 'orders').measures).toEqual([]);
    const full = { ...question, measures: ['a', 'b', 'c', 'd', 'e', 'f'], by: ['x', 'y', 'z'] };
    expect(toggleMeasure(full, 'g').measures).toEqual(['b', 'c', 'd', 'e', 'f', 'g']);
    expect(toggleDimension(full, 'w').by).toEqual(['y', 'z', 'w']);
  });

  it('has one filter for each dimension, and none without values', () => {
    const once = withFilter(question, { dimension: 'node', is: 'in', values: ['A'] });
    const twice = withFilter(once, { dimension: 'node', is: 'not-in', values: ['B'] });
    expect(twice.where).toEqual([{ dimension: 'node', is: 'not-in', values: ['B'] }]);
    expect(withFilter(twice, { dimension: 'node', is: 'in', values: [] }).where).toEqual([]);
  });

  it('goes into a group by filtering to it and splitting by the next dimension', () => {
    const into = drillDown({ ...question, by: ['channel', 'node'] }, ['web', 'BER-1'], 'sku');
    expect(into.by).toEqual(['sku']);
    expect(into.where.map(({ dimension, values }) => [dimension, ...values])).toEqual([
      ['channel', 'web'],
      ['node', 'BER-1'],
    ]);
  });

  it('shares a change out by its own dimensions and one more', () => {
    expect(contributionDimensions(question, askable)).toEqual(['channel', 'node']);
    const filtered = withFilter(question, { dimension: 'node', is: 'in', values: ['A'] });
    expect(contributionDimensions(filtered, askable)).toEqual(['channel']);
    expect(contributionDimensions({ ...question, measures: ['late'] }, askable)).toEqual([]);
  });

  it('is said in words', () => {
    expect(questionTitle({ ...question, measures: ['orders', 'fill'] }, askable)).toBe(
      'The orders and 1 more by channel',
    );
    expect(questionTitle(emptyQuestion, askable)).toBe('New question');
    const where = [{ dimension: 'node', is: 'not-in' as const, values: ['A', 'B', 'C', 'D'] }];
    expect(questionSentence({ ...question, where, compare: 'last-year' }, askable, 'UTC')).toBe(
      'The orders by channel, day where node is not A, B and 2 more over last 28 days compared with last year',
    );
    expect(valuesWords(['', 'x'])).toBe('none, x');
    expect(periodWords({ last: '1M' }, 'UTC')).toBe('Last month');
  });

  it('can be begun with what this workspace measures', () => {
    const examples = examplesOf(askable);
    expect(examples).toHaveLength(2);
    expect(examples[0]!.question).toMatchObject({ measures: ['orders'], by: ['channel'] });
    for (const one of examples) expect(metricQuestion.safeParse(one.question).success).toBe(true);
    expect(examples.flatMap((one) => one.question.measures)).not.toContain('late');
  });
});

describe('a span of days', () => {
  it('is as long as the days are at the place, also when the clocks change', () => {
    const { from, to } = spanOf('2026-10-25', '2026-10-25', 'Europe/Berlin')!;
    expect((to - from) / 3_600_000).toBe(25);
    expect(new Date(from).toISOString()).toBe('2026-10-24T22:00:00.000Z');
    expect(
      (spanOf('2026-03-29', '2026-03-29', 'Europe/Berlin')!.to -
        spanOf('2026-03-29', '2026-03-29', 'Europe/Berlin')!.from) /
        3_600_000,
    ).toBe(23);
    expect(spanOf('2026-03-30', '2026-03-29', 'UTC')).toBeNull();
  });
});

describe('an open question', () => {
  const kept: SavedQuestion = {
    id: 'q1',
    kind: 'question',
    name: 'Orders',
    owner: 'me',
    ownerName: 'Me',
    shared: true,
    version: 3,
    changedAt: 0,
    body: bodyOf(newTab('x', { metrics: question, as: 'bar' })),
  };

  it('is unsaved once something of it differs from what is stored', () => {
    const tab = tabOf('t1', kept);
    expect(isUnsaved(tab)).toBe(false);
    expect(isUnsaved({ ...tab, highlight: 'web' })).toBe(false);
    expect(isUnsaved({ ...tab, sql: 'SELECT 1' })).toBe(true);
    expect(isUnsaved({ ...tab, name: 'Other' })).toBe(true);
    expect(isUnsaved(stored({ ...tab, sql: 'SELECT 1' }, { ...kept, version: 4 }))).toBe(false);
    expect(isUnsaved(newTab('t2'))).toBe(false);
    expect(isUnsaved(newTab('t2', { metrics: question }))).toBe(true);
  });

  it('keeps what the builder said beside a text, so that one can go back', () => {
    const tab = tabOf('t1', { ...kept, body: { ...kept.body, sql: 'SELECT 1' } });
    expect(tab.metrics).toEqual(question);
    expect(tab.sql).toBe('SELECT 1');
    expect(isBlank(tabOf('t1', { ...kept, body: { ...kept.body, sql: 'SELECT 1', metrics: null } }))).toBe(false);
  });

  it('survives a reload, and whatever else stands there does no harm', () => {
    const tabs = [newTab('t1', { sql: 'SELECT 1' }), newTab('t2')];
    expect(readTabs(JSON.stringify({ tabs, active: 't2' }))).toEqual({ tabs, active: 't2' });
    expect(readTabs(JSON.stringify({ tabs, active: 'gone' })).active).toBe('t1');
    for (const text of [null, 'nonsense', '{"tabs":[null,3,{}]}', '[]'])
      expect(readTabs(text)).toEqual({ tabs: [], active: '' });
  });

  it('gives way to its neighbour when it is closed', () => {
    const tabs = ['a', 'b', 'c'].map((key) => newTab(key));
    expect(afterClosing(tabs, 'b', 'b')).toBe('c');
    expect(afterClosing(tabs, 'c', 'c')).toBe('b');
    expect(afterClosing(tabs, 'a', 'c')).toBe('c');
    expect(afterClosing([newTab('a')], 'a', 'a')).toBe('');
  });
});
