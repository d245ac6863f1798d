/** What is measured: every KPI of a day and of a year, and movements of a month in several ways; each beside the raw rows. */
import { durationMeasures, type Kpi, kpis } from '../../../analytics/kpis/index.ts';
import type { SeriesQuery } from '../../../analytics/kpis/series.ts';
import { type AskedMeasure, askedMeasure } from '../../../analytics/metrics/measures.ts';
import { type Asking, planOf, type Situation } from '../../../analytics/metrics/plan.ts';
import { type Statement, statementOf } from '../../../analytics/sql/metrics/statement.ts';

const DAY_MS = 86_400_000;
const YEAR_RUNS = 5;

export type Question = {
  name: string;
  /** What it is split by, and whether it is worked out by a query of its own. */
  kind: string;
  /** Different times or places of the same question, all measured. */
  statements: readonly (Statement | Series)[];
  /** The first of them asked of raw rows; null: the question has no sums to do without. */
  raw: Statement | null;
};
/** A KPI with a query of its own, as its page asks it. */
export type Series = { kpi: Kpi; query: SeriesQuery };
export type Group = { name: string; aimMs: number; questions: Question[] };

/** @param days starts of days that are asked for, local */
export function groupsOf(situation: Situation, days: readonly number[]): Group[] {
  const asked = kpis.flatMap((kpi) => {
    const measure = kpi.waitsFor === undefined ? askedMeasure(kpi, durationMeasures) : null;
    return measure === null ? [] : [{ kpi, measure }];
  });
  const others = kpis.filter((kpi) => kpi.waitsFor === undefined && !asked.some((one) => one.kpi === kpi));
  const years = Array.from({ length: YEAR_RUNS }, () => ({ last: '12M' }));
  const lastYears = years.map(() => ({ from: situation.now - 365 * DAY_MS, to: situation.now }));
  const spans = days.map((from) => ({ from, to: from + DAY_MS }));
  return [
    {
      name: 'a KPI of a day, by channel',
      aimMs: 100,
      questions: [
        ...asked.map(({ kpi, measure }) => question(kpi, measure, 'none', spans, situation)),
        ...others.map((kpi) => ofItsOwn(kpi, spans, situation)),
      ],
    },
    {
      name: 'a KPI of a year, by month and channel',
      aimMs: 300,
      questions: [
        ...asked.map(({ kpi, measure }) => question(kpi, measure, 'month', years, situation)),
        ...others.map((kpi) => ofItsOwn(kpi, lastYears, situation)),
      ],
    },
    { name: 'movements of a month, grouped at will', aimMs: 2_000, questions: movements(situation.now) },
  ];
}

/** By channel where the KPI has channels, else by its own dimension. */
function question(
  kpi: Kpi,
  measure: AskedMeasure,
  grain: Asking['grain'],
  periods: readonly Asking['over'][],
  situation: Situation,
): Question {
  const by = ['channel', 'node', 'kind', 'supplier', 'class', 'source'].find((one) => measure.dimensions.includes(one));
  const statement = (over: Asking['over'], rowByRow: boolean) =>
    statementOf(
      planOf(
        { measures: [measure], by: by === undefined ? [] : [by], grain, where: [], over, compare: null, rowByRow },
        situation,
      ),
    );
  return {
    name: kpi.id,
    kind: by === undefined ? 'whole' : by === 'channel' ? 'by channel' : 'by node, kind and the like',
    statements: periods.map((over) => statement(over, false)),
    raw: measure.rows.from === 'steps' ? statement(periods[0]!, true) : null,
  };
}

/** One that is worked out by a query of its own: by the day, because its page knows no months. */
function ofItsOwn(kpi: Kpi, spans: readonly { from: number; to: number }[], situation: Situation): Question {
  const by = kpi.dimensions[0];
  return {
    name: kpi.id,
    kind: 'queries of their own',
    statements: spans.map((span) => ({ kpi, query: { ...span, ...situation, grain: 'day', by: by ?? null } })),
    raw: null,
  };
}

/** Group-bys nobody has sums for: over the movements themselves, and beside them over the JSON of the events. */
function movements(now: number): Question[] {
  const to = Math.floor(now / DAY_MS) * DAY_MS - 5 * DAY_MS;
  const span = `at >= toDateTime('${utc(to - 30 * DAY_MS)}', 'UTC') AND at < toDateTime('${utc(to)}', 'UTC')`;
  const occurred = span.replaceAll('at ', 'occurred_at ');
  const of = (name: string, sql: string, raw: string | null = null): Question => ({
    name,
    kind: 'raw movements',
    statements: Array.from({ length: YEAR_RUNS }, () => ({ sql, parameters: {} })),
    raw: raw === null ? null : { sql: raw, parameters: {} },
  });
  const dispatched = `FROM (SELECT occurred_at, JSONExtractString(data, 'node') AS node,
    arrayJoin(JSONExtract(data, 'lines', 'Array(Tuple(quantity Int64))')).1 AS quantity
    FROM events WHERE type = 'fulfilment.dispatched' AND refused = '' AND ${occurred})`;
  const shipped = `FROM movements WHERE ${span} AND startsWith(reason, 'shipment ') AND to_place = 'customer'`;
  return [
    of(
      'units by SKU',
      `SELECT sku, sum(quantity) AS units, count() AS moves FROM movements WHERE ${span} GROUP BY sku ORDER BY units DESC, sku LIMIT 100`,
    ),
    of(
      'net change by node and place',
      `SELECT node, place, sum(change) AS units FROM stock_changes WHERE ${span} GROUP BY node, place ORDER BY node, place`,
    ),
    of(
      'moves by reason and kind of event',
      `SELECT reason, event_type, count() AS moves, sum(quantity) AS units FROM movements WHERE ${span} GROUP BY reason, event_type ORDER BY moves DESC, reason LIMIT 100`,
    ),
    of(
      'units shipped by hour of the day and node',
      `SELECT toHour(at, 'America/New_York') AS hour, from_node AS node, sum(quantity) AS units ${shipped} GROUP BY hour, node ORDER BY hour, node`,
      `SELECT toHour(occurred_at, 'America/New_York') AS hour, node, sum(quantity) AS units ${dispatched} GROUP BY hour, node ORDER BY hour, node`,
    ),
    of(
      'orders by SKU and node',
      `SELECT sku, from_node AS node, uniqExact(order_id) AS orders FROM movements WHERE ${span} AND to_place = 'customer' GROUP BY sku, node ORDER BY orders DESC, sku, node LIMIT 100`,
    ),
    of(
      'units by category and week',
      `SELECT category, toStartOfWeek(at, 1, 'America/New_York') AS week, sum(quantity) AS units FROM movements LEFT JOIN items USING (sku) WHERE ${span} AND to_place = 'customer' GROUP BY category, week ORDER BY category, week`,
    ),
    of(
      'median and longest time between moves of a SKU',
      `SELECT sku, quantile(0.5)(gap) AS median, max(gap) AS longest FROM (SELECT sku, toUnixTimestamp(at) - lagInFrame(toUnixTimestamp(at)) OVER (PARTITION BY sku ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS gap FROM movements WHERE ${span} AND to_place = 'customer') GROUP BY sku ORDER BY longest DESC LIMIT 50`,
    ),
  ];
}

const utc = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
