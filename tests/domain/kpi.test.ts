import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boundsOf, durationBounds, durationBucketOf, durationQuantile } from '../../analytics/kpis/histogram.ts';
import {
  catalog,
  describeKpi,
  durationMeasures,
  flowValue,
  gaugeValue,
  kpiById,
  kpis,
  sumBuckets,
} from '../../analytics/kpis/index.ts';
import { kpiDefinition } from '../../server/http/contract.ts';
import { units } from '../../server/live/contract.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import type { Transition } from '../../streams/operations/effects.ts';

const nothing = { totals: [], backlogs: [], waves: [], exceptions: [], sources: [], now: 0 };
const step = (changes: Partial<Transition>): Transition => ({
  step: 'line-accepted',
  sign: 1,
  at: 1_000,
  order: 'o',
  line: 'l',
  sku: 's',
  channel: 'web',
  node: 'north',
  country: 'DE',
  currency: 'EUR',
  quantity: 2,
  amount: 500,
  cost: 200,
  short: 0,
  placedAt: 1_000,
  shipBy: 0,
  durationMs: 0,
  cause: '',
  ...changes,
});
const measured = (...steps: Transition[]) =>
  sumBuckets(steps.flatMap((one) => catalog.measureStep(one)).map(({ measure, value }) => ({ [measure]: value })));
const value = (id: string, ...steps: Transition[]) => flowValue(kpiById(id)!, measured(...steps), 'EUR');

describe('the catalog', () => {
  test('every KPI can be described to people and by the API', () => {
    for (const kpi of kpis) {
      expect(kpiDefinition.parse(describeKpi(kpi))).toEqual(describeKpi(kpi));
      expect(units).toContain(kpi.unit);
      for (const words of [kpi.question, kpi.formula, kpi.clock, kpi.exclusions, kpi.owner]) expect(words).not.toBe('');
    }
    expect(new Set(kpis.map((kpi) => kpi.id)).size).toBe(kpis.length);
  });

  test('every KPI has its query, or follows from terms', () => {
    for (const { id, live, sql, asked, waitsFor } of kpis) {
      const follows = ['count', 'ratio', 'quantile'].includes(live.kind) || asked?.kind === 'level';
      expect(sql !== undefined || follows || waitsFor !== undefined, id).toBe(true);
      if (sql !== undefined)
        expect(existsSync(new URL(`../../analytics/sql/kpis/${sql.file}.sql`, import.meta.url)), sql.file).toBe(true);
    }
  });

  test('what is kept by the hour is told by the hour', () => {
    for (const { id, live, cadence } of kpis) {
      const measures =
        live.kind === 'count'
          ? [...live.plus, ...(live.minus ?? [])]
          : live.kind === 'ratio'
            ? [...live.part, ...live.whole]
            : live.kind === 'quantile'
              ? durationMeasures.filter(({ name }) => name === live.of)
              : [];
      if (measures.some(({ grain }) => grain === 'hour')) expect(cadence, id).toBe('hour');
    }
  });

  test('every kind of exception a KPI names exists', () => {
    const kinds = exceptionDefinitions.map(({ kind }) => kind);
    for (const kpi of kpis) for (const kind of kpi.exceptions ?? []) expect(kinds, kpi.id).toContain(kind);
  });

  test('no data is null, never 0 and never 100 %', () => {
    for (const kpi of kpis) {
      if (kpi.live.kind === 'history') expect(kpi.live.figure([], []), kpi.id).toBe(null);
      else if (kpi.live.kind === 'level' || kpi.live.kind === 'age') {
        // Nothing open is known to be nothing; everything else needs a state to be read from.
        expect(gaugeValue(kpi, nothing), kpi.id).toBe(['money-at-risk', 'exceptions-open'].includes(kpi.id) ? 0 : null);
      } else {
        expect(flowValue(kpi, undefined, 'EUR'), kpi.id).toBe(null);
        expect(flowValue(kpi, {}, 'EUR'), kpi.id).toBe(kpi.live.kind === 'count' ? 0 : null);
      }
    }
  });
});

describe('what counts', () => {
  test('money of other currencies is left out', () => {
    const steps = [step({}), step({ currency: 'USD', amount: 9_999 })];
    expect(value('revenue', ...steps)).toBe(500);
    expect(value('margin', ...steps)).toBe(300);
    expect(value('order-lines', ...steps)).toBe(2);
  });

  test('an order counts as on time where it was promised, and a step taken back takes its count with it', () => {
    const done = step({ step: 'order-completed', at: 900, shipBy: 1_000, durationMs: 60_000 });
    const due = step({ step: 'order-due', at: 1_000, shipBy: 1_000 });
    const counted = catalog.measureStep(done).map(({ measure, at }) => [measure, at]);
    expect(counted).toContainEqual(['orders.on-time', 1_000]);
    expect(counted).toContainEqual([`cycle-time.${durationBucketOf(60_000)}`, 900]);
    expect(value('on-time-dispatch', due)).toBe(0);
    expect(value('on-time-dispatch', due, done)).toBe(100);
    expect(value('on-time-dispatch', due, { ...done, at: 1_001 })).toBe(0);
    expect(value('cycle-time-p50', done, { ...done, sign: -1 })).toBe(null);
  });

  test('rates are ratios of sums, not means of rates', () => {
    const one = measured(step({ short: 1 }));
    const many = measured(...Array.from({ length: 9 }, () => step({})));
    expect(flowValue(kpiById('oversell-rate')!, sumBuckets([one, many]), 'EUR')).toBe(10);
  });
});

describe('durations', () => {
  test('bounds are integers that grow by at most 4 % or one', () => {
    for (const [index, from] of durationBounds.entries()) {
      expect(Number.isInteger(from)).toBe(true);
      expect(durationBucketOf(from)).toBe(index);
      if (index === 0) continue;
      expect(durationBucketOf(from - 1)).toBe(index - 1);
      const before = durationBounds[index - 1]!;
      expect(from - before).toBeLessThanOrEqual(Math.max(1, before * 0.04));
    }
    expect(durationBucketOf(-5)).toBe(0);
    expect(durationBucketOf(1e15)).toBe(durationBounds.length - 1);
    expect(boundsOf(durationBucketOf(1e15))[0]).toBe(durationBounds.at(-1));
  });

  test('quantiles are of nearest rank', () => {
    const counts: [number, number][] = [
      [3, 1],
      [7, 8],
      [20, 1],
    ];
    expect(durationQuantile(counts, 0.1)).toBe(3);
    expect(durationQuantile(counts, 0.5)).toBe(7);
    expect(durationQuantile(counts, 0.9)).toBe(7);
    expect(durationQuantile(counts, 0.91)).toBe(20);
    expect(
      durationQuantile(
        [
          [4, 2],
          [4, -2],
        ],
        0.5,
      ),
    ).toBe(null);
  });
});
