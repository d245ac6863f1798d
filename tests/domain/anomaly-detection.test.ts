/** Drops and spikes of seeded synthetic weeks are found, and quiet weeks stay quiet. */
import { describe, expect, test } from 'vitest';
import { type AnomalyDetection, startAnomalyDetection } from '../../server/jobs/detect-anomalies.ts';
import type { Event, EventOf } from '../../streams/events/index.ts';
import { countsOf, meansOf, randomFrom } from '../support/synthetic-minutes.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 7);
const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const HOUR_MS = 60 * MINUTE_MS;
const FROM = Date.UTC(2026, 2, 2);
/** Mean counts a minute of each channel; at its busiest hours twice as many, at night a tenth. */
const channels = { kiosk: 0.4, store: 3, web: 10, amazon: 40 };
type Injected = { channel: string; at: number; minutes: number; factor: number };

type Week = { learnDays: number; watchedDays?: number; seed: number; injected?: Injected[]; holes?: [number, number] };

/** Minutes per KPI and channel of the days to learn from and of one week more. */
function weekOf({ learnDays, seed: own, injected = [], holes }: Week) {
  const days = learnDays + 7;
  const series = new Map<string, Map<string, (number | null)[]>>();
  for (const [kpi, unitsPerOrder] of [
    ['orders', 1],
    ['units', 3],
  ] as const) {
    const byChannel = new Map<string, (number | null)[]>();
    const whole: (number | null)[] = Array(days * DAY_MINUTES).fill(0);
    for (const [index, [channel, perMinute]] of Object.entries(channels).entries()) {
      const shape = { perMinute, seed: own * 100 + index, from: FROM, days, unitsPerOrder };
      const means = meansOf(shape);
      for (const drop of injected.filter((one) => one.channel === channel)) {
        for (let minute = drop.at; minute < drop.at + drop.minutes; minute++) means[minute]! *= drop.factor;
      }
      const counts: (number | null)[] = countsOf(means, shape);
      for (const [minute, count] of counts.entries()) whole[minute]! += count!;
      byChannel.set(channel, counts);
    }
    byChannel.set('', whole);
    if (holes !== undefined) for (const counts of byChannel.values()) counts.fill(null, ...holes);
    series.set(kpi, byChannel);
  }
  return series;
}

/** Runs the job over the week, an hour at a time, and gives what it told. */
async function watch(week: Week, look: (detection: AnomalyDetection, now: number) => void = () => {}) {
  const series = weekOf(week);
  const events: Event[] = [];
  let now = FROM + week.learnDays * DAY_MINUTES * MINUTE_MS;
  const end = now + (week.watchedDays ?? 7) * DAY_MINUTES * MINUTE_MS;
  const detection = startAnomalyDetection({
    async readMinutes(kpi, from, to) {
      const first = (from - FROM) / MINUTE_MS;
      return new Map(
        [...series.get(kpi)!].map(([channel, counts]) => [
          channel,
          Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => counts[first + index] ?? null),
        ]),
      );
    },
    appendEvent: async (event) => void events.push(event),
    timeZone: () => 'UTC',
    logger: { info() {}, warn() {} },
    now: () => now,
    everyMs: 2 ** 30,
  });
  for (; now <= end; now += HOUR_MS) {
    await detection.detect();
    look(detection, now);
  }
  await detection.stop();
  return events as (EventOf<'anomaly.detected'> | EventOf<'anomaly.cleared'>)[];
}

const minuteOf = (at: number): number => (at - FROM) / MINUTE_MS;

/** One change a day in every channel, at a minute when it has at least three orders a minute. */
function injectedInto({ learnDays, seed: own }: Week, minutes: number, factor: number): Injected[] {
  const random = randomFrom(own + 1);
  return Object.entries(channels).flatMap(([channel, perMinute], index) => {
    const means = meansOf({ perMinute, seed: own * 100 + index, from: FROM, days: learnDays + 7 });
    return Array.from({ length: 7 }, (_, day) => {
      for (let attempt = 0; attempt < 100; attempt++) {
        const at = (learnDays + day) * DAY_MINUTES + 90 + Math.floor(random() * (DAY_MINUTES - 180));
        if (Math.min(...means.slice(at, at + minutes)) >= 3) return { channel, at, minutes, factor };
      }
      return null;
    }).filter((one) => one !== null);
  });
}

const found = (events: Awaited<ReturnType<typeof watch>>, kpi: string, one: Injected) =>
  events.find(
    ({ type, data }) =>
      type === 'anomaly.detected' &&
      data.kpi === kpi &&
      data.channel === one.channel &&
      minuteOf(data.at) > one.at &&
      minuteOf(data.at) <= one.at + one.minutes + 5,
  );

describe(`on synthetic weeks (SEED=${seed})`, () => {
  test('at most one false alarm per series and week after 8 days, and not many more after 2', {
    timeout: 240_000,
  }, async () => {
    for (const [learnDays, max] of [
      [8, 1],
      [2, 2.5],
    ] as const) {
      let alarms = 0;
      let weeks = 0;
      for (let own = seed; own < seed + (learnDays === 8 ? 2 : 1); own++) {
        const events = await watch({ learnDays, seed: own });
        alarms += events.filter(({ type }) => type === 'anomaly.detected').length;
        weeks += 2 * (Object.keys(channels).length + 1);
      }
      console.info(`learned from ${learnDays} days: ${alarms} false alarms in ${weeks} series-weeks`);
      expect(alarms / weeks).toBeLessThanOrEqual(max);
    }
  });

  test('drops of 60 % for 20 minutes at three or more orders a minute are found while they last', {
    timeout: 240_000,
  }, async () => {
    const counts = { drops: 0, busy: 0, all: 0, allBusy: 0, delays: [] as number[] };
    for (let own = seed; own < seed + 2; own++) {
      const week = { learnDays: 8, seed: own };
      const injected = injectedInto(week, 20, 0.4);
      const events = await watch({ ...week, injected });
      for (const drop of injected) {
        const alarm = found(events, 'orders', drop);
        const busy = drop.channel !== 'store';
        counts.all += 1;
        counts.drops += alarm === undefined ? 0 : 1;
        counts.allBusy += busy ? 1 : 0;
        counts.busy += busy && alarm !== undefined ? 1 : 0;
        if (alarm !== undefined) counts.delays.push(minuteOf(alarm.data.at) - drop.at);
      }
    }
    const delay = counts.delays.sort((a, b) => a - b)[counts.delays.length >> 1];
    console.info(
      `drops found ${counts.drops} of ${counts.all}, ${counts.busy} of ${counts.allBusy} in busy channels; median delay ${delay} minutes`,
    );
    expect(counts.drops / counts.all).toBeGreaterThanOrEqual(0.95);
    expect(counts.busy / counts.allBusy).toBeGreaterThanOrEqual(0.95);
    expect(delay).toBeLessThanOrEqual(10);
  });

  test('spikes of 150 % for 15 minutes are found', { timeout: 120_000 }, async () => {
    const week = { learnDays: 8, seed };
    const injected = injectedInto(week, 15, 2.5);
    const events = await watch({ ...week, injected });
    const caught = injected.filter((one) => found(events, 'orders', one) !== undefined);
    console.info(`spikes found ${caught.length} of ${injected.length}`);
    expect(caught.length / injected.length).toBeGreaterThanOrEqual(0.95);
  });

  test('an anomaly is told once, below its band, and cleared when it is over', { timeout: 60_000 }, async () => {
    const at = 8 * DAY_MINUTES + 2 * DAY_MINUTES + 12 * 60;
    const drop = { channel: 'amazon', at, minutes: 60, factor: 0 };
    const events = (await watch({ learnDays: 8, watchedDays: 3, seed, injected: [drop] })).filter(
      ({ data }) =>
        data.kpi === 'orders' && data.channel === 'amazon' && minuteOf(data.at) > at && minuteOf(data.at) < at + 120,
    );
    expect(events.map(({ type }) => type)).toEqual(['anomaly.detected', 'anomaly.cleared']);
    const detected = events[0] as EventOf<'anomaly.detected'>;
    expect(detected.id).toBe(`anomaly:orders:amazon:${detected.data.at}`);
    expect(detected.source).toBe('tideline');
    expect(detected.data.value).toBeLessThan(detected.data.low);
    expect(detected.data.low).toBeLessThan(detected.data.expected);
    expect(detected.data.score).toBeGreaterThan(0.5);
    expect(minuteOf(detected.data.at) - at).toBeLessThanOrEqual(5);
    expect(minuteOf(events[1]!.data.at)).toBeGreaterThan(at + 60);
  });

  test('minutes of which nothing is known raise no alarm, and the band goes on', { timeout: 60_000 }, async () => {
    const at = 8 * DAY_MINUTES + 3 * DAY_MINUTES + 11 * 60;
    let bands = 0;
    const events = await watch({ learnDays: 8, watchedDays: 4, seed, holes: [at, at + 300] }, (detection, now) => {
      const band = detection.bandFor('orders', undefined, { from: now - HOUR_MS, stepMs: 5 * MINUTE_MS, steps: 12 });
      expect(band?.mid.every((mid, step) => band.low[step]! < mid && mid < band.high[step]!)).toBe(true);
      bands += 1;
    });
    expect(bands).toBeGreaterThan(90);
    expect(events.filter(({ data }) => minuteOf(data.at) > at && minuteOf(data.at) < at + 330)).toEqual([]);
  });
});
