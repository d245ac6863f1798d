/** What detectors tell of a company whose orders are made: once per cause, in the right name, also across restarts. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { SavedSeries } from '../../analytics/anomalies/watching/watched.ts';
import { type AnomalyDetectionOptions, startAnomalyDetection } from '../../server/jobs/detect-anomalies.ts';
import type { SavedWhole } from '../../server/signals/kept-signals.ts';
import type { Around } from '../../server/signals/surroundings.ts';
import type { Event, EventOf } from '../../streams/events/index.ts';
import { newQuality } from '../../streams/operations/sources/source-quality.ts';
import type { Source } from '../../streams/operations/states.ts';
import {
  atMinute,
  DAY_MS,
  type Fault,
  FROM,
  HOUR_MS,
  makeCompany,
  minuteOf,
  readerOf,
  TEN_MINUTES_MS,
} from '../support/signals/made-company.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 7);
const LEARN_DAYS = 14;
const WATCHED_DAYS = 2;
const DAY_MINUTES = 1_440;
type Told = EventOf<'anomaly.detected'> | EventOf<'anomaly.cleared'>;
type Kept = { whole: SavedWhole; series: Map<string, string> };

const sourceOf = (channel: string, silentSince = 0): Source =>
  ({
    ...newQuality,
    source: `${channel}-shop`,
    kind: 'channel',
    channel,
    node: '',
    silentSince,
    lastReceivedAt: 1,
  }) as Source;

type Run = {
  faults?: readonly Fault[];
  /** Moments, in minutes of the record, at which the process is stopped and another one begins. */
  restarts?: readonly number[];
  around?: (now: number) => Partial<Around>;
  /** As history tells them afterwards. */
  silences?: readonly { source: string; from: number; to: number }[];
  everyMs?: number;
  /** What history has not been told yet, by minutes of the record. */
  isHidden?: (channel: string, start: number, now: number) => boolean;
};

/** Runs the job over the watched days as a clock would, and gives what it told. */
async function run({
  faults = [],
  restarts = [],
  silences = [],
  isHidden = () => false,
  around = () => ({}),
  everyMs = TEN_MINUTES_MS,
}: Run) {
  const company = makeCompany(seed, LEARN_DAYS + WATCHED_DAYS, faults);
  const reader = readerOf(company, silences, (channel, start) => isHidden(channel, minuteOf(start), minuteOf(now)));
  const events: Told[] = [];
  const points = new Map<string, number>();
  const left = new Set(restarts);
  let now = FROM + LEARN_DAYS * DAY_MS;
  let kept: Kept | undefined;
  const options: AnomalyDetectionOptions = {
    lookAround: async () => ({
      around: {
        now,
        timeZone: 'UTC',
        currency: 'EUR',
        sources: [],
        planned: [],
        categoryOf: () => undefined,
        settings: { alarmsPerSeriesAndWeek: 0.2, series: {} },
        ownerOf: () => 'Head of sales',
        ...around(now),
      },
    }),
    readerFor: () => reader,
    load: async () =>
      kept === undefined
        ? null
        : {
            whole: kept.whole,
            series: async (name) => JSON.parse(kept!.series.get(name) ?? 'null') as SavedSeries | undefined,
          },
    async save(watch, whole) {
      const series = new Map(watch.all().map((one) => [one.series.name, JSON.stringify(one.save())]));
      kept = { whole: JSON.parse(JSON.stringify({ ...whole, ...watch.save(), shape: 1 })) as SavedWhole, series };
      return new Map();
    },
    async keep(judged) {
      for (const { series, at, score } of judged) points.set(`${series.name}|${at}`, score);
    },
    leaveBands: async () => undefined,
    explain: async (one) => [{ values: { country: `of ${one.series.name}` }, share: 1, value: 1, expected: 2 }],
    tellStatus: async () => undefined,
    appendEvent: async (event: Event) => void events.push(event as Told),
    readOpen: async () => [],
    logger: { info() {}, warn: (words) => expect.fail(words) },
    now: () => now,
    everyMs: 2 ** 30,
  };
  let detection = startAnomalyDetection(options);
  for (const end = now + WATCHED_DAYS * DAY_MS; now <= end; now += everyMs) {
    await detection.detect();
    for (const at of left) {
      if (minuteOf(now) < at) continue;
      left.delete(at);
      await detection.stop();
      detection = startAnomalyDetection(options);
    }
  }
  await detection.stop();
  return { events, points, asked: reader.asked };
}

const nameOf = ({ data }: Told): string =>
  data.channel === undefined ? data.kpi : `${data.kpi}/channel=${data.channel}`;
const between = (events: readonly Told[], from: number, to: number) =>
  events.filter(({ data }) => minuteOf(data.at) > from && minuteOf(data.at) <= to);

describe(`a shop that breaks for an hour and a half (SEED=${seed})`, () => {
  const at = (LEARN_DAYS + 1) * DAY_MINUTES + 12 * 60;
  const broken: Fault = { channel: 'web', at, minutes: 90, factor: 0.1 };
  let told: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    told = await run({ faults: [broken] });
  }, 60_000);

  test('is one line, in the name of the channel it happened in, while it lasts', () => {
    const about = between(told.events, at, at + 180);
    const detected = about.filter(({ type }) => type === 'anomaly.detected');
    expect(new Set(detected.map(nameOf))).toEqual(new Set(['orders/channel=web']));
    expect(minuteOf(detected[0]!.data.at) - at).toBeLessThanOrEqual(30);
  });
  test('names what fell with it, what it costs and who answers for it', () => {
    const first = between(told.events, at, at + 180).find(({ type }) => type === 'anomaly.detected')!;
    const data = first.data as EventOf<'anomaly.detected'>['data'];
    expect(data.agrees).toEqual(expect.arrayContaining(['units/channel=web', 'revenue/channel=web']));
    expect(data).toMatchObject({ bad: true, owner: 'Head of sales', name: 'Orders', minutes: 10 });
    expect(['drop', 'shift-down']).toContain(data.what);
    expect(data.value).toBeLessThan(data.low);
    expect(data.low).toBeLessThan(data.expected);
    expect(data.moneyAtRisk).toBeGreaterThan(0);
    expect(data.roots?.[0]?.values).toEqual({ country: 'of orders/channel=web' });
    expect(data.since).toBeLessThan(data.at);
  });
  test('is shown by a figure that lies outside of its band, whenever it is told', () => {
    for (const { type, data } of told.events) {
      if (type === 'anomaly.detected')
        expect(data.value < data.low || data.value > data.high, JSON.stringify(data)).toBe(true);
    }
  });
  test('is taken back when it is over', () => {
    const cleared = between(told.events, at + 90, at + 300).filter(({ type }) => type === 'anomaly.cleared');
    expect(cleared.map(nameOf)).toContain('orders/channel=web');
  });
  test('leaves little else to be told in three days', () => {
    const others = told.events.filter(
      ({ type, data }) => type === 'anomaly.detected' && Math.abs(minuteOf(data.at) - at) > 300,
    );
    console.info(`told besides, in ${WATCHED_DAYS} days: ${others.map(nameOf).join(', ') || 'nothing'}`);
    expect(new Set(others.map(nameOf)).size).toBeLessThanOrEqual(2);
  });
  test('is judged the same by processes that were stopped and went on from what was saved', {
    timeout: 60_000,
  }, async () => {
    const again = await run({ faults: [broken], restarts: [at - 1_000, at + 30, at + 500] });
    expect(again.events.map(({ id }) => id)).toEqual(told.events.map(({ id }) => id));
    expect(again.points).toEqual(told.points);
  });
  test('is judged the same by a process that looks twice a day, which asks far less', { timeout: 60_000 }, async () => {
    const rare = await run({ faults: [broken], everyMs: 12 * HOUR_MS });
    expect(rare.asked).toBeLessThan(told.asked / 5);
    expect(rare.points.size).toBeGreaterThan(told.points.size / 2);
    for (const [point, score] of rare.points) expect(told.points.get(point)).toBe(score);
  });
});

describe('what nobody tells us of', () => {
  const at = (LEARN_DAYS + 1) * DAY_MINUTES + 12 * 60;
  const gone: Fault = { channel: 'amazon', at, minutes: 240, factor: 0 };
  const sources = (now: number) => {
    const silent = minuteOf(now) >= at + 12 && minuteOf(now) < at + 240;
    return { sources: [sourceOf('web'), sourceOf('store'), sourceOf('amazon', silent ? atMinute(at) : 0)] };
  };

  const silences = [{ source: 'amazon-shop', from: atMinute(at), to: atMinute(at + 240) }];

  test('is told as no data, never as a drop, and the whole goes on with what was expected of it', {
    timeout: 60_000,
  }, async () => {
    const { events } = await run({ faults: [gone], around: sources, silences });
    const about = between(events, at + 12, at + 240) as EventOf<'anomaly.detected'>[];
    const detected = about.filter(({ type }) => type === 'anomaly.detected');
    expect(detected.map((event) => [nameOf(event), event.data.what])).toContainEqual([
      'orders/channel=amazon',
      'missing',
    ]);
    expect(detected.filter(({ data }) => data.channel === undefined)).toEqual([]);
    expect(detected.every(({ data }) => data.what === 'missing')).toBe(true);
  });
});

describe('what comes late', () => {
  const at = (LEARN_DAYS + 1) * DAY_MINUTES + 12 * 60;
  const isHidden = (channel: string, start: number, now: number) =>
    channel === 'amazon' && start >= at && start < at + 40 && now < at + 55;

  test('takes back the alarm that it was missing', { timeout: 60_000 }, async () => {
    const { events } = await run({ isHidden });
    const about = between(events, at, at + 100).filter((event) => nameOf(event) === 'orders/channel=amazon');
    expect([about[0]?.type, about.at(-1)?.type]).toEqual(['anomaly.detected', 'anomaly.cleared']);
    // Three quiet buckets would have been over at the seventieth minute.
    expect(minuteOf(about.at(-1)!.data.at) - at).toBeLessThanOrEqual(60);
  });
});

describe('what was planned', () => {
  const at = (LEARN_DAYS + 1) * DAY_MINUTES + 10 * 60;
  const sale: Fault = { channel: 'web', at, minutes: 360, factor: 1.8 };
  const planned = [
    { entry: 's', kind: 'promotion', name: 'Sale', from: atMinute(at), to: atMinute(at + 360) },
  ] as const;
  const told = (events: readonly Told[]) =>
    between(events, at, at + 360).filter(({ type }) => type === 'anomaly.detected');

  test('alarms nobody, and would have without the plan', { timeout: 60_000 }, async () => {
    const [silent, loud] = [await run({ faults: [sale], around: () => ({ planned }) }), await run({ faults: [sale] })];
    expect(told(loud.events).length).toBeGreaterThan(0);
    expect(told(silent.events)).toEqual([]);
  });
});
