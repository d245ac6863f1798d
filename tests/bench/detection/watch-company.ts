/**
 * The detectors of the product over the simulated company in memory: buckets are judged when they are closed, from what has
 * arrived by then. Flows by ten minutes, hour and day, of the whole, of channels, of nodes, and of fast SKUs; no levels.
 */
import { DateTime } from 'luxon';
import { chooseSeries, stepFlows } from '../../../analytics/anomalies/watching/choose-series.ts';
import { nothingPlanned } from '../../../analytics/anomalies/watching/planned.ts';
import {
  addsUp,
  DAY_MS,
  HOUR_MS,
  placeOf,
  type Series,
  seriesOf,
  TEN_MINUTES_MS,
} from '../../../analytics/anomalies/watching/series.ts';
import {
  createWatch,
  type Situation,
  type Told,
  type Watch,
  withSilentParts,
} from '../../../analytics/anomalies/watching/watch.ts';
import type { Bucket, Figure } from '../../../analytics/anomalies/watching/watched.ts';
import { flowValue } from '../../../analytics/kpis/evaluate.ts';
import { durationMeasures, kpiById } from '../../../analytics/kpis/index.ts';
import { type Silence, silencesNow, silentFeeds, silentPlaces } from '../../../server/signals/silent-places.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { Transition } from '../../../streams/operations/effects.ts';
import { policyOf } from '../../../streams/operations/policy.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import type { Bucket as Sums } from '../../../streams/operations/states.ts';
import type { World } from '../../support/world.ts';

const MINUTE_MS = 60_000;
/** A bucket is judged so long after its end. */
const SETTLED_MS = 3 * MINUTE_MS;
/** Days of steps by which series are chosen, and after how many they are first. */
const CHOSEN_BY_DAYS = 7;
const FIRST_CHOSEN_DAYS = 2;

/** Sums of measures by place. */
type PlaceSums = Map<string, Sums>;
type Counts = Map<string, Map<string, number>>;

type Place = { timeZone: string; currency: string; from: number };
type Memory = {
  watch: Watch;
  series: Series[];
  lookedAt: number;
  /** By day since 1970: steps by place. */
  stepsOfDay: Map<number, Counts>;
  /** By hour: units by SKU. */
  unitsOfHour: Map<number, Map<string, number>>;
  silences: Map<string, Silence>;
  told: number;
  points: number;
  spentMs: number;
};
export type CompanyWatch = {
  count(step: Transition): void;
  /** Judges what has been closed by now. */
  pass(now: number, apply: (event: Event, now: number) => void): void;
  /** The next moment at which something can be judged. */
  due(): number;
  cost(): { series: number; points: number; microsecondsPerPoint: number };
  /** The same once more over the copied states: what it has learned is saved and restored. */
  copy(own: World): CompanyWatch;
};

const nothingKnown = ({ timeZone, from }: Place): Memory => ({
  watch: createWatch({ timeZone }),
  series: [],
  lookedAt: from,
  stepsOfDay: new Map(),
  unitsOfHour: new Map(),
  silences: new Map(),
  told: 0,
  points: 0,
  spentMs: 0,
});

export function watchCompany(world: World, place: Place, memory = nothingKnown(place)): CompanyWatch {
  const { timeZone, currency, from } = place;
  const { watch, series, stepsOfDay, unitsOfHour, silences } = memory;

  function count({ step, sign, at, channel, node, sku, quantity }: Transition): void {
    const day = Math.floor(at / DAY_MS);
    const places = stepsOfDay.get(day) ?? new Map<string, Map<string, number>>();
    stepsOfDay.set(day, places);
    for (const place of ['', channel && `channel=${channel}`, node && `node=${node}`].filter(
      (name, index) => index === 0 || name !== '',
    )) {
      const steps = places.get(place) ?? new Map<string, number>();
      places.set(place, steps.set(step, (steps.get(step) ?? 0) + sign));
    }
    if (step !== 'line-accepted') return;
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    const units = unitsOfHour.get(hour) ?? new Map<string, number>();
    unitsOfHour.set(hour, units.set(sku, (units.get(sku) ?? 0) + sign * quantity));
  }

  function choose(now: number): void {
    const today = Math.floor(now / DAY_MS);
    const days = Array.from({ length: CHOSEN_BY_DAYS }, (_, ago) => today - 1 - ago).filter((day) =>
      stepsOfDay.has(day),
    );
    const steps: Counts = new Map();
    for (const day of days) {
      for (const [place, own] of stepsOfDay.get(day)!) {
        const sums = steps.get(place) ?? new Map<string, number>();
        steps.set(place, sums);
        for (const [step, times] of own) sums.set(step, (sums.get(step) ?? 0) + times / days.length);
      }
    }
    const skus = new Map<string, number>();
    for (const [hour, units] of unitsOfHour) {
      if (hour < now - CHOSEN_BY_DAYS * DAY_MS) unitsOfHour.delete(hour);
      for (const [sku, sold] of units) skus.set(sku, (skus.get(sku) ?? 0) + sold / days.length);
    }
    for (const day of stepsOfDay.keys()) if (day < today - CHOSEN_BY_DAYS) stepsOfDay.delete(day);
    const chosen = chooseSeries({ steps, skus, sources: [] }, durationMeasures);
    // What is watched stays so: a slow week must not make it forget.
    for (const one of chosen.series.filter((one) => isFlowOrSku(one) && watch.get(one.name) === undefined)) {
      watch.add(one);
      series.push(one);
    }
  }

  /** Sums of the states of buckets, by place. */
  function sumsBetween(start: number, end: number): PlaceSums {
    const sums: PlaceSums = new Map();
    const grain = end - start >= HOUR_MS ? 'hour' : 'minute';
    const stepMs = grain === 'hour' ? HOUR_MS : MINUTE_MS;
    for (let hour = Math.floor(start / HOUR_MS) * HOUR_MS; hour < end; hour += HOUR_MS) {
      for (const pair of world.get('bucket-index', String(hour))?.pairs ?? []) {
        const [channel = '', node = ''] = pair.split('|');
        for (let at = Math.max(start, hour); at < Math.min(end, hour + HOUR_MS); at += stepMs) {
          const bucket = world.get('bucket', `${grain}|${at}|${pair}`);
          if (bucket === undefined) continue;
          for (const place of ['', `channel=${channel}`, `node=${node}`]) {
            const own = sums.get(place) ?? {};
            sums.set(place, own);
            for (const name in bucket) own[name] = (own[name] ?? 0) + bucket[name]!;
          }
        }
      }
    }
    return sums;
  }

  function look(end: number, apply: (event: Event, now: number) => void, now: number): void {
    const began = performance.now();
    const local = DateTime.fromMillis(end, { zone: timeZone });
    if (local.hour === 0 && local.minute === 0 && end - from >= FIRST_CHOSEN_DAYS * DAY_MS) choose(end);
    const grains = [
      TEN_MINUTES_MS,
      ...(local.minute === 0 ? [HOUR_MS] : []),
      ...(local.hour === 0 && local.minute === 0 ? [DAY_MS] : []),
    ];
    const draft = world.draft();
    const base: Omit<Situation, 'figureOf'> = {
      planned: world.all('calendar').filter(({ withdrawn }) => !withdrawn),
      categoryOf: (sku) => world.get('item', sku)?.category,
      settings: policyOf(draft, 'signals'),
      worthOf: () => null,
    };
    const bucketOf = (grainMs: number) => ({
      from: grainMs === DAY_MS ? local.minus({ days: 1 }).toMillis() : end - grainMs,
      to: end,
    });
    for (const grainMs of grains) {
      const own = series.filter((one) => one.grainMs === grainMs);
      if (own.length === 0) continue;
      const bucket = bucketOf(grainMs);
      const sums = sumsBetween(bucket.from, bucket.to);
      const silent = silentIn(bucket, now);
      const figureOf = (one: Series): Figure => knownOf(one, bucket, sums, silent);
      for (const { name } of own) watch.judge(name, bucket, { ...base, figureOf });
      memory.points += own.length;
    }
    const tellings = watch.tell(end, { ...base, figureOf: () => null });
    memory.spentMs += performance.now() - began;
    for (const telling of tellings) apply(eventOf(telling, now), now);
  }

  /** Places that nobody told us of in a bucket, by what was known when it is judged. */
  function silentIn(bucket: Bucket, now: number): Set<string> {
    const sources = world.all('source').filter(({ source }) => source !== OWN_SOURCE);
    // History knows the silences that were called so; one that is too young for that counts only while it lasts.
    for (const { source, silentSince } of sources) {
      if (silentSince > 0) silences.set(`${source}|${silentSince}`, { source, from: silentSince, to: now });
    }
    for (const [key, { to }] of silences) if (to < now - 2 * DAY_MS) silences.delete(key);
    return silentPlaces(sources, [...silences.values(), ...silencesNow(sources, now)], bucket);
  }

  function knownOf(one: Series, bucket: Bucket, sums: PlaceSums, silent: ReadonlySet<string>): Figure {
    const feeds = silentFeeds(one.kpi, silent);
    const place = placeOf(one);
    if (one.sku !== undefined) {
      return feeds.length > 0 ? 'silent' : (unitsOfHour.get(bucket.from)?.get(one.sku) ?? 0);
    }
    if (silent.has(place)) return 'silent';
    const known = flowValue(kpiById(one.kpi)!, sums.get(place) ?? {}, currency);
    if (feeds.length === 0 || known === null) return known;
    // A channel is not silent because another one is; it is when those who do its work are.
    const partOf = (name: string): string => name.split('=')[0]!;
    if (place !== '') return feeds.some((feed) => partOf(feed) !== partOf(place)) ? 'silent' : known;
    if (!addsUp(one.kind)) return known;
    const parts = feeds.map((feed) => {
      const [part = '', name = ''] = feed.split('=');
      return seriesOf({ kpi: one.kpi, [part]: name }, one.grainMs);
    });
    return withSilentParts(
      known,
      parts,
      ({ name }) => watch.get(name)?.expect(bucket.from, nothingPlanned)?.mid ?? null,
    );
  }

  function eventOf(telling: Told, now: number): Event {
    const { at } = telling.data;
    memory.told += 1;
    const type = `anomaly.${telling.change}` as const;
    const event = { id: `anomaly-${memory.told}`, source: OWN_SOURCE, type, data: telling.data };
    return { ...event, occurredAt: at, observedAt: at, receivedAt: now } as Event;
  }

  return {
    count,
    pass(now, apply): void {
      for (let end = memory.lookedAt + TEN_MINUTES_MS; end + SETTLED_MS <= now; end += TEN_MINUTES_MS) {
        look(end, apply, end + SETTLED_MS);
        memory.lookedAt = end;
      }
    },
    due: (): number => memory.lookedAt + TEN_MINUTES_MS + SETTLED_MS,
    cost: () => {
      const { points, spentMs } = memory;
      return { series: series.length, points, microsecondsPerPoint: points === 0 ? 0 : (1_000 * spentMs) / points };
    },
    copy(own) {
      const restored = createWatch({ timeZone, saved: structuredClone(watch.save()) });
      for (const one of series) restored.add(one, structuredClone(watch.get(one.name)!.save()));
      return watchCompany(own, place, {
        ...memory,
        watch: restored,
        series: [...series],
        stepsOfDay: structuredClone(stepsOfDay),
        unitsOfHour: structuredClone(unitsOfHour),
        silences: structuredClone(silences),
      });
    },
  };
}

const flows = new Set(stepFlows.map(({ id }) => id));
const isFlowOrSku = ({ kpi, sku }: Series): boolean => sku !== undefined || flows.has(kpi);
