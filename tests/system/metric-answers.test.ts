/** Answers of the metric builder equal the KPIs over time, and a plain count of what every event did. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { queryRows, runStatement } from '../../analytics/clickhouse/client.ts';
import { createGuard, guardEngineOf } from '../../analytics/guard/index.ts';
import { durationMeasures, kpis } from '../../analytics/kpis/index.ts';
import { kpiSeries } from '../../analytics/kpis/series.ts';
import { startOf } from '../../analytics/metrics/calendar.ts';
import { type AskedMeasure, askedMeasure } from '../../analytics/metrics/measures.ts';
import { planOf } from '../../analytics/metrics/plan.ts';
import { statementOf } from '../../analytics/sql/metrics/statement.ts';
import { opsDatabaseOf, views } from '../../analytics/views/index.ts';
import {
  contributionAnswer,
  contributionQuestion,
  type MetricQuestionInput,
  metricAnswer,
  metricQuestion,
  rowsAnswer,
  rowsQuestion,
} from '../../server/http/contract/questions.ts';
import { ask, type QuestionDeps } from '../../server/questions/ask.ts';
import { askableFor } from '../../server/questions/askable.ts';
import { contribution } from '../../server/questions/contribution.ts';
import { recordStartOf } from '../../server/questions/record-start.ts';
import { rowsBehind } from '../../server/questions/rows.ts';
import { askHistory } from '../../server/reading/ask-history.ts';
import { anyQuestion } from '../support/any-question.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { type FilledHistory, fillHistory } from '../support/filled-history.ts';
import { isLong, partOf } from '../support/how-much.ts';
import { recount } from '../support/metric-recount.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const HOUR_MS = 3_600_000;
const admin = { role: 'admin' } as const;
const measures = new Map(
  kpis.flatMap((kpi): [string, AskedMeasure][] => {
    const measure = kpi.waitsFor === undefined ? askedMeasure(kpi, durationMeasures) : null;
    return measure === null ? [] : [[kpi.id, measure]];
  }),
);

let engine: TestEngine;
let filled: FilledHistory;
let from: number;
let to: number;
let now: number;

beforeAll(async () => {
  engine = await startTestEngine();
  // Across the night in which the clocks of Berlin go forward.
  filled = await fillHistory(engine, seed, 1_500);
  const at = filled.shop.facts.map(({ event }) => event.occurredAt);
  from = Math.min(...at);
  to = Math.max(...at);
  now = Math.max(to, ...filled.shop.facts.map(({ event }) => event.receivedAt)) + 60_000;
}, 120_000);
afterAll(() => engine?.stop());

const depsFor = (timeZone = 'Europe/Berlin', at = () => now): QuestionDeps => ({
  runtime: { ops: filled.ops },
  history: askHistory({ history: filled.history }),
  situation: () => ({ now: at(), timeZone, currency: 'EUR' }),
  targetOf: ({ target }) => target,
  age: async () => ({ dataAsOf: at(), eventsBehind: 0 }),
  recordStart: recordStartOf({ history: filled.history }, Date.now),
});
const answer = (question: MetricQuestionInput, timeZone?: string, at?: () => number) =>
  ask(depsFor(timeZone, at), metricQuestion.parse(question), admin).then((told) => metricAnswer.parse(told));

const grains = ['minute', 'hour', 'day'] as const;

async function comparedToKpis() {
  const read = askHistory({ history: filled.history });
  let compared = 0;
  for (const [index, { id, kpi, dimensions }] of partOf([...measures.values()], 4).entries()) {
    const own = dimensions.filter((one) => (kpi.dimensions as readonly string[]).includes(one));
    // One grain of the whole and one dimension of each, in turn: another seed asks for others.
    const turn = index + seed;
    for (const by of [[], own.length === 0 ? null : [own[turn % own.length]!]]) {
      if (by === null) continue;
      for (const grain of grains) {
        if (grain !== (by.length === 0 ? grains[turn % 3] : by[0] === 'node' ? 'day' : 'hour')) continue;
        const over = { from: grain === 'minute' ? to - 8 * HOUR_MS : from - HOUR_MS, to: to + HOUR_MS };
        const query = { ...over, grain, by: (by[0] ?? null) as never, timeZone: 'Europe/Berlin', currency: 'EUR', now };
        const [mine, theirs] = await Promise.all([
          answer({ measures: [id], by, grain, over }),
          kpiSeries(read, kpi, query),
        ]);
        const name = `${id} per ${grain} by ${by}`;
        for (const { key, points } of theirs.series) {
          const own = mine.series.find(({ group }) => group.join() === key);
          if (own === undefined)
            expect(
              points.every(([, value]) => (value ?? 0) === 0),
              `${name}: ${key} is missing`,
            ).toBe(true);
          else {
            expect(
              own.points.map(([start]) => start),
              name,
            ).toEqual(points.map(([start]) => start));
            for (const [index, [start, value]] of points.entries()) {
              const figure = own.points[index]![1];
              if (value === null) expect(figure, `${name} at ${key} ${start}`).toBe(null);
              else expect(figure, `${name} at ${key} ${start}`).toBeCloseTo(value, 9);
            }
          }
          compared += points.length;
        }
        expect(mine.totals[0]!.total ?? 0, `${name}, total`).toBeCloseTo(theirs.total ?? 0, 9);
      }
    }
  }
  return compared;
}

async function comparedToCount(timeZone: string, runs: number) {
  const ofSteps = new Map([...measures].filter(([, { rows }]) => rows.from === 'steps'));
  const questions = fc.sample(anyQuestion(ofSteps), { seed, numRuns: runs });
  for (const question of questions) {
    const asking = { ...question, measures: question.measures.map((id) => measures.get(id)!) };
    const plan = planOf(asking, { now, timeZone, currency: 'EUR' });
    const told = await answer(question as MetricQuestionInput, timeZone);
    const name = JSON.stringify(question);
    for (const measure of plan.asking.measures) {
      const frames = [plan.asked, ...(plan.compared === null ? [] : [plan.compared])];
      for (const frame of frames) {
        for (const [key, figures] of recount(filled.shop, plan, measure, frame)) {
          const series = told.series.find((one) => one.measure === measure.id && one.group.join('|') === key);
          for (const [start, expected] of figures) {
            const at = frame.starts.indexOf(start);
            const points = frame === plan.asked ? series?.points : series?.compared?.points;
            const figure = points?.[at]?.[1] ?? null;
            if (expected === null || expected === 0)
              expect(figure ?? 0, `${name} ${measure.id} ${key} ${start}`).toBe(0);
            else expect(figure, `${name} ${measure.id} ${key} ${start}`).toBeCloseTo(expected, 9);
          }
        }
      }
      const whole = told.totals.find((one) => one.measure === measure.id)!;
      if (measure.figure.kind === 'count') {
        const all = [...recount(filled.shop, plan, measure, plan.asked).values()].flatMap((figures) => [
          ...figures.values(),
        ]);
        expect(whole.total ?? 0, name).toBeCloseTo(
          all.reduce((sum: number, one) => sum + (one ?? 0), 0),
          6,
        );
      }
    }
  }
}

describe(`answers (SEED=${seed})`, () => {
  test('equal the KPIs over time, of whatever is measured, by every dimension of theirs', {
    timeout: 300_000,
  }, async () => {
    expect(await comparedToKpis()).toBeGreaterThan(1_000);
  });

  test.each([
    ['Europe/Berlin', isLong ? 60 : 20],
    ['Asia/Kolkata', isLong ? 40 : 10],
    ['America/New_York', isLong ? 25 : 6],
  ])(
    'equal a plain count in %s, by any dimensions and grain, compared with any time',
    { timeout: 300_000 },
    async (zone, runs) => {
      await comparedToCount(zone, runs);
    },
  );

  test('are the same when the engine has merged what it stores', { timeout: 300_000 }, async () => {
    for (const table of ['kpi_minutes', 'kpi_hours', 'kpi_days', 'stock_hours', 'order_steps']) {
      await runStatement(filled.history, `OPTIMIZE TABLE ${table} FINAL`);
    }
    await comparedToCount('Europe/Berlin', 30);
  });

  test('compared are what is answered when that time is asked for', { timeout: 120_000 }, async () => {
    const over = { from: to - 30 * HOUR_MS, to: to - 3 * HOUR_MS };
    const both = await answer({
      measures: ['units', 'oversell-rate', 'open-lines'],
      by: ['channel'],
      grain: 'hour',
      over,
      compare: 'previous-period',
    });
    const { compared } = both;
    const alone = await answer({
      measures: ['units', 'oversell-rate', 'open-lines'],
      by: ['channel'],
      grain: 'hour',
      over: compared!,
    });
    expect(both.compared).not.toBe(null);
    for (const series of alone.series) {
      const beside = both.series.find((one) => one.measure === series.measure && one.group[0] === series.group[0])!;
      expect(beside.compared!.total).toBe(series.total);
      for (const [index, [, figure]] of series.points.entries())
        expect(beside.compared!.points[index]?.[1] ?? null).toBe(figure);
    }
    expect(both.totals.map(({ compared: then }) => then)).toEqual(alone.totals.map(({ total }) => total));
  });
});

test('buckets that late steps changed are told, with how many came when', { timeout: 60_000 }, async () => {
  const over = { from: from - HOUR_MS, to: to + HOUR_MS };
  const { restated } = await answer({ measures: ['order-lines'], grain: 'hour', over });
  const expected = new Map<number, { all: number; late: number; last: number }>();
  for (const { event, effects } of filled.shop.facts) {
    for (const { step, at } of effects.transitions) {
      if (step !== 'line-accepted') continue;
      const hour = startOf('hour', at, 'Europe/Berlin');
      const minute = Math.floor(event.receivedAt / 60_000) * 60_000;
      const known = expected.get(hour) ?? { all: 0, late: 0, last: 0 };
      expected.set(hour, known);
      known.all += 1;
      if (minute < hour + HOUR_MS + 900_000) continue;
      known.late += 1;
      known.last = Math.max(known.last, minute);
    }
  }
  const late = [...expected].filter(([, one]) => one.late > 0 && one.late < one.all).sort(([a], [b]) => a - b);
  expect(late.length).toBeGreaterThan(0);
  expect(restated).toEqual(
    late.map(([at, one]) => ({ measure: 'order-lines', at, restatedAt: one.last, lateSteps: one.late })),
  );
});

describe('KPIs with a query of their own', () => {
  test('are answered beside the others, as on their pages, and refuse what they cannot', {
    timeout: 120_000,
  }, async () => {
    const read = askHistory({ history: filled.history });
    const over = { from: to - 50 * HOUR_MS, to };
    const { own } = askableFor(admin);
    expect(own.size).toBeGreaterThan(5);
    for (const kpi of [...own.values()].slice(0, 12)) {
      const [by] = kpi.dimensions;
      const question = { measures: ['units', kpi.id], grain: 'day' as const, over };
      const query = { ...over, grain: 'day' as const, timeZone: 'Europe/Berlin', currency: 'EUR', now };
      const [whole, theirs] = await Promise.all([answer(question), kpiSeries(read, kpi, query)]);
      expect(whole.series.map(({ measure }) => measure).slice(0, 2), kpi.id).toEqual(['units', kpi.id]);
      expect(whole.series[1]!.points, kpi.id).toEqual(theirs.series[0]!.points);
      expect(whole.totals[1], kpi.id).toMatchObject({ measure: kpi.id, total: theirs.total });
      await expect(
        answer({ ...question, where: [{ dimension: 'channel', is: 'in', values: ['web'] }] }),
      ).rejects.toThrow('without filters');
      await expect(answer({ ...question, grain: 'month' })).rejects.toThrow('per ');
      if (by === undefined) continue;
      const parts = await answer({ measures: [kpi.id], by: [by], grain: 'day', over, compare: 'previous-period' });
      const keys = (await kpiSeries(read, kpi, { ...query, by })).series.map(({ key }) => key);
      expect(
        parts.series.map(({ group }) => group[0]),
        kpi.id,
      ).toEqual(expect.arrayContaining(keys));
      expect(parts.series.every(({ compared }) => compared !== null)).toBe(true);
    }
  });
});

describe('the SQL of an answer', () => {
  test('passes the guard and gives the same rows when it is run by hand, over random questions', {
    timeout: 300_000,
  }, async () => {
    const guard = createGuard({
      engine: guardEngineOf(filled.ops),
      schema: { database: opsDatabaseOf(filled.database), views },
    });
    for (const question of fc.sample(anyQuestion(measures), { seed, numRuns: isLong ? 60 : 12 })) {
      const asking = { ...question, measures: question.measures.map((id) => measures.get(id)!) };
      const { sql, parameters } = statementOf(planOf(asking, { now, timeZone: 'Europe/Berlin', currency: 'EUR' }));
      const checked = await guard.check(sql, parameters as never);
      if (checked.canonical === null)
        throw new Error(`${JSON.stringify(question)}: ${JSON.stringify(checked.faults)}\n${sql}`);
      const [mine, theirs] = await Promise.all([
        queryRows(filled.ops, sql, parameters),
        queryRows(filled.ops, checked.canonical),
      ]);
      expect(theirs).toEqual(mine);
    }
  });
});

describe('what moved a figure', () => {
  test('adds up to its change, for counts, levels and rates', { timeout: 120_000 }, async () => {
    const over = { from: startOf('day', to, 'Europe/Berlin'), to };
    for (const { id, figure, dimensions } of measures.values()) {
      const by = dimensions.filter((one) => one !== 'weekday' && one !== 'hour-of-day').slice(0, 2);
      if (figure.kind === 'quantile' || by.length === 0) continue;
      const told = contributionAnswer.parse(
        await contribution(depsFor(), contributionQuestion.parse({ measure: id, by, over }), admin),
      );
      const { totals } = await answer({ measures: [id], grain: 'none', over, compare: 'previous-period' });
      if (told.change === null) continue;
      expect(told.after, id).toBeCloseTo(totals[0]!.total ?? 0, 5);
      expect(told.before, id).toBeCloseTo(totals[0]!.compared ?? 0, 5);
      const shares = told.parts.reduce((sum, { change }) => sum + change, 0) + (told.rest?.change ?? 0);
      expect(Math.abs(shares - told.change), id).toBeLessThan(1e-6);
    }
  });

  test('is refused for a quantile, which is no sum', async () => {
    const question = contributionQuestion.parse({ measure: 'cycle-time-p50', by: ['channel'], over: { from, to } });
    await expect(contribution(depsFor(), question, admin)).rejects.toThrow('quantile');
  });
});

describe('the rows behind a figure', () => {
  test('add up to it, page by page, none twice and none left out', { timeout: 180_000 }, async () => {
    for (const { id, figure } of measures.values()) {
      const over = { from: startOf('day', to, 'Europe/Berlin'), to };
      const sums = { adds: 0, part: 0, whole: 0 };
      let before: string | null = null;
      let last = Number.POSITIVE_INFINITY;
      let pages = 0;
      do {
        const page = rowsAnswer.parse(
          await rowsBehind(depsFor(), rowsQuestion.parse({ measure: id, over, limit: 137, before }), admin),
        );
        const at = (name: string) => page.columns.findIndex((column) => column.id === name);
        const time = Math.max(at('counted_at'), 0);
        for (const row of page.rows) {
          for (const name of ['adds', 'part', 'whole'] as const) sums[name] += Number(row[at(name)] ?? 0);
          const moment = Date.parse(String(row[time]));
          expect(moment, id).toBeLessThanOrEqual(last);
          last = moment;
        }
        before = page.next;
        pages += 1;
        if (page.adds === 'none') break;
      } while (before !== null && pages < 200);
      if (figure.kind === 'quantile') continue;
      const { totals } = await answer({ measures: [id], grain: 'none', over });
      const value =
        figure.kind === 'ratio' ? (sums.whole > 0 ? (figure.times * sums.part) / sums.whole : null) : sums.adds;
      expect(value ?? 0, id).toBeCloseTo(totals[0]!.total ?? 0, 6);
    }
  });
});
