/** Brings every series up to the newest closed bucket: those far behind in silence, the others bucket by bucket. */
import { setImmediate } from 'node:timers/promises';
import { isStepFlow } from '../../analytics/anomalies/watching/choose-series.ts';
import { figureAt, joined, type PlaceSums } from '../../analytics/anomalies/watching/flow-figures.ts';
import type { PlannedEntry } from '../../analytics/anomalies/watching/planned.ts';
import { nothingPlanned } from '../../analytics/anomalies/watching/planned.ts';
import {
  addsUp,
  DAY_MS,
  HOUR_MS,
  placeOf,
  type Series,
  TEN_MINUTES_MS,
} from '../../analytics/anomalies/watching/series.ts';
import { type Situation, type Told, type Watch, withSilentParts } from '../../analytics/anomalies/watching/watch.ts';
import type { Bucket, Figure, JudgedPoint, Watched } from '../../analytics/anomalies/watching/watched.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { Source } from '../../streams/operations/states.ts';
import { startOfLocalDay } from '../../streams/operations/time-zone.ts';
import type { Plan } from './plan-series.ts';
import { CHUNK_MS, type FiguresReader, type LevelFigures, readFlows, type Time } from './read-figures.ts';
import { silencesNow, silentFeeds, silentPlaces } from './silent-places.ts';

/** A bucket is judged so long after its end: what comes later still counts in the figure, and not in the judgement. */
const SETTLED_AFTER_MS = 3 * 60_000;
/** What a new series learns from, at its first start. */
const LEARN_MS: Readonly<Record<number, number>> = {
  [TEN_MINUTES_MS]: 28 * DAY_MS,
  [HOUR_MS]: 35 * DAY_MS,
  [DAY_MS]: 400 * DAY_MS,
};
/** Further behind than this, what has happened meanwhile is learned from and not told. */
const LIVE_MS: Readonly<Record<number, number>> = {
  [TEN_MINUTES_MS]: 2 * HOUR_MS,
  [HOUR_MS]: 4 * HOUR_MS,
  [DAY_MS]: 2 * DAY_MS,
};
const GRAINS = [TEN_MINUTES_MS, HOUR_MS, DAY_MS];
const OLD_MS = DAY_MS;
const YIELD_AFTER_MS = 10;

export type Surroundings = {
  now: number;
  timeZone: string;
  currency: string;
  sources: readonly Source[];
  planned: readonly PlannedEntry[];
  categoryOf(sku: string): string | undefined;
  settings: PolicyBody<'signals'>;
};
export type RoundDone = {
  told: Told[];
  readMs: number;
  judgeMs: number;
  judged: number;
  /** The end of the newest bucket that was judged. */
  until: number;
};

type Figures = { flows?: PlaceSums | undefined; levels: LevelFigures; units: Map<string, Map<number, number>> };

export type Watching = {
  watch: Watch;
  reader: FiguresReader;
  plan: Plan;
  /** Keeps what was judged, for charts and for looking back. */
  keep(points: readonly JudgedPoint[]): Promise<void>;
};

/** @param until the end of what was judged of each series, which is moved on */
export async function bringUp(
  { watch, reader, plan, keep }: Watching,
  until: Map<string, number>,
  around: Surroundings,
): Promise<RoundDone> {
  const done: RoundDone = { told: [], readMs: 0, judgeMs: 0, judged: 0, until: 0 };
  const ends = new Map(GRAINS.map((grain) => [grain, closedEnd(grain, around)]));
  const silences = await timed(() => reader.silences({ from: around.now - LEARN_MS[HOUR_MS]!, to: around.now }));
  const silent = [...silences, ...silencesNow(around.sources, around.now)];
  let lastYield = performance.now();
  let points: JudgedPoint[] = [];

  async function timed<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const answer = await work();
    done.readMs += performance.now() - began;
    return answer;
  }

  const seriesOf = (grain: number): Series[] => plan.series.filter(({ grainMs }) => grainMs === grain);
  const isBehind = (series: Series): boolean =>
    (until.get(series.name) ?? Number.NEGATIVE_INFINITY) < ends.get(series.grainMs)! - LIVE_MS[series.grainMs]!;

  /** Levels and units, as far as these series are made of them; both are told by the hour. */
  async function hourly(series: readonly Series[], time: Time): Promise<Pick<Figures, 'levels' | 'units'>> {
    const levels = series.filter(({ kpi, sku }) => sku === undefined && !isStepFlow(kpi));
    const skus = series.flatMap(({ sku }) => (sku === undefined ? [] : [sku]));
    if (time.from >= time.to) return { levels: new Map(), units: new Map() };
    return {
      levels: await timed(() => reader.levels(levels, time, around.now)),
      units: await timed(() => reader.units(skus, time)),
    };
  }

  function judge(series: readonly Series[], bucket: Bucket, figures: Figures): void {
    const places = silentPlaces(around.sources, silent, bucket);
    const began = performance.now();
    const situation: Situation = {
      ...around,
      worthOf: plan.worthOf,
      figureOf: (one) => figureOf(one, bucket, figures, places),
    };
    for (const one of series) {
      if ((until.get(one.name) ?? 0) > bucket.from) continue;
      const point = watch.judge(one.name, bucket, situation);
      until.set(one.name, bucket.to);
      done.judged += 1;
      if (point !== null) points.push(point);
    }
    done.judgeMs += performance.now() - began;
    done.until = Math.max(done.until, bucket.to);
  }

  function figureOf(series: Series, { from }: Bucket, { flows, levels, units }: Figures, places: Set<string>): Figure {
    const silentHere = silentFeeds(series.kpi, places);
    if (series.sku !== undefined) return silentHere.length > 0 ? 'silent' : (units.get(series.sku)?.get(from) ?? 0);
    const place = placeOf(series);
    if (places.has(place)) return 'silent';
    if (!isStepFlow(series.kpi)) return levels.get(series.name)?.get(from) ?? null;
    const known = figureAt(series, flows ?? new Map(), around.currency);
    if (silentHere.length === 0 || known === null) return known;
    // A channel does not lack what another channel does not tell; a node and the whole may.
    if (place !== '') return silentHere.some((one) => one.split('=')[0] !== place.split('=')[0]) ? 'silent' : known;
    if (!addsUp(series.kind)) return known;
    const parts = silentHere.map((one) => watch.get(`${series.kpi}/${one}`)?.series);
    if (parts.includes(undefined)) return 'silent';
    return withSilentParts(known, parts as Series[], (part) => {
      const band = watch.get(part.name)!.expect(from, nothingPlanned);
      return band === null ? null : (band.mid * series.grainMs) / part.grainMs;
    });
  }

  async function keepPoints(): Promise<void> {
    const kept = points;
    points = [];
    if (kept.length > 0) await keep(kept);
  }

  /** Time for others: rounds may be long, and we may not be alone in this process. */
  async function breathe(): Promise<void> {
    if (performance.now() - lastYield < YIELD_AFTER_MS) return;
    await setImmediate();
    lastYield = performance.now();
  }

  for (const grain of GRAINS) {
    const behind = seriesOf(grain).filter(isBehind);
    if (behind.length === 0) continue;
    const end = ends.get(grain)!;
    const learnFrom = startOf(grain, Math.max(end - LEARN_MS[grain]!, plan.since), around.timeZone);
    for (const { name } of behind) until.set(name, Math.max(learnFrom, until.get(name) ?? 0));
    const first = Math.min(...behind.map(({ name }) => until.get(name)!));
    // Levels and units are few figures an hour, and each costs a question: all of the time at once.
    const others = await hourly(grain === HOUR_MS ? behind : [], { from: first, to: end });
    for (let from = first; from < end; ) {
      const to = Math.min(end, startOf(grain, from + CHUNK_MS[grain]!, around.timeZone));
      const flows = await timed(() => readFlows(reader, { from, to }, grain));
      for (const bucket of bucketsOf(grain, { from, to }, around.timeZone)) {
        judge(behind, bucket, { flows: flows.get(bucket.from), ...others });
        await breathe();
      }
      await keepPoints();
      from = to;
    }
    for (const { name } of behind) forgetOld(watch.get(name)!, end);
  }

  const live = plan.series.filter(({ name, grainMs }) => until.get(name)! < ends.get(grainMs)!);
  const fromOf = (grain: number) =>
    Math.min(ends.get(grain)!, ...live.filter((one) => one.grainMs === grain).map(({ name }) => until.get(name)!));
  const [fast, hour, day] = GRAINS.map((grain) => ({ from: fromOf(grain), to: ends.get(grain)! })) as [
    Time,
    Time,
    Time,
  ];
  const flowTime = { from: Math.min(fast.from, hour.from), to: fast.to };
  // With an hour more, to see what has come late.
  if (flowTime.from < flowTime.to) flowTime.from -= HOUR_MS;
  const flows =
    flowTime.from < flowTime.to ? await timed(() => readFlows(reader, flowTime, TEN_MINUTES_MS)) : new Map();
  const days = day.from < day.to ? await timed(() => readFlows(reader, day, DAY_MS)) : new Map();
  const others = await hourly(
    live.filter(({ grainMs }) => grainMs === HOUR_MS),
    hour,
  );
  const moments = new Map<number, { grain: number; bucket: Bucket }[]>();
  for (const [grain, time] of [
    [TEN_MINUTES_MS, fast],
    [HOUR_MS, hour],
    [DAY_MS, day],
  ] as const) {
    for (const bucket of bucketsOf(grain, time, around.timeZone)) {
      moments.set(bucket.to, [...(moments.get(bucket.to) ?? []), { grain, bucket }]);
    }
  }
  const situation: Situation = { ...around, worthOf: plan.worthOf, figureOf: () => null };
  for (const one of watch.all()) {
    const { series, memory } = one;
    if (memory.incident.open === null || series.grainMs === DAY_MS || !addsUp(series.kind)) continue;
    if (series.sku !== undefined || !isStepFlow(series.kpi)) continue;
    one.restate((from) => {
      const sums = tenMinutesOf(flows, { from, to: from + series.grainMs });
      return from < flowTime.from || sums === undefined ? null : figureAt(series, sums, around.currency);
    });
  }
  for (const to of [...moments.keys()].sort((a, b) => a - b)) {
    for (const { grain, bucket } of moments.get(to)!) {
      const own = live.filter(({ grainMs }) => grainMs === grain);
      const sums = grain === DAY_MS ? days.get(bucket.from) : tenMinutesOf(flows, bucket);
      judge(own, bucket, { flows: sums, ...others });
      await breathe();
    }
    done.told.push(...watch.tell(to, situation));
  }
  await keepPoints();
  if (moments.size === 0 && done.judged > 0) done.told.push(...watch.tell(done.until, situation));
  return done;
}

/** What has been out for a day while nobody looked is how things are now. */
function forgetOld(one: Watched, end: number): void {
  const { open } = one.memory.incident;
  if (open !== null && open.since < end - OLD_MS) one.endWithOthers(end);
}

const tenMinutesOf = (flows: Map<number, PlaceSums>, { from, to }: Bucket): PlaceSums | undefined =>
  to - from === TEN_MINUTES_MS
    ? flows.get(from)
    : joined(Array.from({ length: (to - from) / TEN_MINUTES_MS }, (_, at) => flows.get(from + at * TEN_MINUTES_MS)));

function closedEnd(grain: number, { now, timeZone }: Surroundings): number {
  return startOf(grain, now - SETTLED_AFTER_MS, timeZone);
}

/** Where the bucket begins that holds a moment; days are those of the workspace. */
export function startOf(grain: number, at: number, timeZone: string): number {
  return grain === DAY_MS ? startOfLocalDay(timeZone, at) : Math.floor(at / grain) * grain;
}

/** @param time from the start of a bucket to the end of one */
export function bucketsOf(grain: number, { from, to }: Time, timeZone: string): Bucket[] {
  const buckets: Bucket[] = [];
  for (let start = from; start < to; ) {
    // No local day is longer than 25 hours.
    const end = grain === DAY_MS ? startOfLocalDay(timeZone, start + DAY_MS + 2 * HOUR_MS) : start + grain;
    buckets.push({ from: start, to: end });
    start = end;
  }
  return buckets;
}
