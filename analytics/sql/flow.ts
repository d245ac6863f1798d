/** The query of a flow over time, from the terms of its measures. Rows are as analytics/kpis/series.ts expects. */
import type { Live, Measure } from '../kpis/definition.ts';
import { quoted, stepsOf, sumInSql, type Term, weightInSql } from '../kpis/terms.ts';

type Flow = Extract<Live, { kind: 'count' | 'ratio' }>;

const START = `if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})),
          intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start`;
/** The supplier of an order, the kind of an exception, the class of an item that was counted: the cause of their steps. */
const KEY = `multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country,
          {by:String} IN ('supplier', 'kind', 'class'), cause, '') AS key`;

/**
 * Parameters: `from`, `to`, `seconds` and `timeZone` of the buckets, `by`, and `currency` where it is about money.
 * @param ahead what it counts may lie ahead of `now`, a further parameter: only minutes that have begun count
 */
export function flowQuery(live: Flow, ahead: boolean): string {
  const measures = live.kind === 'count' ? [...live.plus, ...(live.minus ?? [])] : [...live.part, ...live.whole];
  const money = measures.some(({ per }) => per === 'currency') ? ' AND currency = {currency:String}' : '';
  return `SELECT ${START},
       ${KEY},
       ${sumsOf(live)}
${rowsOf(termsOf(measures), ahead)}${money}
GROUP BY start, key`;
}

/**
 * How often a duration of each bucket of the histogram was taken. The first bucket is what the others leave of the steps.
 * Parameters as above, and `bounds`, where the buckets begin.
 */
export function distributionQuery({ terms }: Measure, ahead: boolean): string {
  return `SELECT start, key, indexOf({bounds:Array(Int64)}, entry.1) - 1 AS bucket, sum(weight * entry.2) AS count
FROM (
    SELECT ${START},
           ${KEY},
           ${weightInSql(terms)} AS weight, sumMap(durations) AS longer, sum(steps) AS steps
    ${rowsOf(terms, ahead)}
    GROUP BY start, key, weight
)
ARRAY JOIN arrayConcat([(toInt64(0), steps - arraySum(mapValues(longer)))], CAST(longer, 'Array(Tuple(Int64, Int64))')) AS entry
GROUP BY start, key, bucket
HAVING count != 0`;
}

const rowsOf = (terms: readonly Term[], ahead: boolean): string => `FROM kpi_minutes
WHERE step IN (${quoted(stepsOf(terms))}) AND clock = 'step'
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')${
    ahead ? " AND at <= fromUnixTimestamp64Milli({now:Int64}, 'UTC')" : ''
  }`;

function sumsOf(live: Flow): string {
  if (live.kind === 'ratio')
    return `${sumInSql(termsOf(live.part))} AS part, ${sumInSql(termsOf(live.whole))} AS whole`;
  return `${sumInSql([...termsOf(live.plus), ...termsOf(live.minus ?? []).map(takenOff)])} AS value`;
}

const termsOf = (measures: readonly Measure[]): Term[] => measures.flatMap(({ terms }) => terms);
const takenOff = ({ sign, ...term }: Term): Term => (sign === -1 ? term : { ...term, sign: -1 });
