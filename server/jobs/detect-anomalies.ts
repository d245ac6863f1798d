/** Watches the series of all KPIs, and tells when they leave what is expected of them. */
import { nameOf, type SeriesOf } from '../../analytics/anomalies/watching/series.ts';
import { createWatch, type Told, type Watch } from '../../analytics/anomalies/watching/watch.ts';
import type { JudgedPoint, Watched } from '../../analytics/anomalies/watching/watched.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import type { Event, EventOf } from '../../streams/events/index.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import type { SavedSignals, SavedWhole } from '../signals/kept-signals.ts';
import { type Plan, planSeries } from '../signals/plan-series.ts';
import type { FiguresReader } from '../signals/read-figures.ts';
import { bringUp, type RoundDone } from '../signals/rounds.ts';
import { type SeriesStatus, type SignalsStatus, statusesOf } from '../signals/status.ts';
import type { Around, LookedAround } from '../signals/surroundings.ts';

const MINUTE_MS = 60_000;
const EVERY_MS = MINUTE_MS / 2;
const PLAN_EVERY_MS = 24 * 60 * MINUTE_MS;
const SAVE_EVERY_MS = 60 * MINUTE_MS;
/** A first round that finds nothing of a series tries again soon: business may only just have begun. */
const PLAN_EMPTY_EVERY_MS = 5 * MINUTE_MS;
/** Microseconds a point are told over so many points. */
const COST_OVER_POINTS = 5_000;

export type AnomalyDetectionOptions = {
  lookAround(skus: readonly string[]): Promise<LookedAround>;
  readerFor(where: () => { timeZone: string; currency: string }): FiguresReader;
  load(timeZone: string): Promise<SavedSignals | null>;
  /** @returns the bytes that are kept of each series */
  save(watch: Watch, whole: Omit<SavedWhole, 'groups' | 'shape'>): Promise<Map<string, number>>;
  keep(points: readonly JudgedPoint[]): Promise<void>;
  tellStatus(status: SignalsStatus, series: readonly SeriesStatus[], gone: readonly string[]): Promise<void>;
  /** Leaves what is expected around now where boards find it. */
  leaveBands(watch: Watch, around: Around): Promise<void>;
  appendEvent(event: Event): Promise<void>;
  /** What stands open as anomalies, so that a restart can take back what is over. */
  readOpen(): Promise<SeriesOf[]>;
  /** Which values made the change; none where that cannot be said. */
  explain(
    one: Watched,
    data: EventOf<'anomaly.detected'>['data'],
    around: Around,
  ): Promise<NonNullable<EventOf<'anomaly.detected'>['data']['roots']>>;
  logger: { info(words: string): void; warn(words: string): void };
  /** Wall time, epoch ms. */
  now(): number;
  everyMs?: number;
};

export type AnomalyDetection = {
  /** Judges all buckets that have been closed since the last time. */
  detect(): Promise<RoundDone | null>;
  stop(): Promise<void>;
};

type Going = { watch: Watch; plan: Plan; plannedAt: number; reader: FiguresReader; timeZone: string };

export function startAnomalyDetection(options: AnomalyDetectionOptions): AnomalyDetection {
  const { logger, everyMs = EVERY_MS } = options;
  let going: Going | undefined;
  let until = new Map<string, number>();
  let savedAt = 0;
  let bytes = new Map<string, number>();
  const cost = { points: 0, ms: 0 };
  let lastDone: RoundDone | null = null;
  let lastMs = 0;
  let running: Promise<RoundDone | null> = Promise.resolve(null);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function begin(around: Around): Promise<Going> {
    const saved = await options.load(around.timeZone);
    const reader = options.readerFor(() => around);
    const plan = await planned(reader, around);
    const watch = createWatch({ timeZone: around.timeZone, saved: saved?.whole });
    until = new Map();
    for (const series of plan.series) {
      const goesOn = watch.add(series, await saved?.series(series.name));
      if (goesOn) until.set(series.name, saved!.whole.until[series.name]!);
    }
    // What is learned at a start is saved after the first round: a crash must not make it be learned again.
    savedAt = 0;
    logger.info(`${plan.series.length} series are watched, ${until.size} of them go on from what was learned`);
    return { watch, plan, plannedAt: around.now, reader, timeZone: around.timeZone };
  }

  async function planned(reader: FiguresReader, around: Around): Promise<Plan> {
    const sources = around.sources.filter(({ kind }) => kind !== 'replay').map(({ source }) => source);
    return planSeries(reader, { ...around, sources });
  }

  /** What has come to be worth watching is watched, and what has ended is not. */
  async function planAgain(own: Going, around: Around): Promise<void> {
    const plan = await planned(own.reader, around);
    const chosen = new Map(plan.series.map((series) => [series.name, series]));
    for (const { series } of own.watch.all()) {
      // A grain that changed begins anew: what was learned of other buckets says nothing of these.
      if (chosen.get(series.name)?.grainMs === series.grainMs) continue;
      for (const told of own.watch.drop(series.name, around.now)) await tell(told, around);
      until.delete(series.name);
    }
    for (const series of plan.series) if (own.watch.get(series.name) === undefined) own.watch.add(series);
    own.plan = plan;
    own.plannedAt = around.now;
  }

  async function detectOnce(): Promise<RoundDone | null> {
    const began = performance.now();
    const skus = going?.plan.series.flatMap(({ sku }) => (sku === undefined ? [] : [sku])) ?? [];
    const looked = await options.lookAround(skus);
    if ('wait' in looked) {
      await status('waiting', looked.wait, null, 0);
      return null;
    }
    const { around } = looked;
    if (going !== undefined && going.timeZone !== around.timeZone) going = undefined;
    const isFirst = going === undefined;
    going ??= await begin(around);
    const planEvery = going.plan.series.length === 0 ? PLAN_EMPTY_EVERY_MS : PLAN_EVERY_MS;
    if (around.now - going.plannedAt >= planEvery) await planAgain(going, around);
    if (isFirst) await status('warming', 'learning from history', null, 0);
    const done = await bringUp({ ...going, keep }, until, around);
    for (const told of done.told) await tell(told, around);
    if (isFirst) await takeBack(going.watch, around);
    if (done.judged === 0) {
      await status('running', '', lastDone, lastMs);
      return done;
    }
    // Old rounds fade, so that it is the cost of late.
    const fade = cost.points > COST_OVER_POINTS ? 0.5 : 1;
    cost.points = cost.points * fade + done.judged;
    cost.ms = cost.ms * fade + done.judgeMs;
    await options.leaveBands(going.watch, around);
    await saveWhenDue(around.now);
    lastDone = done;
    lastMs = performance.now() - began;
    await status('running', '', done, lastMs, around);
    return done;
  }

  /** Charts of the past lack what could not be kept; that is no reason to stop watching. */
  async function keep(points: readonly JudgedPoint[]): Promise<void> {
    await options.keep(points).catch((error: Error) => logger.warn(`judged points are not kept: ${error.message}`));
  }

  /** What stands open and is not out any more, or not watched: a restart must not leave it standing. */
  async function takeBack(watch: Watch, around: Around): Promise<void> {
    const speakers = new Set(watch.groups().map(({ speaker }) => speaker));
    for (const of of await options.readOpen()) {
      if (speakers.has(nameOf(of))) continue;
      const value = watch.get(nameOf(of))?.memory.last?.value ?? 0;
      const data = { ...of, at: around.now, value };
      await append({ type: 'anomaly.cleared', data }, nameOf(of), around.now);
    }
  }

  async function tell(told: Told, around: Around): Promise<void> {
    const { name, kpi } = told.series;
    logger.info(`${name}: anomaly ${told.change}`);
    if (told.change === 'cleared') return append({ type: 'anomaly.cleared', data: told.data }, name, told.data.at);
    const roots = await options.explain(going!.watch.get(name)!, told.data, around).catch((error: Error) => {
      logger.warn(`${name}: not explained: ${error.message}`);
      return [];
    });
    const { name: title, unit, direction } = kpiById(kpi)!;
    const bad = isBad(direction, told.data);
    const words = { name: title, unit, owner: around.ownerOf(kpi), ...(bad === undefined ? {} : { bad }) };
    const explained = roots.length === 0 ? {} : { roots };
    await append({ type: 'anomaly.detected', data: { ...told.data, ...words, ...explained } }, name, told.data.at);
  }

  type Said = Pick<EventOf<'anomaly.detected'>, 'type' | 'data'> | Pick<EventOf<'anomaly.cleared'>, 'type' | 'data'>;
  async function append(said: Said, name: string, at: number): Promise<void> {
    // The moment in its name: two processes that find it at once tell it once.
    const id = `${said.type}:${name.slice(0, 150)}:${at}`;
    await options.appendEvent({
      id,
      source: OWN_SOURCE,
      occurredAt: at,
      observedAt: at,
      receivedAt: options.now(),
      ...said,
    });
  }

  async function saveWhenDue(now: number): Promise<void> {
    if (going === undefined || now - savedAt < SAVE_EVERY_MS) return;
    await save(now);
  }

  async function save(now: number): Promise<void> {
    if (going === undefined || until.size === 0) return;
    const { watch, timeZone } = going;
    bytes = await options.save(watch, { timeZone, until: Object.fromEntries(until), savedAt: now });
    savedAt = now;
  }

  let toldOf = new Set<string>();
  async function status(
    state: SignalsStatus['state'],
    why: string,
    done: RoundDone | null,
    roundMs: number,
    around?: Around,
  ): Promise<void> {
    const series =
      going === undefined || around === undefined
        ? []
        : statusesOf(going.watch, around.settings, (name) => bytes.get(name) ?? 0);
    const names = new Set(series.map((one) => one.series));
    const gone = series.length === 0 ? [] : [...toldOf].filter((name) => !names.has(name));
    if (series.length > 0) toldOf = names;
    await options.tellStatus(
      {
        state,
        why,
        judgedUntil: Math.max(0, ...until.values()),
        leftOut: going?.plan.leftOut ?? 0,
        roundMs,
        readMs: done?.readMs ?? 0,
        points: done?.judged ?? 0,
        microsPerPoint: cost.points === 0 ? 0 : (1_000 * cost.ms) / cost.points,
        at: options.now(),
      },
      series,
      gone,
    );
  }

  /** One after the other: each goes on where the one before has ended. */
  function detect(): Promise<RoundDone | null> {
    running = running.catch(() => null).then(detectOnce);
    return running;
  }

  async function round(): Promise<void> {
    await detect().catch((error: Error) => logger.warn(`anomalies were not looked for: ${error.message}`));
    if (!stopped) timer = setTimeout(round, everyMs);
  }
  timer = setTimeout(round, 0);

  return {
    detect,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running.catch(() => null);
      // What was learned since the last hour need not be learned again.
      await save(options.now()).catch((error: Error) => logger.warn(`what was learned is not saved: ${error.message}`));
    },
  };
}

function isBad(
  direction: 'up' | 'down' | 'none',
  { value, expected, what }: EventOf<'anomaly.detected'>['data'],
): boolean | undefined {
  if (what === 'missing' || what === 'flat') return true;
  if (direction === 'none' || what === 'variance') return undefined;
  return direction === 'up' ? value < expected : value > expected;
}
