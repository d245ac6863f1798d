/** Watches orders and units per minute, of the whole workspace and of each channel, and tells when they leave their band. */
import {
  type ExpectedBand,
  expectBetween,
  type Level,
  learnBand,
  levelMinutes,
  levelOf,
  usualLevel,
} from '../../analytics/anomalies/expected-band.ts';
import {
  type Finding,
  judgeMinutes,
  MINUTES_JUDGED,
  notWatching,
  type Watch,
} from '../../analytics/anomalies/judge-minutes.ts';
import type { MinutesByChannel } from '../../analytics/kpis/minutes.ts';
import type { Event } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const EVERY_MS = MINUTE_MS;
export const WATCHED_KPIS = ['orders', 'units'] as const;
/** Weeks of minutes from which a band is learned, and how often. */
const LEARNED_MS = 28 * 24 * HOUR_MS;
const LEARN_EVERY_MS = 12 * HOUR_MS;
/** After a start the last hours are judged again in silence, to know what is open. */
const WARM_UP_MS = 24 * HOUR_MS;
/** Kept per series: what a level needs, and the warm-up. */
const KEPT_MS = WARM_UP_MS + 26 * HOUR_MS;
/** A minute is judged this long after it ended, and read again this long, because counts come late. */
const SETTLED_AFTER_MS = MINUTE_MS;
const READ_AGAIN_MS = 30 * MINUTE_MS;
const LEVEL_EVERY_MS = 15 * MINUTE_MS;
/** An anomaly is kept out of the level this long; what lasts longer is the new normal. */
const KEPT_OUT_MS = 6 * HOUR_MS;
const SERIES_MAX = 100;

export type AnomalyDetectionOptions = {
  /**
   * Counts of every minute of [from, to), per channel, '' for the whole workspace; null where nothing is known yet: a
   * silent feed or a history that is behind must not look like a drop.
   */
  readMinutes(kpi: string, from: number, to: number): Promise<MinutesByChannel>;
  appendEvent(event: Event): Promise<void>;
  /** What the workspace has open, so that a restart can take back what is over. */
  readOpen?(): Promise<{ kpi: string; channel?: string }[]>;
  timeZone(): string | Promise<string>;
  logger: { info(message: string): void; warn(message: string): void };
  /** Business time, epoch ms. */
  now(): number;
  everyMs?: number;
};

export type Band = { low: number[]; mid: number[]; high: number[] };
export type AnomalyDetection = {
  /** Counts expected in each of `steps` steps of `stepMs` from `from` on; null while nothing was learned. */
  bandFor(
    kpi: string,
    channel: string | undefined,
    shape: { from: number; stepMs: number; steps: number },
  ): Band | null;
  /** Judges all minutes that have settled since the last time. */
  detect(): Promise<void>;
  stop(): Promise<void>;
};

type Series = {
  kpi: string;
  channel: string;
  band: ExpectedBand | null;
  counts: Map<number, number | null>;
  levels: Map<number, Level>;
  watch: Watch;
  openSince: number;
  last: Finding | null;
};

export function startAnomalyDetection(options: AnomalyDetectionOptions): AnomalyDetection {
  const { logger, everyMs = EVERY_MS } = options;
  const series = new Map<string, Series>();
  const learnedAt = new Map<string, number>();
  let judgedUntil = 0;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function read(kpi: string, end: number): Promise<void> {
    const learning = end - (learnedAt.get(kpi) ?? 0) >= LEARN_EVERY_MS;
    const from = learning ? end - LEARNED_MS : Math.max(end - KEPT_MS, judgedUntil - READ_AGAIN_MS);
    const timeZone = await options.timeZone();
    for (const [channel, counts] of await options.readMinutes(kpi, from, end)) {
      const id = `${kpi}|${channel}`;
      if (!series.has(id) && series.size >= SERIES_MAX) continue;
      const known = series.get(id) ?? newSeries(kpi, channel);
      series.set(id, known);
      if (learning) known.band = learnBand({ from, counts }, timeZone);
      for (const [index, count] of counts.entries()) {
        const minute = from + index * MINUTE_MS;
        if (minute >= end - KEPT_MS) known.counts.set(minute, count);
      }
      forget(known.counts, end - KEPT_MS);
      forget(known.levels, end - KEPT_MS);
    }
    if (learning) learnedAt.set(kpi, end);
  }

  async function detect(): Promise<void> {
    const end = Math.floor((options.now() - SETTLED_AFTER_MS) / MINUTE_MS) * MINUTE_MS;
    if (end <= judgedUntil) return;
    for (const kpi of WATCHED_KPIS) await read(kpi, end);
    const warm = end - judgedUntil > WARM_UP_MS;
    const from = warm ? end - WARM_UP_MS : judgedUntil;
    for (const one of series.values()) {
      for (let at = from + MINUTE_MS; at <= end; at += MINUTE_MS) {
        const change = judge(one, at);
        if (change !== null && !warm) await tell(one, change, at);
      }
      if (warm && one.watch.open !== null) await tell(one, 'detected', one.openSince);
    }
    if (warm) await takeBack(end);
    judgedUntil = end;
  }

  /** What was open before a restart and is over by now. */
  async function takeBack(at: number): Promise<void> {
    for (const { kpi, channel = '' } of (await options.readOpen?.()) ?? []) {
      const one = series.get(`${kpi}|${channel}`);
      if (one !== undefined && one.watch.open === null) await tell(one, 'cleared', at);
    }
  }

  async function tell(one: Series, change: 'detected' | 'cleared', at: number): Promise<void> {
    const { kpi, channel, last } = one;
    const subject = {
      kpi,
      ...(channel === '' ? {} : { channel }),
      at,
      value: last?.value ?? one.counts.get(at - MINUTE_MS) ?? 0,
    };
    const { low = 0, expected = 0, high = 0, score = 0 } = last ?? {};
    const event = { id: `anomaly:${kpi}:${channel}:${at}`, source: OWN_SOURCE, occurredAt: at, observedAt: at };
    const receivedAt = options.now();
    logger.info(`${kpi} of ${channel || 'the workspace'}: anomaly ${change}`);
    if (change === 'cleared') {
      await options.appendEvent({ ...event, receivedAt, type: 'anomaly.cleared', data: subject });
    } else {
      const data = { ...subject, low, expected, high, score };
      await options.appendEvent({ ...event, receivedAt, type: 'anomaly.detected', data });
    }
  }

  async function round(): Promise<void> {
    running = detect().catch((error: Error) => logger.warn(`anomalies were not looked for: ${error.message}`));
    await running;
    if (!stopped) timer = setTimeout(round, everyMs);
  }
  timer = setTimeout(round, 0);

  return {
    detect,
    bandFor(kpi, channel = '', { from, stepMs, steps }) {
      const known = series.get(`${kpi}|${channel}`);
      if (!known?.band) return null;
      const band = known.band;
      const expected = Array.from({ length: steps }, (_, step) => {
        const at = from + step * stepMs;
        return expectBetween(band, levelAt(known, at), at, at + stepMs);
      });
      return {
        low: expected.map(({ low }) => low),
        mid: expected.map(({ expected: mid }) => mid),
        high: expected.map(({ high }) => high),
      };
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

const newSeries = (kpi: string, channel: string): Series => ({
  kpi,
  channel,
  band: null,
  counts: new Map(),
  levels: new Map(),
  watch: notWatching,
  openSince: 0,
  last: null,
});

function judge(one: Series, end: number): 'detected' | 'cleared' | null {
  if (one.band === null) return null;
  const slot = Math.floor(end / LEVEL_EVERY_MS) * LEVEL_EVERY_MS;
  const level = one.levels.get(slot) ?? levelOf(one.band, levelMinutes(past(one, slot), slot));
  one.levels.set(slot, level);
  const counts = countsOf(one, end - MINUTES_JUDGED * MINUTE_MS, end);
  const { watch, change, finding } = judgeMinutes(one.watch, one.band, level, counts, end);
  one.watch = watch;
  one.last = finding ?? one.last;
  if (change === 'detected') one.openSince = end;
  return change;
}

/** The last day of minutes, without those of an open anomaly. */
function past(one: Series, end: number) {
  const from = end - WARM_UP_MS - HOUR_MS;
  const keptOut = one.watch.open !== null && end - one.openSince < KEPT_OUT_MS;
  const since = keptOut ? one.openSince - MINUTES_JUDGED * MINUTE_MS : end;
  const counts = countsOf(one, from, end).map((count, index) => (from + index * MINUTE_MS >= since ? null : count));
  return { from, counts };
}

function countsOf({ counts }: Series, from: number, to: number): (number | null)[] {
  return Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => counts.get(from + index * MINUTE_MS) ?? null);
}

/** The level that was found for this moment, or the newest one. */
function levelAt({ levels }: Series, at: number): Level {
  const slot = Math.floor(at / LEVEL_EVERY_MS) * LEVEL_EVERY_MS;
  return levels.get(slot) ?? [...levels.values()].at(-1) ?? usualLevel;
}

function forget(map: Map<number, unknown>, before: number): void {
  for (const key of map.keys()) {
    if (key >= before) return;
    map.delete(key);
  }
}
