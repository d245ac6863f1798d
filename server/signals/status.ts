/** What is told of the watched series, for whoever looks: how warm they are, what was seen last, what it costs. */

import { scoreOf } from '../../analytics/anomalies/watching/incident.ts';
import type { SeriesOf } from '../../analytics/anomalies/watching/series.ts';
import { type Group, neededFor, type Watch } from '../../analytics/anomalies/watching/watch.ts';
import type { LastPoint, Watched } from '../../analytics/anomalies/watching/watched.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { SignalState, WatchedSeries } from '../http/contract/signals.ts';

export type JobState = 'warming' | 'running' | 'waiting';
export type SignalsStatus = {
  state: JobState;
  why: string;
  judgedUntil: number;
  leftOut: number;
  roundMs: number;
  readMs: number;
  points: number;
  microsPerPoint: number;
  at: number;
};

export type SeriesStatus = SeriesOf & {
  series: string;
  grainMs: number;
  state: SignalState;
  warm: number;
  points: number;
  learnedSince: number;
  last: LastPoint | null;
  out: WatchedSeries['out'];
  scoreAtLeast: number;
  bytes: number;
};

export function statusOf(
  one: Watched,
  groups: readonly Group[],
  settings: PolicyBody<'signals'>,
  bytes: number,
): SeriesStatus {
  const { series, memory } = one;
  const { kind: _kind, isPercent: _share, name, ...of } = series;
  const { open } = memory.incident;
  const needed = neededFor(series, settings);
  const isOff = (settings.series[name]?.off ?? settings.series[series.kpi]?.off) === true;
  const speaker = groups.find(({ members }) => members.includes(name))?.speaker ?? name;
  return {
    ...of,
    series: name,
    state: isOff ? 'off' : stateOf(one),
    warm: one.warm,
    points: memory.points,
    learnedSince: memory.firstAt,
    last: memory.last,
    out: open === null ? null : { since: open.since, what: open.what, score: scoreOf(open.surprise), toldBy: speaker },
    scoreAtLeast: Number.isFinite(needed) ? scoreOf(needed) : 1,
    bytes,
  };
}

function stateOf({ memory, mayTell }: Watched): SignalState {
  if (memory.incident.open !== null) return memory.incident.open.what === 'missing' ? 'no-data' : 'out';
  if (!mayTell) return 'warming';
  return memory.silentSince > 0 ? 'no-data' : 'quiet';
}

export const statusesOf = (
  watch: Watch,
  settings: PolicyBody<'signals'>,
  bytesOf: (name: string) => number,
): SeriesStatus[] => watch.all().map((one) => statusOf(one, watch.groups(), settings, bytesOf(one.series.name)));
