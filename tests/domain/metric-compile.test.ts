/** The SQL of a question: readable, one statement, and nothing of what somebody writes ever gets into its text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationMeasures, kpis } from '../../analytics/kpis/index.ts';
import { check } from '../../analytics/metrics/check.ts';
import { type AskedMeasure, askedMeasure } from '../../analytics/metrics/measures.ts';
import { planOf } from '../../analytics/metrics/plan.ts';
import { statementOf } from '../../analytics/sql/metrics/statement.ts';
import { withinAddress } from '../../server/questions/run.ts';
import { type AnyQuestion, anyQuestion } from '../support/any-question.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const measures = new Map(
  kpis.flatMap((kpi): [string, AskedMeasure][] => {
    const measure = askedMeasure(kpi, durationMeasures);
    return measure === null ? [] : [[kpi.id, measure]];
  }),
);
const situation = { now: Date.UTC(2026, 4, 20, 8, 20), timeZone: 'Europe/Berlin', currency: 'EUR' };
const compiled = ({ measures: ids, ...more }: AnyQuestion) =>
  statementOf(planOf({ ...more, measures: ids.map((id) => measures.get(id)!) }, situation));

describe('the text', () => {
  const question = {
    measures: ['orders'],
    by: [],
    grain: 'day',
    where: [],
    over: { last: '7d' },
    compare: null,
  } as const;
  test('of a count by channel and day is what one would write by hand', () => {
    const where = [{ dimension: 'country', is: 'not-in', values: ['CH'] }] as const;
    expect(compiled({ ...question, by: ['channel'], where })).toEqual({
      sql: `SELECT
    toStartOfDay(at, {time_zone:String}) AS day,
    channel,
    sum(steps) AS orders
FROM kpi_hours
WHERE step = 'order-accepted'
  AND at >= {from:DateTime('UTC')}
  AND at < {to:DateTime('UTC')}
  AND country NOT IN {not_country:Array(String)}
GROUP BY day, channel
ORDER BY day, channel`,
      parameters: {
        not_country: ['CH'],
        from: '2026-05-13 22:00:00',
        to: '2026-05-20 22:00:00',
        time_zone: 'Europe/Berlin',
      },
    });
  });

  test('of a rate has both of its sides, so that it can be added up', () => {
    expect(compiled({ ...question, measures: ['oversell-rate'], grain: 'none', over: { last: '7d' } }).sql).toBe(`SELECT
    sum(steps) - sum(filled) AS oversell_rate_part,
    sum(steps) AS oversell_rate_whole,
    if(oversell_rate_whole > 0, 100 * oversell_rate_part / oversell_rate_whole, NULL) AS oversell_rate
FROM kpi_hours
WHERE step = 'line-accepted'
  AND at >= {from:DateTime('UTC')}
  AND at < {to:DateTime('UTC')}`);
  });

  test('of months reads days, and by the hour only those in which a month begins', () => {
    const { sql, parameters } = compiled({ ...question, grain: 'month', over: { last: '2M' } });
    expect(sql).toContain('FROM kpi_days');
    expect(sql).toContain(`AND at NOT IN {days_by_hour:Array(DateTime('UTC'))}`);
    expect(parameters['days_by_hour']).toEqual(['2026-03-31 00:00:00', '2026-04-30 00:00:00', '2026-05-31 00:00:00']);
  });

  test('of items reads the steps', () => {
    expect(compiled({ ...question, measures: ['units'], by: ['category'] }).sql).toContain(
      'FROM order_steps\nLEFT JOIN items USING (sku)',
    );
  });
});

describe(`over random questions (SEED=${seed})`, () => {
  const hostile = fc.constantFrom(
    `') OR 1 = 1 --`,
    `\\'; DROP TABLE orders`,
    '{from:String}',
    '`x`',
    `'`,
    '\\',
    '\u0000',
    '$$',
    '/*',
    'a\nb',
  );

  test('values are bound and never pasted, also where lists are too long for an address', () => {
    fc.assert(
      fc.property(
        anyQuestion(measures),
        fc.array(hostile, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        (question, bad, long) => {
          const values = long
            ? [...bad, ...Array.from({ length: 200 }, (_, index) => `some value ${index} of a long list`)]
            : bad;
          const plain = question.where.map((filter) => ({ ...filter, values: ['plain'] }));
          const wild = question.where.map((filter) => ({ ...filter, values }));
          const { sql, parameters } = compiled({ ...question, where: wild });
          expect(sql).toBe(compiled({ ...question, where: plain }).sql);
          const named = new Set([...sql.matchAll(/\{(\w+):/g)].map(([, name]) => name));
          expect(new Set(Object.keys(parameters))).toEqual(named);
          expect(sql).not.toMatch(/;|--|\/\*/);
          const sent = withinAddress({ sql, parameters });
          // What went into the text is a list of literals: without them it is the text again.
          const emptied = sent.sql
            .replaceAll(/CAST\(\[[^\]]*\] AS Array\(DateTime\('UTC'\)\)\)/g, '')
            .replaceAll(/\['(?:[^'\\]|\\.)*'(?:, '(?:[^'\\]|\\.)*')*\]/gs, '');
          expect(emptied).not.toContain('DROP');
          expect(emptied).not.toContain('OR 1');
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  test('every measure has a column of its own, and every dimension and grain one before them', () => {
    fc.assert(
      fc.property(anyQuestion(measures), (question) => {
        const { sql } = compiled(question);
        for (const id of question.measures) expect(sql).toMatch(new RegExp(`\\b${id.replaceAll('-', '_')}\\b`));
        for (const id of question.by) expect(sql).toMatch(new RegExp(`\\b${id.replaceAll('-', '_')}\\b`));
        expect(sql.split('\n').every((line) => line === line.trimEnd())).toBe(true);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('a question that cannot be asked', () => {
  const known = { measures, not: new Map([['wape', 'no forecast is on record yet']]) };
  const question = {
    measures: ['orders'],
    by: [],
    grain: 'day',
    where: [],
    over: { last: '7d' },
    compare: null,
  } as const;
  const faults = (more: object) => {
    const checked = check({ ...question, ...more }, known);
    return 'faults' in checked ? checked.faults.map(({ path, message }) => `${path}: ${message}`) : [];
  };

  test('is told what is wrong, where, and what was meant', () => {
    expect(faults({ measures: ['ordres'] })).toEqual([
      'measures.0: there is no measure "ordres". Did you mean "orders"?',
    ]);
    expect(faults({ measures: ['wape'] })).toEqual([
      'measures.0: "wape" cannot be asked: no forecast is on record yet',
    ]);
    expect(faults({ by: ['chanel'] })).toEqual(['by.0: orders is not measured by chanel. Did you mean "channel"?']);
    expect(faults({ by: ['sku'] })[0]).toContain(
      'by.0: orders is not measured by sku. It can be asked by: channel, node',
    );
    expect(faults({ by: ['node', 'node'] })).toEqual(['by.1: "node" is named twice.']);
    expect(faults({ where: [{ dimension: '__proto__', is: 'in', values: ['x'] }] })[0]).toContain(
      'where.0.dimension: orders is not measured by __proto__',
    );
    expect(faults({ grain: 'month', compare: 'last-week' })[0]).toContain('compare: ');
    expect(faults({ measures: ['constructor', 'toString'] })).toHaveLength(2);
  });

  test('is asked when nothing is wrong', () => {
    expect(faults({})).toEqual([]);
  });
});
