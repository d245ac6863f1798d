/**
 * Watches series bucket by bucket and says what people should be told. It knows neither a clock nor a store: whoever feeds
 * it gives closed buckets in the order of time, and may save and restore all of it.
 */
import type { EventOf } from '../../../streams/events/index.ts';
import type { PolicyBody } from '../../../streams/events/policies.ts';
import type { AnomalyShape } from '../../../streams/events/signals.ts';
import { belongTogether, clustersOf, type Out, speakerOf } from './cause.ts';
import { evidenceOf } from './evidence.ts';
import { directionOf, scoreOf, surpriseNeeded, surpriseOf, UNUSUAL_FROM } from './incident.ts';
import { type Priced, price, type Worth } from './money.ts';
import { type PlannedEntry, plannedAt } from './planned.ts';
import { addsUp, bareOf, HOUR_MS, reserveOf, type Series } from './series.ts';
import { type Bucket, type Figure, type JudgedPoint, type SavedSeries, Watched } from './watched.ts';

const MINUTE_MS = 60_000;
const AGREES_MAX = 10;
/** It is told again when it is five times less likely than what was told, costs a quarter more, or looks different. */
const WORSE_BY = 0.7;
const DEARER_BY = 1.25;
const TOLD_AGAIN_MS = 30 * MINUTE_MS;

export type Situation = {
  figureOf(series: Series): Figure;
  planned: readonly PlannedEntry[];
  categoryOf(sku: string): string | undefined;
  settings: PolicyBody<'signals'>;
  /** What one of a KPI is worth at the place of the series. */
  worthOf(series: Series): Worth | null;
};

export type Told =
  | { change: 'detected'; series: Series; data: EventOf<'anomaly.detected'>['data'] }
  | { change: 'cleared'; series: Series; data: EventOf<'anomaly.cleared'>['data'] };

/** One cause: the series that speaks, those that are out with it, and what was said last. */
export type Group = {
  speaker: string;
  members: string[];
  since: number;
  told: { at: number; surprise: number; money: number; what: AnomalyShape };
};

export type SavedWatch = { groups: Group[] };

export function createWatch({ timeZone, saved }: { timeZone: string; saved?: SavedWatch | undefined }) {
  const watched = new Map<string, Watched>();
  let groups: Group[] = saved?.groups ?? [];

  const outOf = ({ series, memory }: Watched): Out | null => {
    const { open } = memory.incident;
    if (open === null) return null;
    const { since, direction, surprise } = open;
    const away = memory.last?.value == null ? 0 : memory.last.value - memory.last.mid;
    return { series, since, direction, surprise, awayPerHour: (away * HOUR_MS) / series.grainMs };
  };
  const isOpen = (name: string): boolean => watched.get(name)?.memory.incident.open != null;

  function priced(one: Watched, situation: Situation): Priced | null {
    const { memory, series } = one;
    const { last } = memory;
    if (last?.value == null) return null;
    const direction = memory.incident.open?.direction ?? 'other';
    const perMs = (last.value - last.mid) / series.grainMs;
    return price(series, { away: memory.away, perMs, direction }, situation.worthOf(series));
  }

  /** Others that are out, or nearly, at the same time: whoever reads it believes two more than one. */
  function agreeing(speaker: Watched, members: readonly string[]): string[] {
    const own = outOf(speaker);
    const near = [...watched.values()].flatMap(({ series, memory }) => {
      const { last, incident } = memory;
      if (incident.open !== null || incident.unusualSince === 0 || last === null || own === null) return [];
      const surprise = surpriseOf(last.score);
      const out: Out = { ...own, series, since: incident.unusualSince, surprise, direction: directionOf(last.what) };
      return surprise > UNUSUAL_FROM && belongTogether(own, out) ? [series.name] : [];
    });
    const others = [...members, ...near].filter((name) => name !== speaker.series.name);
    return [...new Set(others)].sort().slice(0, AGREES_MAX);
  }

  function detected(group: Group, at: number, situation: Situation): Told {
    const speaker = watched.get(group.speaker)!;
    const { memory, series } = speaker;
    const open = memory.incident.open!;
    const last = memory.last!;
    const money = priced(speaker, situation);
    const what = open.what as AnomalyShape;
    group.told = { at, surprise: open.surprise, money: money?.moneyAtRisk ?? 0, what };
    const agrees = agreeing(speaker, group.members);
    // Of what nobody told us there is no figure but what was expected.
    const isKnown = open.direction !== 'missing' && memory.recent.length > 0;
    const evidence = isKnown
      ? evidenceOf(memory.recent, series.kind, open.direction, series.isPercent)
      : { ...last, value: last.value ?? 0, buckets: 1 };
    const data = {
      ...bareOf(series),
      at,
      value: figure(evidence.value),
      low: figure(evidence.low),
      expected: figure(evidence.mid),
      high: figure(evidence.high),
      score: figure(Math.min(1, scoreOf(open.surprise))),
      what,
      minutes: Math.max(1, Math.round((evidence.buckets * series.grainMs) / MINUTE_MS)),
      since: Math.min(open.since, at - evidence.buckets * series.grainMs),
      ...(agrees.length === 0 ? {} : { agrees }),
      ...(money === null ? {} : money),
    } as EventOf<'anomaly.detected'>['data'];
    return { change: 'detected', series, data };
  }

  function cleared(group: Group, at: number): Told[] {
    for (const name of group.members) watched.get(name)?.endWithOthers(at);
    const speaker = watched.get(group.speaker);
    if (speaker === undefined) return [];
    const { series, memory } = speaker;
    const data = {
      ...bareOf(series),
      at,
      value: figure(memory.last?.value ?? 0),
    } as EventOf<'anomaly.cleared'>['data'];
    return [{ change: 'cleared', series, data }];
  }

  function isWorse(group: Group, at: number, situation: Situation): boolean {
    const speaker = watched.get(group.speaker)!;
    const { open } = speaker.memory.incident;
    if (open === null || open.quiet > 0 || at - group.told.at < TOLD_AGAIN_MS) return false;
    const { recent } = speaker.memory;
    const { kind, isPercent } = speaker.series;
    const hasWay = open.direction === 'up' || open.direction === 'down';
    if (hasWay && !evidenceOf(recent, kind, open.direction, isPercent).outside) return false;
    if (open.surprise >= group.told.surprise + WORSE_BY || open.what !== group.told.what) return true;
    const money = priced(speaker, situation)?.moneyAtRisk ?? 0;
    return money > group.told.money * DEARER_BY;
  }

  return {
    /**
     * Begins to watch a series, or goes on with what was saved of it.
     * @returns whether it goes on: what another version has saved, or of other buckets, cannot be read and is learned anew
     */
    add(series: Series, saved?: SavedSeries): boolean {
      const known = saved === undefined ? null : restored(series, timeZone, saved);
      watched.set(series.name, known ?? new Watched(series, timeZone));
      return known !== null;
    },

    /** Not watched any more; what was told of it is over. */
    drop(name: string, at: number): Told[] {
      const own = groups.filter(({ speaker }) => speaker === name);
      const told = own.flatMap((group) => cleared(group, at));
      groups = groups.filter((group) => !own.includes(group));
      for (const group of groups) group.members = group.members.filter((member) => member !== name);
      watched.delete(name);
      return told;
    },

    /** Judges one closed bucket of one series, and learns from it. */
    judge(name: string, bucket: Bucket, situation: Situation): JudgedPoint | null {
      const one = watched.get(name)!;
      const { series } = one;
      const planned = plannedAt(situation.planned, series, bucket, situation.categoryOf);
      return one.judge(bucket, situation.figureOf(series), planned, neededFor(series, situation.settings));
    },

    /** After all buckets that end at a moment: what people should be told. */
    tell(at: number, situation: Situation): Told[] {
      const told: Told[] = [];
      const standing: Group[] = [];
      for (const group of groups) {
        const open = group.members.filter(isOpen);
        const holds = isOpen(group.speaker) || open.length > group.members.length / 2;
        if (holds && watched.has(group.speaker)) standing.push(group);
        else told.push(...cleared(group, at));
      }
      groups = standing;
      const grouped = new Set(groups.flatMap(({ members }) => members));
      const alone = [...watched.values()]
        .filter(({ series }) => !grouped.has(series.name))
        .flatMap((one) => outOf(one) ?? []);
      const left = alone.filter((out) => !join(out));
      for (const group of groups) if (isWorse(group, at, situation)) told.push(detected(group, at, situation));
      for (const cluster of clustersOf(left)) {
        const members = cluster.map(({ series }) => series.name);
        const speaker = speakerOf(cluster).series.name;
        const since = Math.min(...cluster.map((out) => out.since));
        const group: Group = { speaker, members, since, told: { at, surprise: 0, money: 0, what: 'spike' } };
        groups.push(group);
        told.push(detected(group, at, situation));
      }
      return told;
    },

    get: (name: string): Watched | undefined => watched.get(name),
    all: (): readonly Watched[] => [...watched.values()],
    groups: (): readonly Group[] => groups,
    /** Of a restart: what it was told of, and which belong together. The series are saved one by one. */
    save: (): SavedWatch => ({ groups }),
  };

  function join(out: Out): boolean {
    for (const group of groups) {
      const outs = group.members.flatMap((name) => {
        const member = watched.get(name);
        return member === undefined ? [] : (outOf(member) ?? []);
      });
      // What begins while it lasts may come of it, however long ago that began.
      if (!outs.some((one) => belongTogether({ ...one, since: Math.max(one.since, out.since) }, out))) continue;
      group.members.push(out.series.name);
      return true;
    }
    return false;
  }
}
export type Watch = ReturnType<typeof createWatch>;

/** How surprising a bucket of a series must be to be told, by what the company has set. */
export function neededFor(series: Series, settings: PolicyBody<'signals'>): number {
  const own = { ...settings.series[series.kpi], ...settings.series[series.name] };
  if (own.off === true) return Number.POSITIVE_INFINITY;
  if (own.scoreAtLeast !== undefined) return surpriseOf(own.scoreAtLeast);
  return surpriseNeeded(settings.alarmsPerSeriesAndWeek, series.grainMs) + reserveOf(series);
}

/** Sums of silent parts are taken at what is expected of them: a silent channel must not look like a fallen company. */
export function withSilentParts(
  known: number,
  silent: readonly Series[],
  expected: (series: Series) => number | null,
): Figure {
  let sum = known;
  for (const part of silent) {
    const mid = addsUp(part.kind) ? expected(part) : null;
    if (mid === null) return 'silent';
    sum += mid;
  }
  return sum;
}

const figure = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Null when what was saved is not what is watched now. */
export function restored(series: Series, timeZone: string, saved: SavedSeries): Watched | null {
  if (saved.kpi !== series.kpi || saved.grainMs !== series.grainMs) return null;
  try {
    return new Watched(series, timeZone, saved);
  } catch {
    return null;
  }
}
