/** When days end on the clocks of nodes, as the questions about open orders take it. */
import type { NodeDays } from '../../analytics/clickhouse/queries/orders.ts';
import { AT_RISK_BEFORE_MS } from '../../streams/operations/nodes/wave.ts';
import { instantOfLocal, localDayOf } from '../../streams/operations/time-zone.ts';
import type { Mirror } from '../live/mirror.ts';

export function nodeDays(mirror: Mirror): NodeDays {
  const now = mirror.businessNow();
  const nodes = [...mirror.states.node.values()];
  const zones = [mirror.workspace().timeZone, ...nodes.map(({ timeZone }) => timeZone)];
  const endIn = (days: number) => zones.map((zone) => instantOfLocal(zone, localDayOf(zone, now) + days, 0));
  return {
    now,
    riskUntil: now + AT_RISK_BEFORE_MS,
    nodes: nodes.map(({ node }) => node),
    todayEnds: endIn(1),
    tomorrowEnds: endIn(2),
  };
}
