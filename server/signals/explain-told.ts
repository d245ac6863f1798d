/** Which values made the change that people are about to be told of. */
import { plannedAt } from '../../analytics/anomalies/watching/planned.ts';
import { addsUp } from '../../analytics/anomalies/watching/series.ts';
import type { Watched } from '../../analytics/anomalies/watching/watched.ts';
import type { EventOf } from '../../streams/events/index.ts';
import type { Runtime } from '../runtime.ts';
import { explainChange } from './explain-change.ts';
import type { Around } from './surroundings.ts';

type Roots = NonNullable<EventOf<'anomaly.detected'>['data']['roots']>;

/** People are told in time without the values rather than late with them. */
const EXPLAIN_MS_MAX = 15_000;

export async function explainTold(
  runtime: Pick<Runtime, 'ops'>,
  one: Watched,
  { since, at, what }: EventOf<'anomaly.detected'>['data'],
  around: Around,
): Promise<Roots> {
  const { kpi, channel, node, source, sku } = one.series;
  // Nobody could tell us of it, or it did not change: there is nothing to share out.
  if (what === 'missing' || what === 'flat' || what === undefined) return [];
  const from = since ?? at - one.series.grainMs;
  const explained = await explainChange(
    runtime,
    { now: around.now, timeZone: around.timeZone, currency: around.currency },
    { kpi, where: { channel, node, source, sku }, from, to: at, what, expected: expectedOver(one, from, at, around) },
    { asker: { role: 'admin' }, signal: AbortSignal.timeout(EXPLAIN_MS_MAX) },
  );
  return 'notExplained' in explained ? [] : explained.roots;
}

/** Of the whole time; undefined where parts of it do not add up to it. */
function expectedOver(one: Watched, from: number, to: number, { planned, categoryOf }: Around): number | undefined {
  const { series } = one;
  if (!addsUp(series.kind)) return undefined;
  let sum = 0;
  for (let start = from; start < to; start += series.grainMs) {
    const bucket = { from: start, to: start + series.grainMs };
    const band = one.expect(start, plannedAt(planned, series, bucket, categoryOf));
    if (band === null) return undefined;
    sum += band.mid;
  }
  return sum;
}
