/**
 * KPI series as shops have them, with faults whose truth is known: orders, revenue, rates, queues and latencies from
 * less than one to hundreds a bucket, with days, weekdays, trends, better and worse days, promotions that were declared,
 * feeds that lost rows, and every kind of fault.
 */
import type { SeriesKind } from '../../../analytics/anomalies/detector/detection.ts';
import { normal, poisson, randomFrom } from '../../support/synthetic-minutes.ts';
import { type Effect, type Fault, type FaultKind, faultFor } from './shop-faults.ts';

const MINUTE_MS = 60_000;
/** A Monday. */
const BEGIN = Date.UTC(2026, 2, 2);
/** Nothing goes wrong before; detectors may learn. */
export const QUIET_DAYS = 10;
export const SERIES_DAYS = 56;

export type ShopRow = { t: number; v: number | null; expected?: 'promo' };
export type ShopSeries = {
  name: string;
  kind: SeriesKind;
  minutes: number;
  rows: ShopRow[];
  faults: Fault[];
  promotions: { from: number; to: number }[];
};
type Random = () => number;
type Shop = { random: Random; minutes: number; buckets: number; rate: Float64Array; level: number };
type Write = (shop: Shop, effects: Effect[]) => (number | null)[];

const between = (random: Random, low: number, high: number): number => low + (high - low) * random();
const logBetween = (random: Random, low: number, high: number): number =>
  Math.exp(between(random, Math.log(low), Math.log(high)));

/** @param quiet nothing goes wrong in them, and nothing is promoted */
export function shopSeries(seed: number, count: number, quiet = false): ShopSeries[] {
  return Array.from({ length: count }, (_, index) => oneSeries(seed * 1_000 + index, index, quiet));
}

const kinds: SeriesKind[] = [
  'count',
  'count',
  'amount',
  'count',
  'ratio',
  'count',
  'gauge',
  'amount',
  'count',
  'latency',
];

function oneSeries(seed: number, index: number, quiet: boolean): ShopSeries {
  const random = randomFrom(seed);
  const kind = kinds[index % kinds.length]!;
  const minutes = [5, 10, 10, 60][Math.floor(random() * 4)]!;
  const buckets = (SERIES_DAYS * 24 * 60) / minutes;
  const level = logBetween(random, 0.4, 200) * (minutes === 60 ? 6 : 1);
  const shop = { random, minutes, buckets, level, rate: rateOf(random, minutes, buckets, level) };
  const promotions = !quiet && (kind === 'count' || kind === 'amount') ? promotionsOf(random, minutes, buckets) : [];
  const faults = quiet ? [] : faultsOf(random, kind, minutes, buckets, promotions);
  const effects = effectsOf(random, faults, buckets);
  for (const { from, to } of promotions) {
    const uplift = between(random, 1.6, 4);
    for (let at = from; at <= to; at++) effects[at]!.times *= uplift * (at === from || at === to ? 0.8 : 1);
  }
  const values = writers[kind](shop, effects);
  holdStuck(values, effects);
  const rows: ShopRow[] = [];
  const promoted = new Set(promotions.flatMap(({ from, to }) => range(from, to)));
  const lost = lostRows(random, minutes, buckets, faults);
  for (let at = 0; at < buckets; at++) {
    if (lost.has(at)) continue;
    const row: ShopRow = { t: BEGIN + at * minutes * MINUTE_MS, v: values[at]! };
    if (promoted.has(at)) row.expected = 'promo';
    rows.push(row);
  }
  const time = ({ from, to }: { from: number; to: number }) => ({
    from: BEGIN + from * minutes * MINUTE_MS,
    to: BEGIN + to * minutes * MINUTE_MS,
  });
  return {
    name: `${kind}-${minutes}m-${level.toPrecision(2)}-${index}`,
    kind,
    minutes,
    rows,
    faults: faults.map((fault) => ({ ...fault, ...time(fault) })),
    promotions: promotions.map(time),
  };
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** The true rate of each bucket, before faults and chance. Means `level` a bucket. */
function rateOf(random: Random, minutes: number, buckets: number, level: number): Float64Array {
  const rate = new Float64Array(buckets);
  const noon = between(random, 10, 14);
  const evening = between(random, 18, 22);
  const night = between(random, 0.05, 0.4);
  const eveningShare = between(random, 0.3, 1.5);
  const weekday = Array.from(
    { length: 7 },
    (_, day) => Math.exp(0.15 * normal(random)) * (day >= 5 ? between(random, 0.5, 1.2) : 1),
  );
  const trendPerDay = normal(random) * 0.004;
  const betterDays = between(random, 0.02, 0.1);
  let drift = 0;
  const keep = 0.5 ** (minutes / 90);
  const restless = between(random, 0.02, 0.1) * Math.sqrt(1 - keep * keep);
  let day = -1;
  let better = 1;
  let next = 1;
  for (let at = 0; at < buckets; at++) {
    const days = (at * minutes) / 1_440;
    const hour = (days % 1) * 24;
    if (Math.floor(days) !== day) {
      day = Math.floor(days);
      better = next;
      next = Math.exp(betterDays * normal(random)) * weekday[(day + 1) % 7]!;
    }
    drift = keep * drift + restless * normal(random);
    const bump = (centre: number, width: number) => {
      const apart = Math.min(Math.abs(hour - centre), 24 - Math.abs(hour - centre));
      return Math.exp(-((apart / width) ** 2));
    };
    const toNext = Math.max(0, hour - 21) / 3;
    const today = better * (1 - toNext) + next * toNext;
    const profile = night + bump(noon, 3.5) + eveningShare * bump(evening, 2.2);
    rate[at] = profile * today * Math.exp(drift + trendPerDay * days);
  }
  const mean = rate.reduce((sum, one) => sum + one, 0) / buckets;
  return rate.map((one) => (one * level) / mean);
}

function promotionsOf(random: Random, minutes: number, buckets: number): { from: number; to: number }[] {
  const perHour = 60 / minutes;
  const found: { from: number; to: number }[] = [];
  for (let day = QUIET_DAYS + between(random, 0, 14); day < SERIES_DAYS - 3; day += between(random, 12, 24)) {
    const from = Math.round((day * 24 * 60) / minutes);
    found.push({ from, to: Math.min(buckets - 1, from + Math.round(perHour * logBetween(random, 3, 48))) });
  }
  return found;
}

function faultsOf(
  random: Random,
  kind: SeriesKind,
  minutes: number,
  buckets: number,
  promotions: { from: number; to: number }[],
): Fault[] {
  const faults: Fault[] = [];
  let day = QUIET_DAYS + between(random, 0, 6);
  while (day < SERIES_DAYS - 2) {
    const fault = faultFor(random, kind, Math.round((day * 1_440) / minutes), 60 / minutes);
    const busy = promotions.some(
      ({ from, to }) => from - 1_440 / minutes <= fault.to && fault.from <= to + 1_440 / minutes,
    );
    if (!busy && fault.to < buckets - 1) faults.push(fault);
    day += ((fault.to - fault.from) * minutes) / 1_440 + between(random, 4, 12);
  }
  return faults;
}

function effectsOf(random: Random, faults: Fault[], buckets: number): Effect[] {
  const effects = Array.from({ length: buckets }, (): Effect => ({ times: 1, noise: 1, stuck: false }));
  for (const { from, to, effect } of faults) {
    for (let at = from; at <= to; at++) Object.assign(effects[at]!, effect(at - from, to - from + 1, random));
  }
  return effects;
}

/** A feed that is stuck repeats what it said last. */
function holdStuck(values: (number | null)[], effects: Effect[]): void {
  for (let at = 1; at < values.length; at++) if (effects[at]!.stuck) values[at] = values[at - 1]!;
}

/** Rows that never came: not a fault of the business, and no reason to wake anybody. */
function lostRows(random: Random, minutes: number, buckets: number, faults: Fault[]): Set<number> {
  const lost = new Set<number>();
  for (let gap = 0; gap < 6; gap++) {
    const from = Math.floor(random() * buckets);
    const to = from + Math.round((60 / minutes) * logBetween(random, 0.5, 12));
    if (faults.some((fault) => fault.from <= to && from <= fault.to)) continue;
    for (let at = from; at <= to; at++) lost.add(at);
  }
  for (let at = 0; at < buckets; at++) if (random() < 0.002) lost.add(at);
  return lost;
}

/** Over-dispersed: the rate itself is restless from bucket to bucket. */
function countOf(random: Random, mean: number, dispersion: number): number {
  const spread = Math.exp(dispersion * normal(random) - dispersion ** 2 / 2);
  return poisson(random, mean * spread);
}

const writers: Record<SeriesKind, Write> = {
  count({ random, rate }, effects) {
    const dispersion = between(random, 0, 0.25);
    return effects.map(({ times, noise }, at) =>
      countOf(random, rate[at]! * times, dispersion * noise + (noise - 1) * 0.4),
    );
  },
  amount({ random, rate }, effects) {
    const basket = logBetween(random, 8, 400);
    const spread = between(random, 0.3, 0.9);
    return effects.map(({ times, noise }, at) => {
      const orders = countOf(random, rate[at]! * times, 0.1 * noise);
      let sum = 0;
      for (let order = 0; order < orders; order++) sum += basket * Math.exp(spread * noise * normal(random));
      return Math.round(sum * 100) / 100;
    });
  },
  ratio({ random, rate, level }, effects) {
    const share = logBetween(random, 0.01, 0.3);
    const visits = Math.max(20, logBetween(random, 50, 2_000) / level);
    let wander = 0;
    return effects.map(({ times, noise }, at) => {
      wander = 0.98 * wander + 0.02 * normal(random);
      const of = poisson(random, rate[at]! * visits);
      const p = Math.min(0.9, share * times * Math.exp(wander + 0.35 * (noise - 1) * normal(random)));
      return of === 0 ? null : Math.min(of, poisson(random, of * p)) / of;
    });
  },
  /** A queue of work: what comes in, less what is done in working hours. */
  gauge({ random, rate, minutes, level }, effects) {
    let queue = level * 4;
    const capacity = level * between(random, 2.6, 3.4);
    return effects.map(({ times, noise }, at) => {
      const hour = ((at * minutes) / 60) % 24;
      const done = hour >= 6 && hour < 20 ? Math.min(queue, poisson(random, capacity)) : 0;
      queue = Math.max(0, queue + poisson(random, rate[at]!) - done);
      const base = 20 + level * 8;
      return Math.max(0, Math.round((queue + base) * times + (noise - 1) * base * 0.25 * normal(random)));
    });
  },
  latency({ random, rate, level }, effects) {
    const usual = logBetween(random, 20, 900);
    const spread = between(random, 0.05, 0.25);
    return effects.map(({ times, noise }, at) => {
      const load = 1 + 0.3 * Math.min(4, rate[at]! / level);
      const tail = random() < 0.01 ? between(random, 1.2, 2) : 1;
      return Math.round(usual * load * times * tail * Math.exp(spread * noise * normal(random)) * 10) / 10;
    });
  },
};

export type { FaultKind };
