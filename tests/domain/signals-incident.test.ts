/** When people are told of an anomaly, for how long, in whose name, and what it costs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withinKind } from '../../analytics/anomalies/watching/band.ts';
import { belongTogether, clustersOf, type Out, speakerOf } from '../../analytics/anomalies/watching/cause.ts';
import { evidenceOf, type RecentBucket } from '../../analytics/anomalies/watching/evidence.ts';
import {
  afterBucket,
  type BucketJudged,
  type IncidentState,
  noIncident,
  scoreOf,
  surpriseNeeded,
  surpriseOf,
  UNUSUAL_FROM,
} from '../../analytics/anomalies/watching/incident.ts';
import { price } from '../../analytics/anomalies/watching/money.ts';
import { concerns, plannedAt } from '../../analytics/anomalies/watching/planned.ts';
import {
  DAY_MS,
  HOUR_MS,
  notForEverybody,
  seriesOf,
  TEN_MINUTES_MS,
} from '../../analytics/anomalies/watching/series.ts';
import { neededFor } from '../../analytics/anomalies/watching/watch.ts';
import { costKpis } from '../../server/access/cost.ts';
import { seriesOfSubject, subjectOf } from '../../streams/exceptions/kpi-anomaly.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 11);
const bucket = (index: number, surprise: number, what: BucketJudged['what'] = 'drop'): BucketJudged => ({
  from: index * TEN_MINUTES_MS,
  to: (index + 1) * TEN_MINUTES_MS,
  score: scoreOf(surprise),
  what: surprise > UNUSUAL_FROM ? what : 'normal',
  needed: 3.5,
  known: 30 * DAY_MS,
});
function follow(surprises: readonly number[], state: IncidentState = noIncident) {
  const changes: string[] = [];
  let now = state;
  for (const [index, surprise] of surprises.entries()) {
    const after = afterBucket(now, bucket(1_000 + index, surprise));
    now = after.state;
    changes.push(after.change ?? (now.open === null ? '-' : 'o'));
  }
  return { changes, state: now };
}

describe('an incident', () => {
  test('begins when it is rarer than was asked for, and is over after three quiet buckets', () => {
    expect(follow([1, 3, 4, 3, 1, 1, 3, 1, 1, 1, 1]).changes).toEqual([
      '-',
      '-',
      'opened',
      'o',
      'o',
      'o',
      'o',
      'o',
      'o',
      'closed',
      '-',
    ]);
  });
  test('is said to have begun with the first unusual bucket', () => {
    expect(follow([1, 2.5, 2.5, 4]).state.open?.since).toBe(1_001 * TEN_MINUTES_MS);
  });
  test('is not told again soon after, unless it is five times less likely', () => {
    expect(follow([4, 0, 0, 0, 4.5]).state.open).toBeNull();
    expect(follow([4, 0, 0, 0, 4.8]).state.open).not.toBeNull();
    const later = follow([4, 0, 0, 0, ...Array(80).fill(0), 4.5]);
    expect(later.state.open).not.toBeNull();
  });
  test('ends when the figure jumps the other way: that is its end and not more of it', () => {
    let { state } = follow([4]);
    for (let index = 0; index < 3; index++) state = afterBucket(state, bucket(2_000 + index, 4, 'spike')).state;
    expect(state.open).toBeNull();
  });
  test('of a young series must be rarer', () => {
    const young = { ...bucket(1, 4), known: 3 * DAY_MS };
    expect(afterBucket(noIncident, young).change).toBeNull();
    expect(afterBucket(noIncident, { ...young, score: scoreOf(4.6) }).change).toBe('opened');
  });
  test('never opens twice without closing, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 12, noNaN: true }), { maxLength: 200 }), (surprises) => {
        const told = follow(surprises).changes.filter((change) => change === 'opened' || change === 'closed');
        expect(told.every((change, at) => change === (at % 2 === 0 ? 'opened' : 'closed'))).toBe(true);
      }),
      { seed },
    );
  });
  test('scores and surprises are two ways of saying one thing', () => {
    for (const surprise of [0, 0.5, 2, 3.7, 11]) expect(surpriseOf(scoreOf(surprise))).toBeCloseTo(surprise, 9);
  });
  test('more pages allowed, less surprise needed; coarser buckets come less often', () => {
    expect(surpriseNeeded(0.2, TEN_MINUTES_MS)).toBeGreaterThan(surpriseNeeded(1, TEN_MINUTES_MS));
    expect(surpriseNeeded(0.2, TEN_MINUTES_MS)).toBeGreaterThan(surpriseNeeded(0.2, HOUR_MS));
  });
});

const out = (kpi: string, place: object, more: Partial<Out> = {}): Out => ({
  series: seriesOf({ kpi, ...place }, TEN_MINUTES_MS),
  since: 0,
  direction: 'down',
  surprise: 4,
  awayPerHour: -100,
  ...more,
});

describe('one line for one cause', () => {
  test('a broken channel speaks for the whole, and orders for units and revenue', () => {
    const cluster = [
      out('revenue', {}),
      out('orders', {}),
      out('orders', { channel: 'web' }, { awayPerHour: -95 }),
      out('units', { channel: 'web' }),
    ];
    expect(clustersOf(cluster)).toHaveLength(1);
    expect(speakerOf(cluster).series.name).toBe('orders/channel=web');
  });
  test('what happens everywhere is told of the whole', () => {
    const cluster = [
      out('orders', {}),
      out('orders', { channel: 'web' }, { awayPerHour: -45 }),
      out('orders', { channel: 'amazon' }, { awayPerHour: -40 }),
    ];
    expect(clustersOf(cluster)).toHaveLength(1);
    expect(speakerOf(cluster).series.name).toBe('orders');
  });
  test('two channels, two families, two directions and two days are two causes', () => {
    const web = out('orders', { channel: 'web' });
    expect(belongTogether(web, out('orders', { channel: 'amazon' }))).toBe(false);
    expect(belongTogether(web, out('refunds', { channel: 'web' }))).toBe(false);
    expect(belongTogether(web, out('orders', { channel: 'web' }, { direction: 'up' }))).toBe(false);
    expect(belongTogether(web, out('orders', { channel: 'web' }, { since: DAY_MS }))).toBe(false);
  });
  test('without the whole, the channel speaks before the node that only felt it more', () => {
    const node = out('order-lines', { node: 'RNO' }, { surprise: 9 });
    expect(speakerOf([node, out('orders', { channel: 'web' })]).series.name).toBe('orders/channel=web');
  });
  test('of a silence orders speak, whatever else is not told', () => {
    const silent = { direction: 'missing' } as const;
    const cluster = ['refunds', 'cancelled-orders', 'orders', 'units'].map((kpi) =>
      out(kpi, { channel: 'web' }, silent),
    );
    expect(clustersOf(cluster)).toHaveLength(1);
    expect(speakerOf(cluster).series.name).toBe('orders/channel=web');
  });
  test('each is in one cluster, whatever is out', () => {
    const some = fc.constantFrom<object>({}, { channel: 'web' }, { channel: 'amazon' }, { node: 'BER' });
    const outs = fc.array(
      fc.record({
        kpi: fc.constantFrom('orders', 'units', 'refunds'),
        place: some,
        since: fc.nat(5),
        up: fc.boolean(),
      }),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(outs, (list) => {
        const all = list.map(({ kpi, place, since, up }) =>
          out(kpi, place, { since: since * HOUR_MS, direction: up ? 'up' : 'down' }),
        );
        const clusters = clustersOf(all);
        expect(clusters.flat().length).toBe(all.length);
        for (const cluster of clusters) expect(cluster).toContain(speakerOf(cluster));
      }),
      { seed },
    );
  });
});

describe('what it costs', () => {
  const orders = seriesOf({ kpi: 'orders', channel: 'web' }, TEN_MINUTES_MS);
  const fell = (by: number) => ({ away: -by, perMs: 0, direction: 'down' }) as const;
  const rose = (by: number) => ({ away: by, perMs: 0, direction: 'up' }) as const;
  const worth = { each: 1_500, words: 'mean margin of one order' };
  test('what did not come since it began, and will not within the next hour', () => {
    const priced = price(orders, { away: -60, perMs: -30 / TEN_MINUTES_MS, direction: 'down' }, worth);
    expect(priced?.moneyAtRisk).toBe((60 + 180) * 1_500);
    expect(priced?.formula).toContain('mean margin of one order');
  });
  test('of money the money itself; of more refunds, what is too much', () => {
    expect(price(seriesOf({ kpi: 'revenue' }, HOUR_MS), fell(500), null)?.moneyAtRisk).toBe(500);
    expect(price(seriesOf({ kpi: 'refunds' }, HOUR_MS), rose(700), null)?.moneyAtRisk).toBe(700);
    expect(price(seriesOf({ kpi: 'refunds' }, HOUR_MS), fell(700), null)).toBeNull();
  });
  test('nothing where it is more, where nothing is known of its worth, and of a rate', () => {
    expect(price(orders, rose(60), worth)).toBeNull();
    expect(price(orders, fell(60), null)).toBeNull();
    expect(price(seriesOf({ kpi: 'line-fill-rate' }, HOUR_MS), fell(10), worth)).toBeNull();
  });
});

describe('what is shown of it', () => {
  const usual: RecentBucket = [10, 4, 10, 16, 0];
  test('is the newest bucket where that is far out', () => {
    const evidence = evidenceOf([usual, usual, [2, 4, 10, 16, 0]], 'count', 'down');
    expect(evidence).toMatchObject({ value: 2, buckets: 1, mid: 10, outside: true });
    expect(evidence.low).toBeCloseTo(4, 9);
  });
  test('is as many buckets as it takes to lie outside of what was expected of them', () => {
    const low: RecentBucket = [6, 4, 10, 16, 0];
    const evidence = evidenceOf([...Array(20).fill(usual), ...Array(12).fill(low)], 'count', 'down');
    expect(evidence).toMatchObject({ buckets: 3, value: 18, mid: 30, outside: true });
    expect(evidence.value).toBeLessThan(evidence.low);
    const level = evidenceOf([...Array(20).fill(usual), ...Array(12).fill(low)], 'gauge', 'down');
    expect(level).toMatchObject({ buckets: 3, value: 6, mid: 10 });
  });
  test('is said not to lie outside where it never does, or lies on the other side', () => {
    expect(evidenceOf([usual, usual], 'count', 'down').outside).toBe(false);
    expect(evidenceOf([[2, 4, 10, 16, 0]], 'count', 'up').outside).toBe(false);
  });
  test('never expects less than nothing, or more than all', () => {
    expect(withinKind({ low: -3, mid: 2, high: 9 }, 'count').low).toBe(0);
    expect(withinKind({ low: 80, mid: 98, high: 121 }, 'ratio', true)).toEqual({ low: 80, mid: 98, high: 100 });
    expect(withinKind({ low: -3, mid: 2, high: 9 }, 'gauge').low).toBe(-3);
  });
});

describe('what is planned', () => {
  const sale = { entry: 's', kind: 'promotion', name: 'Sale', from: 0, to: DAY_MS, channel: 'web' } as const;
  const none = () => undefined;
  test('concerns its channel and the whole, and no other channel', () => {
    expect(concerns(sale, { kpi: 'orders', channel: 'web' }, none)).toBe(true);
    expect(concerns(sale, { kpi: 'orders' }, none)).toBe(true);
    expect(concerns(sale, { kpi: 'orders', channel: 'amazon' }, none)).toBe(false);
  });
  test('of a category concerns the SKUs in it', () => {
    const mugs = { ...sale, channel: undefined, category: 'mugs' };
    const categoryOf = (sku: string) => (sku === 'MUG-1' ? 'mugs' : 'rugs');
    expect(concerns(mugs, { kpi: 'units', sku: 'MUG-1' }, categoryOf)).toBe(true);
    expect(concerns(mugs, { kpi: 'units', sku: 'RUG-1' }, categoryOf)).toBe(false);
  });
  test('excuses more and not less; a holiday excuses both, a deployment nothing', () => {
    const at = { from: HOUR_MS, to: 2 * HOUR_MS };
    const plannedFor = (kind: 'promotion' | 'holiday' | 'deployment', effectPercent?: number) =>
      plannedAt(
        [{ ...sale, kind, ...(effectPercent === undefined ? {} : { effectPercent }) }],
        { kpi: 'orders' },
        at,
        none,
      );
    expect(plannedFor('promotion')).toMatchObject({ more: true, less: false, factor: 1 });
    expect(plannedFor('holiday')).toMatchObject({ more: true, less: true });
    expect(plannedFor('deployment')).toMatchObject({ more: false, less: false });
    expect(plannedFor('promotion', 50).factor).toBe(1.5);
    expect(plannedAt([sale], { kpi: 'orders' }, { from: DAY_MS, to: DAY_MS + 1 }, none).entries).toEqual([]);
  });
});

test('nobody is told of a figure that is cost or margin, which not everybody may see', () => {
  expect([...notForEverybody].sort()).toEqual([...costKpis].sort());
  const settings = { alarmsPerSeriesAndWeek: 50, series: {} };
  for (const kpi of costKpis) expect(neededFor(seriesOf({ kpi }, HOUR_MS), settings)).toBe(Number.POSITIVE_INFINITY);
});

test('the subject of an exception names its series, whatever the names contain', () => {
  const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('|'));
  const part = fc.oneof(
    fc.constant({}),
    name.map((channel) => ({ channel })),
    name.map((node) => ({ node })),
    name.map((source) => ({ source })),
    name.map((sku) => ({ sku })),
  );
  fc.assert(
    fc.property(part, (place) => {
      expect(seriesOfSubject(subjectOf({ kpi: 'orders', ...place }))).toEqual({ kpi: 'orders', ...place });
    }),
    { seed },
  );
  expect(subjectOf({ kpi: 'orders', channel: 'web' })).toBe('orders/web/');
});
