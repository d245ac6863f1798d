/** What happened at every channel and node, step by step, in buckets: all that flows are made of, in one question. */
import type { LevelSpan } from '../../kpis/roll-up-level.ts';
import { quoted } from '../../kpis/terms.ts';
import { levelRows } from '../level-rows.ts';

/** Columns of the sums that terms name. */
const SUMS = ['steps', 'quantity', 'amount', 'cost', 'short', 'duration_ms', 'on_time', 'filled'] as const;

export type FlowsAsked = {
  steps: readonly string[];
  clocks: readonly string[];
  /** Steps whose causes are told apart; of the others they are many and nobody asks. */
  withCauses: readonly string[];
  /** Steps whose durations are told. */
  withDurations: readonly string[];
};

/**
 * Parameters: `seconds` of the buckets and `timeZone`, for those of days.
 * @param spans the time that is asked, each part at its level
 */
export function flowRowsQuery(asked: FlowsAsked, spans: readonly LevelSpan[]): string {
  const { steps, clocks, withCauses, withDurations } = asked;
  const where = `step IN (${quoted(steps)}) AND clock IN (${quoted(clocks)})`;
  const columns = ['step', 'clock', 'at', 'channel', 'node', 'currency', 'cause', 'durations', ...SUMS];
  const start = `if({seconds:UInt32} = 86400, toUnixTimestamp(toStartOfDay(at, {timeZone:String})),
          intDiv(toUnixTimestamp(at), {seconds:UInt32}) * {seconds:UInt32})`;
  return `SELECT ${start} AS start, step, clock, channel, node, currency,
       ${withCauses.length === 0 ? "''" : `if(step IN (${quoted(withCauses)}), cause, '')`} AS why,
       ${SUMS.map((column) => `sum(${column}) AS ${column}_sum`).join(', ')},
       sumMap(if(step IN (${quoted(withDurations)}), durations, CAST(map(), 'Map(Int64, Int64)'))) AS longer
FROM ${levelRows(spans, { columns, where })}
GROUP BY start, step, clock, channel, node, currency, why
HAVING ${SUMS.map((column) => `${column}_sum != 0`).join(' OR ')}`;
}
