/**
 * What a count per minute should be: level x profile of the week, and how far it strays by chance. The profile is a
 * clipped mean per local hour of the week, drawn towards the profile of the day while there are few weeks; the variance
 * is that of an over-dispersed Poisson count plus a share of the level that no profile explains.
 */
import { offsetAt } from '../../streams/operations/time-zone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS_A_DAY = 24;
const HOURS_A_WEEK = 7 * HOURS_A_DAY;
/** 1970-01-01 was a Thursday; weeks here begin on Monday. */
const EPOCH_WEEKDAY = 3;

/** Below this many recorded hours nothing is expected yet. */
export const HOURS_TO_LEARN_MIN = 42;
/** An hour with fewer recorded minutes teaches nothing. */
const MINUTES_AN_HOUR_MIN = 30;
/** One weekday's own figure weighs as much as this many days of the others. */
const WEEKDAY_PRIOR = 1.5;
/** Values further out than this many robust deviations count as if they were there: outages must not become normal. */
const CLIP_DEVIATIONS = 3;
/** The unexplained share of the level, as a coefficient of variation. A perfect forecast does not exist. */
const SPREAD_MIN = 0.045;
const SPREAD_MAX = 0.4;
/** This share of the past must lie within so many deviations; for the normal distribution it is 2.05. */
const EXPLAINED_SHARE = 0.96;
const EXPLAINED_DEVIATIONS = 2.05;
/** Small counts say nothing of the spread; without enough others it is assumed. */
const CALIBRATED_COUNTS_MIN = 8;
const CALIBRATED_BLOCKS_MIN = 40;
const SPREAD_UNKNOWN = 0.1;
const DISPERSION_MAX = 50;
/** The level is told in blocks of a quarter of an hour, from a day of them, and not from the newest, which are judged. */
const LEVEL_BLOCK_MINUTES = 15;
const LEVEL_BLOCK_MS = LEVEL_BLOCK_MINUTES * MINUTE_MS;
const LEVEL_WINDOW_MS = 24 * HOUR_MS;
const LEVEL_LAG_BLOCKS = 2;
/** Deviation of the level before anything is known, at least; how far it drifts in a block; and what a new day adds. */
const LEVEL_DEVIATION = 0.2;
const NEW_DAY_DEVIATION = 0.25;
const NEW_DAY_CERTAINTY = 6;
const LEVEL_DRIFT = 0.02;
/** What is left of a level's distance from 1 after a block: it forgets most of it in two days. */
const LEVEL_MEMORY = 0.995;
/** What the profile alone gets wrong about a block. */
const BLOCK_DEVIATION = 0.05;
const LEVEL_MIN = 0.3;
const LEVEL_MAX = 4;
/** Half the width of the band that is shown, in deviations, and the least it is, in counts. */
const BAND_DEVIATIONS = 3;
const BAND_COUNTS_MIN = 1;

/** Counts of consecutive minutes; null where nothing is known, which is not the same as 0. */
export type MinuteCounts = { from: number; counts: readonly (number | null)[] };

export type ExpectedBand = {
  timeZone: string;
  /** Counts a minute in each local hour of the week, Monday 0:00 first. */
  rates: readonly number[];
  /** How many days of each weekday this rests on, Monday first. */
  days: readonly number[];
  /** Variance over mean within a quarter of an hour. */
  dispersion: number;
  spread: number;
  hours: number;
};
/** How a day compares with the profile: 1 as usual, 0.5 half as busy; and how sure that is. */
export type Level = { factor: number; variance: number };
export const usualLevel: Level = { factor: 1, variance: LEVEL_DEVIATION ** 2 };
export type Expectation = { low: number; expected: number; high: number };

type Hour = { slot: number; rate: number; day: number };

/** @returns null while there is too little history */
export function learnBand(history: MinuteCounts, timeZone: string): ExpectedBand | null {
  const hours = hoursOf(history, timeZone);
  if (hours.length < HOURS_TO_LEARN_MIN) return null;
  const dispersion = dispersionOf(history);
  const rates = profileOf(hours, hours, dispersion);
  const band = { timeZone, rates, days: daysOf(hours), dispersion, spread: SPREAD_MIN, hours: hours.length };
  return { ...band, spread: spreadOf(history, hours, band) };
}

function hoursOf({ from, counts }: MinuteCounts, timeZone: string): Hour[] {
  const sums = new Map<number, { sum: number; minutes: number }>();
  for (const [index, count] of counts.entries()) {
    if (count === null) continue;
    const at = from + index * MINUTE_MS;
    const hour = Math.floor((at + offsetAt(timeZone, at)) / HOUR_MS);
    const known = sums.get(hour);
    if (known === undefined) sums.set(hour, { sum: count, minutes: 1 });
    else {
      known.sum += count;
      known.minutes += 1;
    }
  }
  return [...sums]
    .filter(([, { minutes }]) => minutes >= MINUTES_AN_HOUR_MIN)
    .map(([hour, { sum, minutes }]) => ({
      slot: slotOf(hour),
      rate: sum / minutes,
      day: Math.floor(hour / HOURS_A_DAY),
    }));
}

const slotOf = (localHour: number): number =>
  (((localHour + EPOCH_WEEKDAY * HOURS_A_DAY) % HOURS_A_WEEK) + HOURS_A_WEEK) % HOURS_A_WEEK;

/** Mean of what is not far out: robust like a median, and right for small counts, where a median is 0. */
function clippedMean(values: readonly number[], dispersion: number): number {
  const middle = median(values);
  const deviation = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  const chance = Math.sqrt((dispersion * Math.max(middle, 1 / 60)) / 60);
  const reach = CLIP_DEVIATIONS * Math.max(deviation, chance, 0.1 * middle);
  const clipped = values.map((value) => Math.min(middle + reach, Math.max(middle - reach, value)));
  return clipped.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** @param all what weekdays are compared by, `hours` or more than these */
function profileOf(hours: Hour[], all: Hour[], dispersion: number): number[] {
  const daily = dailyOf(hours, dispersion);
  const usual = dailyOf(all, dispersion);
  const factors = Array.from({ length: 7 }, (_, weekday) => weekdayFactor(all, usual, weekday));
  const bySlot = Map.groupBy(hours, ({ slot }) => slot);
  return Array.from({ length: HOURS_A_WEEK }, (_, slot) => {
    const fallback = daily[slot % HOURS_A_DAY]! * factors[Math.floor(slot / HOURS_A_DAY)]!;
    const known = bySlot.get(slot);
    if (known === undefined) return fallback;
    const own = clippedMean(
      known.map(({ rate }) => rate),
      dispersion,
    );
    return (known.length * own + WEEKDAY_PRIOR * fallback) / (known.length + WEEKDAY_PRIOR);
  });
}

function dailyOf(hours: Hour[], dispersion: number): number[] {
  const overall = hours.reduce((sum, { rate }) => sum + rate, 0) / hours.length;
  const byHour = Map.groupBy(hours, ({ slot }) => slot % HOURS_A_DAY);
  return Array.from({ length: HOURS_A_DAY }, (_, hour) => {
    const rates = byHour.get(hour)?.map(({ rate }) => rate);
    return rates === undefined ? overall : clippedMean(rates, dispersion);
  });
}

function daysOf(hours: Hour[]): number[] {
  const days = Array<number>(7).fill(0);
  for (const { slot } of hours) days[Math.floor(slot / HOURS_A_DAY)]! += 1 / HOURS_A_DAY;
  return days;
}

/** How a weekday compares with the daily profile; 1 for a weekday that was never seen, and drawn towards it otherwise. */
function weekdayFactor(hours: Hour[], daily: number[], weekday: number): number {
  const own = hours.filter(({ slot }) => Math.floor(slot / HOURS_A_DAY) === weekday);
  const expected = own.reduce((sum, { slot }) => sum + daily[slot % HOURS_A_DAY]!, 0);
  if (expected === 0) return 1;
  const days = own.length / HOURS_A_DAY;
  const factor = own.reduce((sum, { rate }) => sum + rate, 0) / expected;
  return (days * factor + 0.5) / (days + 0.5);
}

/** Variance of minutes around the mean of their own quarter of an hour, over that mean. */
function dispersionOf({ counts }: MinuteCounts): number {
  let squares = 0;
  let means = 0;
  for (let start = 0; start + LEVEL_BLOCK_MINUTES <= counts.length; start += LEVEL_BLOCK_MINUTES) {
    const block = counts.slice(start, start + LEVEL_BLOCK_MINUTES).filter((count) => count !== null);
    if (block.length < LEVEL_BLOCK_MINUTES) continue;
    const mean = block.reduce((sum, count) => sum + count, 0) / block.length;
    squares += block.reduce((sum, count) => sum + (count - mean) ** 2, 0) / (block.length - 1);
    means += mean;
  }
  return means === 0 ? 1 : Math.min(DISPERSION_MAX, Math.max(1, squares / means));
}

/**
 * The spread with which the past would have been judged rightly: every day is forecast from the other days and from the
 * level of the hours before, as it is done live, and chance plus this spread must explain all but a few quarter hours.
 */
function spreadOf(history: MinuteCounts, hours: Hour[], band: ExpectedBand): number {
  const blocks: [count: number, expected: number, level: Level][] = [];
  for (const day of new Set(hours.map((hour) => hour.day))) {
    const others = hours.filter((hour) => hour.day !== day);
    const without = { ...band, rates: profileOf(others, hours, band.dispersion), spread: SPREAD_MAX / 2 };
    const start = day * HOURS_A_DAY * HOUR_MS;
    const from = start - offsetAt(band.timeZone, start);
    const recent = minutesBetween(history, from - LEVEL_WINDOW_MS, from + HOURS_A_DAY * HOUR_MS);
    const levels = levelsAfter(without, recent);
    for (let at = from; at < from + HOURS_A_DAY * HOUR_MS; at += LEVEL_BLOCK_MS) {
      const block = minutesBetween(history, at, at + LEVEL_BLOCK_MS).counts;
      if (block.length < LEVEL_BLOCK_MINUTES || block.includes(null)) continue;
      const before = Math.round((at - recent.from) / LEVEL_BLOCK_MS) - 1 - LEVEL_LAG_BLOCKS;
      const level = lagged(levels[before] ?? usualLevel);
      const expected = level.factor * LEVEL_BLOCK_MINUTES * expectedRate(without, at + LEVEL_BLOCK_MS / 2);
      if (expected >= CALIBRATED_COUNTS_MIN * band.dispersion)
        blocks.push([block.reduce<number>((sum, count) => sum + count!, 0), expected, level]);
    }
  }
  if (blocks.length < CALIBRATED_BLOCKS_MIN) return SPREAD_UNKNOWN;
  for (let spread = SPREAD_MIN; spread < SPREAD_MAX; spread += 0.005) {
    const deviations = blocks.map(([count, expected, level]) =>
      Math.abs(deviationOf({ ...band, spread }, level, count, expected)),
    );
    if (quantile(deviations, EXPLAINED_SHARE) <= EXPLAINED_DEVIATIONS) return spread;
  }
  return SPREAD_MAX;
}

function quantile(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
}

function minutesBetween({ from, counts }: MinuteCounts, start: number, end: number): MinuteCounts {
  const first = Math.max(0, Math.round((start - from) / MINUTE_MS));
  const last = Math.max(first, Math.round((end - from) / MINUTE_MS));
  return { from: from + first * MINUTE_MS, counts: counts.slice(first, last) };
}

/** The minutes from which the level at a moment is told: a day, without those that may be under judgement. */
export const levelMinutes = (history: MinuteCounts, at: number): MinuteCounts =>
  minutesBetween(history, at - LEVEL_WINDOW_MS, at - LEVEL_LAG_BLOCKS * LEVEL_BLOCK_MS);

/** Counts expected in the minute that begins at `at`, at level 1: straight between the middles of hours. */
export function expectedRate({ rates, timeZone }: ExpectedBand, at: number): number {
  const position = (at + offsetAt(timeZone, at)) / HOUR_MS - 0.5;
  const hour = Math.floor(position);
  const share = position - hour;
  return (1 - share) * rates[slotOf(hour)]! + share * rates[slotOf(hour + 1)]!;
}

/**
 * The level after the recent past: a Kalman filter over quarters of an hour, which listens to a busy hour and not to a
 * quiet night. A block that is far out moves it only as far as chance goes: a short outage does not become the new normal.
 * @param recent see `levelMinutes`
 */
export function levelOf(band: ExpectedBand, recent: MinuteCounts): Level {
  return lagged(levelsAfter(band, recent).at(-1) ?? usualLevel);
}

/** The level after each block in turn. */
function levelsAfter(band: ExpectedBand, { from, counts }: MinuteCounts): Level[] {
  const levels: Level[] = [];
  let level = usualLevel;
  for (let start = 0; start + LEVEL_BLOCK_MINUTES <= counts.length; start += LEVEL_BLOCK_MINUTES) {
    const at = from + start * MINUTE_MS;
    let { factor, variance } = drifted(level);
    variance += newDay(band, at);
    let sum = 0;
    let minutes = 0;
    for (let index = start; index < start + LEVEL_BLOCK_MINUTES; index++) {
      const count = counts[index]!;
      if (count === null) continue;
      sum += count;
      minutes += 1;
    }
    const usual = minutes * expectedRate(band, at + LEVEL_BLOCK_MS / 2);
    if (usual > 0) {
      const noise = (band.dispersion * factor) / usual + (BLOCK_DEVIATION * factor) ** 2;
      const reach = CLIP_DEVIATIONS * Math.sqrt(variance + noise);
      const surprise = Math.min(reach, Math.max(-reach, sum / usual - factor));
      const gain = variance / (variance + noise);
      factor = Math.min(LEVEL_MAX, Math.max(LEVEL_MIN, factor + gain * surprise));
      variance *= 1 - gain;
    }
    level = { factor, variance };
    levels.push(level);
  }
  return levels;
}

const drifted = ({ factor, variance }: Level): Level => ({
  factor: 1 + LEVEL_MEMORY * (factor - 1),
  variance: LEVEL_MEMORY ** 2 * variance + LEVEL_DRIFT ** 2,
});

/** What is left of a level by the time it is used. */
function lagged(level: Level): Level {
  let later = level;
  for (let lag = 0; lag < LEVEL_LAG_BLOCKS; lag++) later = drifted(later);
  return later;
}

/** Each day is a day of its own, the more so the less its weekday is known. */
function newDay({ timeZone, days }: ExpectedBand, at: number): number {
  const local = at + offsetAt(timeZone, at);
  if (local % (HOURS_A_DAY * HOUR_MS) >= LEVEL_BLOCK_MINUTES * MINUTE_MS) return 0;
  const seen = days[Math.floor(slotOf(Math.floor(local / HOUR_MS)) / HOURS_A_DAY)]!;
  return NEW_DAY_DEVIATION ** 2 / (1 + NEW_DAY_CERTAINTY * seen);
}

const varianceOf = ({ dispersion, spread }: ExpectedBand, { factor, variance }: Level, expected: number): number =>
  dispersion * expected + (spread ** 2 + variance / factor ** 2) * expected ** 2;

/** The counts expected between two moments, all minutes together, and the band within which they are nothing unusual. */
export function expectBetween(
  band: ExpectedBand,
  level: Level,
  from: number,
  to: number,
  deviations = BAND_DEVIATIONS,
): Expectation {
  const expected = countBetween(band, level, from, to);
  const top = expected + BAND_COUNTS_MIN + 2 * deviations * (deviations + Math.sqrt(varianceOf(band, level, expected)));
  const low = meeting(0, expected, (count) => deviationOf(band, level, count, expected) >= -deviations);
  const high = meeting(expected, top, (count) => deviationOf(band, level, count, expected) >= deviations);
  return {
    low: Math.max(0, Math.min(low, expected - BAND_COUNTS_MIN)),
    expected,
    high: Math.max(high, expected + BAND_COUNTS_MIN),
  };
}

export function countBetween(band: ExpectedBand, level: Level, from: number, to: number): number {
  let expected = 0;
  for (let at = from; at < to; at += MINUTE_MS) expected += level.factor * expectedRate(band, at);
  return expected;
}

/** The least number between two at which something begins to hold, by halving. */
function meeting(from: number, to: number, holds: (value: number) => boolean): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * How many deviations of a normal distribution a count is from what was expected: the signed root of the deviance of a
 * quasi-Poisson count (McCullagh and Nelder), half a count nearer for continuity; right also where counts are small.
 */
export function deviationOf(band: ExpectedBand, level: Level, count: number, expected: number): number {
  const mean = Math.max(expected, 1e-9);
  const scale = Math.max(1, varianceOf(band, level, mean) / mean);
  const away = Math.max(0, Math.abs(count - mean) / scale - 0.5);
  const usual = mean / scale;
  const seen = count < mean ? usual - away : usual + away;
  const deviance = 2 * (usual - seen + (seen > 0 ? seen * Math.log(seen / usual) : 0));
  return Math.sign(count - mean) * Math.sqrt(Math.max(0, deviance));
}
