/**
 * Channel B, novelty: spikes, new ranges, unseen shapes. It knows nothing of business and is right for unknown series.
 * Each statistic becomes a surprise by its own past, so no distribution is assumed and one threshold suits all.
 */
import { LocalSpread } from './local-spread.ts';
import { Records } from './records.ts';
import { RunningWindow } from './running-window.ts';
import { SeenValues } from './seen-values.ts';
import { ShapeMemory } from './shape-memory.ts';
import { SlotProfile } from './slot-profile.ts';
import { TailTable } from './tail-table.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAY_SLOTS_MAX = 288;
const WEEK_SLOTS_MAX = 336;
/** What a series learns from a point is at most this many times its usual distance from the baseline: not the anomaly. */
const REACH = 12;
const EWMA_RATE = 0.2;
const ERROR_RATE = 1 / 250;
/** A restless time of day takes this much of a departure's weight away. */
const RESTLESS_WEIGHT = 0.15;
/** A departure is measured in the spread of its time of day, and never in less than this share of the usual one. */
const SPREAD_SHARE_MIN = 0.1;
const DEPARTURE_MAX = 12;
const LONG_SHAPE_POINTS = 12;
const SHORT_SHAPE_POINTS = 5;
const SHAPES_MAX = 60;
/** The long shape is looked for every so many points: it is the dearest statistic, and changes slowly. */
const LONG_SHAPE_EVERY = 3;
/** A value farther than this share of the usual spread from all seen ones is new. */
const NEW_VALUE_SHARE = 0.25;
/** Before so many points, spreads are not yet known. */
const POINTS_FOR_SPREAD = 30;
const POINTS_FOR_REACH = 20;
const POINTS_TO_JUDGE = 40;
/** What a value beyond all others by the whole range adds to the surprise. */
const RECORD_WEIGHT = 1;
/** More than usual is this much of a surprise where something was planned. */
const PLANNED_WEIGHT = 0.3;
const POINTS_A_DAY_MIN = 8;
const POINTS_A_DAY_MAX = 2_000;
/** A better baseline makes small what was usual before it: what is remembered of that counts so much. */
const OLD_BASELINE_WEIGHT = 0.1;

/** In units of the first difference. Larger ones do not fit into what is remembered of shapes. */
const LARGEST = 1e30;

const SLOW = 0;
const DAILY = 1;
const WEEKLY = 2;

export type NoveltyFinding = { surprise: number; isUp: boolean };

export class NoveltyChannel {
  private readonly day: SlotProfile;
  private readonly week: SlotProfile;
  private readonly perDay: number;
  private points = 0;
  private firstAt = 0;
  /** Since the first point, and no more than there are points for. */
  private days = 0;
  /** Everything is measured from the first value: what matters is lost in the digits of large ones. */
  private origin = 0;
  /** 0 until a second value is known. */
  private unit = 0;
  private last = 0;
  private ewma = 0;
  private slow = 0;
  private readonly predictionErrors = new Float64Array(4);
  private readonly baselineErrors = new Float64Array(3);
  private bestBaseline = SLOW;
  private usualDistance = 0;
  private readonly spread: LocalSpread;
  private readonly measured3 = new RunningWindow(3);
  private readonly measured24 = new RunningWindow(24);
  private readonly records = new Records();
  private readonly longShapes = new ShapeMemory(LONG_SHAPE_POINTS, SHAPES_MAX);
  private readonly shortShapes = new ShapeMemory(SHORT_SHAPE_POINTS, SHAPES_MAX);
  private longShapeDistance = 0;
  private readonly values = new SeenValues();
  private readonly tails = Array.from({ length: 8 }, () => new TailTable());

  constructor(stepMs: number) {
    this.day = new SlotProfile(DAY_MS, stepMs, DAY_SLOTS_MAX);
    this.week = new SlotProfile(WEEK_MS, stepMs, WEEK_SLOTS_MAX);
    this.perDay = Math.max(POINTS_A_DAY_MIN, Math.min(POINTS_A_DAY_MAX, Math.round(DAY_MS / stepMs)));
    this.spread = new LocalSpread(this.day.slots);
  }

  /**
   * Judges, then learns. `local` is epoch ms by the clock of the place, for days and weeks. Where something was `planned`,
   * more than usual is no news, and what is usual is not learned.
   */
  add(local: number, value: number, planned = false): NoveltyFinding {
    if (this.points === 0) {
      this.origin = value;
      this.firstAt = local;
    }
    this.days = Math.min((local - this.firstAt) / DAY_MS, this.points / this.perDay);
    const x = this.measure(value);
    const daySlot = this.day.slotOf(local);
    const weekSlot = this.week.slotOf(local);
    const residual = this.residual(x, daySlot, weekSlot);
    const departure = this.departure(x, daySlot, weekSlot);
    const statistics = this.statistics(x, residual, departure, daySlot, planned);
    let sum = 0;
    for (let index = 0; index < statistics.length; index++) {
      const tail = this.tails[index]!;
      if (index >= NEEDS_SPREAD_FROM && this.points < POINTS_TO_JUDGE) continue;
      sum += tail.judge(statistics[index]!, !planned);
    }
    const record = planned ? 0 : this.records.beyond(x, departure, residual);
    this.learn(x);
    if (!planned) this.learnUsual(x, departure, daySlot, weekSlot);
    this.points += 1;
    const surprise = sum / statistics.length + RECORD_WEIGHT * record;
    return { surprise: planned && departure > 0 ? PLANNED_WEIGHT * surprise : surprise, isUp: departure >= 0 };
  }

  /** From the first value, in a unit of the series' own; a power of two, so that the unit of the figures does not matter. */
  private measure(value: number): number {
    const away = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value - this.origin));
    if (this.unit === 0 && away !== 0) this.unit = 2 ** Math.floor(Math.log2(Math.abs(away)));
    return this.unit === 0 ? 0 : Math.max(-LARGEST, Math.min(LARGEST, away / this.unit));
  }

  private statistics(x: number, residual: number, departure: number, daySlot: number, planned: boolean): Float64Array {
    const usual = this.usualDistance;
    const newFrom = planned ? Number.POSITIVE_INFINITY : usual;
    const here = this.spread.around(daySlot);
    const calm = usual > 0 ? usual / (usual + RESTLESS_WEIGHT * Math.max(0, here - usual)) : 1;
    const unit = (this.days > 2 ? here : usual) + SPREAD_SHARE_MIN * usual;
    const measured = this.points < POINTS_FOR_SPREAD || unit <= 0 ? 0 : departure / unit;
    const clipped = Math.max(-DEPARTURE_MAX, Math.min(DEPARTURE_MAX, measured));
    this.measured3.add(clipped);
    this.measured24.add(clipped);
    this.longShapes.add(x);
    this.shortShapes.add(x);
    if (this.points % LONG_SHAPE_EVERY === 0) this.longShapeDistance = this.longShapes.distance(newFrom);
    scratch[0] = calm * Math.abs(residual);
    scratch[1] = calm * Math.abs(departure);
    scratch[2] = this.longShapeDistance;
    scratch[3] = Math.abs(measured);
    scratch[4] = Math.abs(this.measured3.mean);
    scratch[5] = this.measured24.deviation;
    scratch[6] = this.shortShapes.distance(newFrom);
    scratch[7] = this.values.distance(x, NEW_VALUE_SHARE * newFrom);
    return scratch;
  }

  /** How far from what the best of four predictions says: the last value, a short mean, yesterday, last week. */
  private residual(x: number, daySlot: number, weekSlot: number): number {
    const errors = this.predictionErrors;
    const short = x - this.ewma;
    const daily = this.day.beyond(daySlot, x);
    const weekly = this.week.beyond(weekSlot, x);
    let best = errors[1]! < errors[0]! ? 1 : 0;
    if (!Number.isNaN(this.day.at(daySlot)) && this.days > 1 && errors[2]! < errors[best]!) best = 2;
    if (!Number.isNaN(this.week.at(weekSlot)) && this.days > 7 && errors[3]! < errors[best]!) best = 3;
    distances[0] = x - this.last;
    distances[1] = short;
    distances[2] = Number.isNaN(daily) ? short : daily;
    distances[3] = Number.isNaN(weekly) ? short : weekly;
    this.learnErrors(errors, distances);
    return distances[best]!;
  }

  /** How far from the best baseline, none of which follows the series within a day. */
  private departure(x: number, daySlot: number, weekSlot: number): number {
    const errors = this.baselineErrors;
    const daily = this.day.at(daySlot);
    const weekly = this.week.at(weekSlot);
    let best = SLOW;
    if (!Number.isNaN(daily) && this.days > 2 && errors[DAILY]! < errors[best]!) best = DAILY;
    if (!Number.isNaN(weekly) && this.days > 8 && errors[WEEKLY]! < errors[best]!) best = WEEKLY;
    baselines[SLOW] = x - this.slow;
    baselines[DAILY] = x - (Number.isNaN(daily) ? this.slow : daily);
    baselines[WEEKLY] = x - (Number.isNaN(weekly) ? this.slow : weekly);
    this.learnErrors(errors, baselines);
    if (best > this.bestBaseline) {
      this.bestBaseline = best;
      for (const index of TIED_TO_BASELINE) this.tails[index]!.fade(OLD_BASELINE_WEIGHT);
    }
    return baselines[best]!;
  }

  private learnErrors(errors: Float64Array, distances: Float64Array): void {
    const rate = Math.max(ERROR_RATE, 1 / (this.points + 1));
    const reach = this.reach();
    for (let index = 0; index < errors.length; index++) {
      errors[index]! += rate * (Math.min(Math.abs(distances[index]!), reach) - errors[index]!);
    }
  }

  private reach(): number {
    if (this.points <= POINTS_FOR_REACH || this.usualDistance === 0) return Number.POSITIVE_INFINITY;
    return REACH * this.usualDistance;
  }

  private learn(x: number): void {
    const reach = this.reach();
    this.ewma += EWMA_RATE * Math.max(-reach, Math.min(reach, x - this.ewma));
    this.last = x;
  }

  private learnUsual(x: number, departure: number, daySlot: number, weekSlot: number): void {
    const reach = this.reach();
    this.day.learn(daySlot, x, reach);
    this.week.learn(weekSlot, x, reach);
    const slowRate = Math.max(1 / (2 * this.perDay), 1 / (this.points + 1));
    this.slow += slowRate * Math.max(-reach, Math.min(reach, x - this.slow));
    const distance = Math.min(Math.abs(departure), reach);
    this.usualDistance += Math.max(ERROR_RATE, 1 / (this.points + 1)) * (distance - this.usualDistance);
    this.spread.learn(daySlot, distance);
  }
}

/** Which of the statistics are measured from the baseline, and from which on the spread has to be known. */
const TIED_TO_BASELINE = [1, 3, 4, 5];
const NEEDS_SPREAD_FROM = 3;
/** Filled anew for each point. */
const scratch = new Float64Array(8);
const distances = new Float64Array(4);
const baselines = new Float64Array(3);
