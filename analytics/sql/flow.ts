/** The query of a flow over time, from the terms of its measures. Rows are as analytics/kpis/series.ts expects. */
import type { Live, Measure } from '../kpis/definition.ts';
import { quoted, stepsOf, sumInSql, type Term } from '../kpis/terms.ts';

type Flow = Extract<Live, { kind: 'count' | 'ratio' }>;

/** Parameters: `from`, `to`, `seconds` and `timeZone` of the buckets, `by`, and `currency` where it is about money. */
export function flowQuery(live: Flow): string {
  const measures = live.kind === 'count' ? [...live.plus, ...(live.minus ?? [])] : [...live.part, ...live.whole];
  const steps = stepsOf(measures.flatMap(({ terms }) => terms));
  const money = measures.some(({ per }) => per === 'currency') ? ' AND currency = {currency:String}' : '';
  return `SELECT if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})),
          intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32}) AS start,
       multiIf({by:String} = 'channel', channel, {by:String} = 'node', node, {by:String} = 'country', country, '') AS key,
       ${sumsOf(live)}
FROM kpi_minutes
WHERE step IN (${quoted(steps)}) AND clock = 'step'${money}
  AND at >= toDateTime({from:UInt32}, 'UTC') AND at < toDateTime({to:UInt32}, 'UTC')
GROUP BY start, key`;
}

function sumsOf(live: Flow): string {
  if (live.kind === 'ratio')
    return `${sumInSql(termsOf(live.part))} AS part, ${sumInSql(termsOf(live.whole))} AS whole`;
  return `${sumInSql([...termsOf(live.plus), ...termsOf(live.minus ?? []).map(takenOff)])} AS value`;
}

const termsOf = (measures: readonly Measure[]): Term[] => measures.flatMap(({ terms }) => terms);
const takenOff = ({ sign, ...term }: Term): Term => (sign === -1 ? term : { ...term, sign: -1 });
