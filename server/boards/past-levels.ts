/**
 * What levels were: each hour of the last day, and at the same time a week ago. A level has no bucket, so history is
 * asked, in the background and once for all boards; until it has answered, a tile does without.
 */
import type { Kpi } from '../../analytics/kpis/index.ts';
import { type AskHistory, emptyIsZero, kpiSeries, type Point } from '../../analytics/kpis/series.ts';
import { HOUR_MS, MINUTE_MS } from '../../streams/operations/buckets.ts';
import type { Part } from './part.ts';

const HOURS = 24;
/** A reading of last week covers these minutes, so that it lasts until the next one. */
const LAST_WEEK_MINUTES = 10;
/** After a reading that failed, and for hours that history had not been told yet. */
const READ_AGAIN_MS = MINUTE_MS;
/** KPIs by part of the operation that nobody asked for in this time are forgotten. */
const FORGOTTEN_AFTER_MS = HOUR_MS;
const READINGS_MAX = 200;

export type PastLevel = { from: number; hours: (number | null)[]; lastWeek: number | null };
export type PastLevels = { of(kpi: Kpi, part: Part, lastWeek: number): PastLevel | null };

type Levels = Map<string, Map<number, number | null>>;
/** Levels by node or channel, and since when there is a record at all. */
type Reading = {
  since: number;
  readAt: number;
  askedAt: number;
  hour: number;
  minute: number;
  hours: Levels;
  minutes: Levels;
};
type Deps = {
  ask: AskHistory;
  /** The workspace, and business time in epoch ms. */
  situation(): { timeZone: string; currency: string; now: number };
  now(): number;
};

export function keepPastLevels({ ask, situation, now }: Deps): PastLevels {
  const readings = new Map<string, Reading>();
  /** One question at a time: boards are no reason to keep the engine from writing. */
  let asking: Promise<void> = Promise.resolve();
  const waiting = new Set<string>();

  function of(kpi: Kpi, part: Part, lastWeek: number): PastLevel | null {
    const by = part.node !== undefined ? 'node' : part.channel !== undefined ? 'channel' : null;
    // History has one dimension at a time.
    if (part.node !== undefined && part.channel !== undefined) return null;
    const id = `${kpi.id}|${by ?? ''}`;
    const reading = readings.get(id);
    if (reading !== undefined) reading.askedAt = now();
    if (isDue(reading, lastWeek) && !waiting.has(id)) {
      waiting.add(id);
      asking = asking.then(() => read(id, kpi, by, lastWeek)).finally(() => waiting.delete(id));
    }
    if (reading === undefined || reading.hours.size === 0) return null;
    const key = part.node ?? part.channel ?? '';
    const hours = reading.hours.get(key);
    const from = reading.hour - (HOURS - 1) * HOUR_MS;
    return {
      from,
      // What stood at the end of an hour stands under the moment it ended at.
      hours: Array.from({ length: HOURS }, (_, index) => hours?.get(from + (index - 1) * HOUR_MS) ?? null),
      lastWeek: levelAt(reading, kpi, key, floorTo(MINUTE_MS, lastWeek) - MINUTE_MS),
    };
  }

  function isDue(reading: Reading | undefined, lastWeek: number): boolean {
    if (reading === undefined) return true;
    if (now() - reading.readAt < READ_AGAIN_MS) return false;
    const isCovered =
      lastWeek >= reading.minute + MINUTE_MS && lastWeek < reading.minute + LAST_WEEK_MINUTES * MINUTE_MS;
    return !isCovered || floorTo(HOUR_MS, situation().now) !== reading.hour;
  }

  async function read(id: string, kpi: Kpi, by: 'node' | 'channel' | null, lastWeek: number): Promise<void> {
    const { timeZone, currency, now: businessNow } = situation();
    const hour = floorTo(HOUR_MS, businessNow);
    const minute = floorTo(MINUTE_MS, lastWeek) - MINUTE_MS;
    const shared = { by, timeZone, currency, now: businessNow };
    const known = readings.get(id) ?? {
      since: Number.POSITIVE_INFINITY,
      hour,
      minute,
      hours: new Map(),
      minutes: new Map(),
    };
    forget();
    try {
      const hours = await kpiSeries(ask, kpi, { ...shared, grain: 'hour', from: hour - HOURS * HOUR_MS, to: hour });
      const to = minute + LAST_WEEK_MINUTES * MINUTE_MS;
      const minutes = await kpiSeries(ask, kpi, { ...shared, grain: 'minute', from: minute, to });
      const [first] = await ask('kpis/first-order', {});
      const since = first === undefined ? Number.POSITIVE_INFINITY : Number(first['start']) * 1_000;
      const read = { since, hour, minute, hours: byKey(hours.series), minutes: byKey(minutes.series) };
      readings.set(id, { ...read, readAt: now(), askedAt: now() });
    } catch {
      // History is away: live figures go on with what is known of their past, and it is asked again.
      readings.set(id, { ...known, readAt: now(), askedAt: now() });
    }
  }

  function forget(): void {
    for (const [id, { askedAt }] of readings) {
      if (now() - askedAt > FORGOTTEN_AFTER_MS || readings.size >= READINGS_MAX) readings.delete(id);
    }
  }

  return { of };
}

/** A part of which nothing was ever told stood at nothing, where that is what no row means. */
function levelAt({ since, minutes }: Reading, kpi: Kpi, key: string, minute: number): number | null {
  const own = minutes.get(key);
  if (own === undefined) return emptyIsZero(kpi) && since <= minute ? 0 : null;
  return own.get(minute) ?? null;
}

const byKey = (series: { key: string; points: Point[] }[]): Levels =>
  new Map(series.map(({ key, points }) => [key, new Map(points)]));

const floorTo = (step: number, at: number): number => Math.floor(at / step) * step;
