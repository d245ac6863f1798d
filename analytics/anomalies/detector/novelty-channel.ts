/** Channel B, novelty: spikes, new ranges, unseen shapes. It knows nothing of business and is right for unknown series. */
import { RunningRange } from './running-range.ts';
import { RunningWindow } from './running-window.ts';
import { SlotProfile } from './slot-profile.ts';
import { TailTable } from './tail-table.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAY_SLOTS_MAX = 288;
const WEEK_SLOTS_MAX = 336;
const CLIP = 12;
const PROFILE_RATE = 0.2;
const CORRECTION_RATE = 0.2;
const ERROR_RATE = 1 / 250;
const SPREAD_WINDOW = 0.02;
const SPREAD_WEIGHT = 0.15;
const SHAPE_POINTS = 12;
const SHAPES_MAX = 120;

export type NoveltyFinding = { surprise: number; forAlert: number; side: 'up' | 'down' | 'shape' };

export class NoveltyChannel {
  private readonly day: SlotProfile;
  private readonly week: SlotProfile;
  private points = 0;
  private last = 0;
  private ewma = 0;
  private slow = 0;
  private readonly errors = new Float64Array(4);
  private scale = 0;
  private readonly spread: Float64Array;
  private readonly spreadSeen: Uint16Array;
  private spreadAll = 0;
  private baselineErrors = new Float64Array(3);
  private readonly r4 = new RunningWindow(4);
  private readonly d4 = new RunningWindow(4);
  private readonly d8 = new RunningWindow(8);
  private readonly d24 = new RunningWindow(24);
  private readonly dLong: RunningWindow;
  private readonly x4 = new RunningWindow(4);
  private readonly x8 = new RunningWindow(8);
  private readonly x12 = new RunningWindow(12);
  private readonly x24 = new RunningWindow(24);
  private readonly x36 = new RunningWindow(36);
  private readonly x96 = new RunningWindow(96);
  private readonly ranges = Array.from({ length: 12 }, () => new RunningRange());
  private readonly tails = Array.from({ length: 6 }, () => new TailTable());
  private readonly recent = new Float64Array(SHAPE_POINTS);
  private readonly shapes = new Float64Array(SHAPES_MAX * SHAPE_POINTS);
  private shapesStored = 0;
  private shapeDistance = 0;
  private readonly perDay: number;

  constructor(dtMs: number) {
    this.day = new SlotProfile(DAY_MS, dtMs, DAY_SLOTS_MAX);
    this.week = new SlotProfile(WEEK_MS, dtMs, WEEK_SLOTS_MAX);
    this.perDay = Math.max(8, Math.min(2_000, Math.round(DAY_MS / dtMs)));
    this.dLong = new RunningWindow(Math.max(4, Math.round(this.perDay / 8)));
    this.spread = new Float64Array(this.day.slots);
    this.spreadSeen = new Uint16Array(this.day.slots);
  }

  /** `local` is epoch ms by the clock of the place, for days and weeks. Judges, then learns. */
  add(local: number, x: number): NoveltyFinding {
    if (this.points === 0) {
      this.last = x;
      this.ewma = x;
      this.slow = x;
    }
    const daySlot = this.day.slotOf(local);
    const weekSlot = this.week.slotOf(local);
    const r = this.residual(x, daySlot, weekSlot);
    const d = this.departure(x, daySlot, weekSlot);
    const k = this.shrink(daySlot);
    this.r4.add(r);
    this.d4.add(d);
    this.d8.add(d);
    this.d24.add(d);
    this.dLong.add(d);
    for (const mean of [this.x4, this.x8, this.x12, this.x24, this.x36, this.x96]) mean.add(x);
    const shape = this.shapeNovelty(x);
    const statistics = [
      k * Math.abs(r),
      k * Math.abs(d),
      k * Math.abs(this.r4.mean),
      k * this.d8.deviation,
      k * Math.abs(this.dLong.mean),
      shape,
    ];
    const surprises = statistics.map((value, index) => this.tails[index]!.surpriseOf(value));
    const record = this.record(x, d, r);
    const four = (surprises[0]! + surprises[1]! + surprises[2]! + surprises[3]!) / 4;
    const six = (4 * four + surprises[4]! + surprises[5]!) / 6;
    for (const [index, value] of statistics.entries()) this.tails[index]!.add(value);
    this.learn(x, daySlot, weekSlot, d);
    this.points += 1;
    const side = Math.abs(d) > 1e-12 ? (d > 0 ? 'up' : 'down') : 'shape';
    return { surprise: four + 5 * record, forAlert: six + 5 * record, side };
  }

  private readonly predicted = new Float64Array(4);
  /** Distance to what the best predictor says, with a slot of tolerance for clocks that drift. */
  private residual(x: number, daySlot: number, weekSlot: number): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index < 4; index++) {
      const usable = index < 2 || !Number.isNaN(this.centre(index, daySlot, weekSlot));
      if (usable && this.errors[index]! < least && (index < 2 || this.points > this.perDay * (index === 2 ? 1 : 7))) {
        least = this.errors[index]!;
        best = index;
      }
    }
    let chosen = 0;
    for (let index = 0; index < 4; index++) {
      const away = this.distance(index, x, daySlot, weekSlot);
      if (index === best) chosen = away;
      this.predicted[index] = away;
    }
    const rate = Math.max(ERROR_RATE, 1 / (this.points + 1));
    for (let index = 0; index < 4; index++) {
      const away = Math.abs(this.predicted[index]!);
      const reach = this.points > 20 ? Math.min(away, CLIP * Math.max(this.scale, 1e-12)) : away;
      this.errors[index]! += rate * (reach - this.errors[index]!);
    }
    return chosen;
  }

  private centre(index: number, daySlot: number, weekSlot: number): number {
    if (index === 0) return this.last;
    if (index === 1) return this.ewma;
    return index === 2 ? this.day.at(daySlot) : this.week.at(weekSlot);
  }

  private distance(index: number, x: number, daySlot: number, weekSlot: number): number {
    if (index === 0) return x - this.last;
    if (index === 1) return x - this.ewma;
    const [profile, slot] = index === 2 ? [this.day, daySlot] : [this.week, weekSlot];
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let near = slot - 1; near <= slot + 1; near++) {
      const value = profile.at(near);
      if (Number.isNaN(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low > high) return x - this.ewma;
    low += profile.correction;
    high += profile.correction;
    return x > high ? x - high : x < low ? x - low : 0;
  }

  private departure(x: number, daySlot: number, weekSlot: number): number {
    const candidates = [this.slow, this.day.at(daySlot), this.week.at(weekSlot)];
    let best = 0;
    for (let index = 1; index < 3; index++) {
      const ready = this.points > this.perDay * (index === 1 ? 2 : 8) && !Number.isNaN(candidates[index]!);
      if (ready && this.baselineErrors[index]! < this.baselineErrors[best]!) best = index;
    }
    const d = x - candidates[best]!;
    const rate = Math.max(ERROR_RATE, 1 / (this.points + 1));
    for (let index = 0; index < 3; index++) {
      const value = Number.isNaN(candidates[index]!) ? this.slow : candidates[index]!;
      const away = Math.min(
        Math.abs(x - value),
        this.points > 20 ? CLIP * Math.max(this.scale, 1e-12) : Number.POSITIVE_INFINITY,
      );
      this.baselineErrors[index]! += rate * (away - this.baselineErrors[index]!);
    }
    return d;
  }

  /** Less where this time of day is restless anyway. */
  private shrink(daySlot: number): number {
    const s = this.spreadAll;
    if (!(s > 0)) return 1;
    const reach = Math.max(1, Math.round(SPREAD_WINDOW * this.day.slots));
    let most = 0;
    for (let slot = daySlot - reach; slot <= daySlot + reach; slot++) {
      most = Math.max(most, this.spread[(slot + this.day.slots) % this.day.slots]!);
    }
    return s / (s + SPREAD_WEIGHT * Math.max(0, most - s));
  }

  private record(x: number, d: number, r: number): number {
    const streams = [
      x,
      this.x4.full ? this.x4.mean : Number.NaN,
      this.x12.full ? this.x12.mean : Number.NaN,
      this.x36.full ? this.x36.mean : Number.NaN,
      this.x8.full ? this.x8.deviation : Number.NaN,
      this.x24.full ? this.x24.deviation : Number.NaN,
      this.x96.full ? this.x96.deviation : Number.NaN,
      d,
      this.d4.full ? this.d4.mean : Number.NaN,
      r,
      x - this.last,
      this.d24.full ? this.d24.deviation : Number.NaN,
    ];
    let most = 0;
    for (let index = 0; index < streams.length; index++) {
      const value = streams[index]!;
      if (Number.isNaN(value)) continue;
      most = Math.max(most, this.ranges[index]!.overshoot(value));
    }
    return most;
  }

  private shapeNovelty(x: number): number {
    this.recent.copyWithin(0, 1);
    this.recent[SHAPE_POINTS - 1] = x;
    if (this.points < SHAPE_POINTS) return 0;
    if (this.points % 3 !== 0) return this.shapeDistance;
    let nearest = Number.POSITIVE_INFINITY;
    for (let shape = 0; shape < this.shapesStored; shape++) {
      let sum = 0;
      for (let index = 0; index < SHAPE_POINTS && sum < nearest; index++) {
        sum += Math.abs(this.shapes[shape * SHAPE_POINTS + index]! - this.recent[index]!);
      }
      if (sum < nearest) nearest = sum;
    }
    const distance = Number.isFinite(nearest) ? nearest / SHAPE_POINTS : 0;
    if (this.shapesStored === 0 || distance > this.scale) {
      const place = this.shapesStored < SHAPES_MAX ? this.shapesStored : this.points % SHAPES_MAX;
      this.shapes.set(this.recent, place * SHAPE_POINTS);
      this.shapesStored = Math.max(this.shapesStored, place + 1);
    }
    this.shapeDistance = distance;
    return distance;
  }

  private learn(x: number, daySlot: number, weekSlot: number, d: number): void {
    const reach = this.points > 20 ? CLIP * Math.max(this.scale, 1e-12) : Number.POSITIVE_INFINITY;
    for (const [profile, slot] of [
      [this.day, daySlot],
      [this.week, weekSlot],
    ] as const) {
      const value = profile.at(slot);
      if (!Number.isNaN(value)) {
        const away = Math.max(-reach, Math.min(reach, x - value - profile.correction));
        profile.correction += CORRECTION_RATE * away;
      }
      profile.learn(slot, x, reach, PROFILE_RATE);
    }
    const step = Math.max(-reach, Math.min(reach, x - this.ewma));
    this.ewma += 0.2 * step;
    const slowRate = Math.max(1 / (2 * this.perDay), 1 / (this.points + 1));
    this.slow += slowRate * Math.max(-reach, Math.min(reach, x - this.slow));
    this.last = x;
    const size = Math.min(Math.abs(d), reach);
    const rate = Math.max(ERROR_RATE, 1 / (this.points + 1));
    this.scale += rate * (size - this.scale);
    this.spreadAll = this.scale;
    const seen = this.spreadSeen[daySlot]!;
    this.spread[daySlot]! += Math.max(0.1, 1 / (seen + 1)) * (size - this.spread[daySlot]!);
    if (seen < 65_535) this.spreadSeen[daySlot] = seen + 1;
  }
}
