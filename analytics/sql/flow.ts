/** The query of a flow over time, from the terms of its measures. Rows are as analytics/kpis/series.ts expects. */
import type { AskedTerms, Clock } from '../kpis/asked.ts';
import type { Live, Measure } from '../kpis/definition.ts';
import type { LevelSpan } from '../kpis/roll-up-level.ts';
import { quoted, stepsOf, sumInSql, type Term, weightInSql } from '../kpis/terms.ts';
import { levelRows } from './level-rows.ts';

type Flow = Extract<Live, { kind: 'count' | 'ratio' }>;

const START = `if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})),
          intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start`;
/** The supplier of an order, the kind of an exception, the class of an item that was counted: the cause of their steps. */
const KEY = `multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country,
          {by:String} IN ('supplier', 'kind', 'class'), cause, '') AS key`;

/**
 * Parameters: `seconds` and `timeZone` of the buckets, `by`, and `currency` where it is about money.
 * @param spans the time that is asked, each part at its level
 */
export function flowQuery(live: Flow, spans: readonly LevelSpan[]): string {
  const measures = live.kind === 'count' ? [...live.plus, ...(live.minus ?? [])] : [...live.part, ...live.whole];
  const money = measures.some(({ per }) => per === 'currency') ? ' AND currency = {currency:String}' : '';
  return `SELECT ${START},
       ${KEY},
       ${sumsOf(live)}
FROM ${rowsOf(termsOf(measures), clockOf(measures), spans, money)}
GROUP BY start, key`;
}

/**
 * How often a duration of each bucket of the histogram was taken. The first bucket is what the others leave of the steps.
 * Parameters as above, and `bounds`, where the buckets begin.
 */
export function distributionQuery(measure: Measure, spans: readonly LevelSpan[]): string {
  const { terms } = measure;
  return `SELECT start, key, indexOf({bounds:Array(Int64)}, entry.1) - 1 AS bucket, sum(weight * entry.2) AS count
FROM (
    SELECT ${START},
           ${KEY},
           ${weightInSql(terms)} AS weight, sumMap(durations) AS longer, sum(steps) AS steps
    FROM ${rowsOf(terms, clockOf([measure]), spans, '', ['steps', 'durations'])}
    GROUP BY start, key, weight
)
ARRAY JOIN arrayConcat([(toInt64(0), steps - arraySum(mapValues(longer)))], CAST(longer, 'Array(Tuple(Int64, Int64))')) AS entry
GROUP BY start, key, bucket
HAVING count != 0`;
}

/**
 * What each bucket adds to a running sum; what came before the first has start 0. Parameters as of flows, and `from`.
 * @param spans all the time since the beginning
 */
export function levelQuery({ terms, clock = 'step' }: AskedTerms, spans: readonly LevelSpan[]): string {
  return `SELECT if(at < toDateTime({from:UInt32}, 'UTC'), 0, ${START.replace(/ AS start$/, '')}) AS start,
       ${KEY},
       ${sumInSql(terms)} AS value
FROM ${rowsOf(terms, clock, spans)}
GROUP BY start, key`;
}

const KEYS = ['step', 'at', 'channel', 'node', 'country', 'cause'];

function rowsOf(
  terms: readonly Term[],
  clock: Clock,
  spans: readonly LevelSpan[],
  further = '',
  columns: readonly string[] = terms.map(({ column }) => column),
): string {
  const where = `step IN (${quoted(stepsOf(terms))}) AND clock = '${clock}'${further}`;
  return levelRows(spans, { columns: [...new Set([...KEYS, ...columns])], where });
}

/** @throws when a figure would be made of sums by different clocks, which no row has side by side */
function clockOf(measures: readonly Measure[]): Clock {
  const [clock = 'step', ...others] = new Set(measures.map((measure) => measure.clock ?? 'step'));
  if (others.length > 0) throw new Error(`${measures.map(({ name }) => name).join(', ')} count by different clocks`);
  return clock;
}

function sumsOf(live: Flow): string {
  if (live.kind === 'ratio')
    return `${sumInSql(termsOf(live.part))} AS part, ${sumInSql(termsOf(live.whole))} AS whole`;
  return `${sumInSql([...termsOf(live.plus), ...termsOf(live.minus ?? []).map(takenOff)])} AS value`;
}

const termsOf = (measures: readonly Measure[]): Term[] => measures.flatMap(({ terms }) => terms);
const takenOff = ({ sign, ...term }: Term): Term => (sign === -1 ? term : { ...term, sign: -1 });
