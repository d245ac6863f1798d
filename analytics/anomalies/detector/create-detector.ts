/** The detector of one series: expected rate and novelty together, learned from the points alone. */
import { offsetAt } from '../../../streams/operations/time-zone.ts';
import { AlertBudget } from './alert-budget.ts';
import type { Band, Detector, DetectorOptions, Judgement, Point, SeriesKind } from './detection.ts';
import { NoveltyChannel } from './novelty-channel.ts';
import { type Expected, RateChannel, type RateFinding } from './rate-channel.ts';
import { type Remembered, recall, remembered } from './remembered.ts';

/** How far apart points are is learned from so many gaps; nothing is judged before. */
const GAPS_TO_LEARN = 26;
const STEP_UNKNOWN_MS = 60_000;
/** The band reaches so many deviations to either side. */
const BAND_DEVIATIONS = 3;
/** What the expected rate weighs where nobody said what the figures are; where somebody did, it is all. */
const RATE_WEIGHT_UNKNOWN = 0.1;
const RATE_WEIGHT_OF_ALERT_UNKNOWN = 0.1;
/** A surprise s, -log10 of a share, becomes the score s/(s+4). */
const HALF_SURPRISE = 4;
/** Less surprising than this is normal. */
const UNUSUAL_FROM = 2;
const NOTHING: Omit<Judgement, 'band'> = { score: 0, alert: 0, what: 'normal' };

export function createDetector(options: DetectorOptions = {}): Detector {
  const detector = new SeriesDetector(options.kind, options.timeZone ?? 'UTC');
  return options.saved === undefined ? detector : detector.restore(options.saved as Saved);
}

type Channels = { rate: RateChannel; novelty: NoveltyChannel; alerts: AlertBudget };
type EarlyPoint = [t: number, v: number, promoted: boolean];
type Saved = { lastAt: Remembered; early: EarlyPoint[] } | { lastAt: Remembered; stepMs: number; channels: Remembered };

class SeriesDetector implements Detector {
  private readonly kind: SeriesKind | undefined;
  private readonly timeZone: string;
  private early: EarlyPoint[] = [];
  private stepMs = Number.NaN;
  private channels: Channels | null = null;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(kind: SeriesKind | undefined, timeZone: string) {
    this.kind = kind;
    this.timeZone = timeZone;
  }

  judge({ t, v, expected }: Point): Judgement {
    const promoted = expected === 'promo';
    const known = v !== null && Number.isFinite(v);
    if (!known || t <= this.lastAt || !Number.isFinite(t)) {
      return { ...NOTHING, band: this.expect(t, expected) ?? only(known ? v : this.lastSeen()) };
    }
    this.lastAt = t;
    this.channels ??= this.start(t, v, promoted);
    if (this.channels === null) return { ...NOTHING, band: only(v) };
    return this.judged(this.channels, t, v, promoted);
  }

  expect(t: number, expected?: 'promo'): Band | null {
    if (this.channels === null || !Number.isFinite(t)) return null;
    return bandOf(this.channels.rate.expect(this.localOf(t), expected === 'promo'));
  }

  save(): object {
    const lastAt = remembered(this.lastAt);
    if (this.channels === null) return { lastAt, early: this.early };
    return { lastAt, stepMs: this.stepMs, channels: remembered(this.channels) };
  }

  restore(saved: Saved): this {
    this.lastAt = saved.lastAt === '-Infinity' ? Number.NEGATIVE_INFINITY : Number(saved.lastAt);
    if ('early' in saved) this.early = saved.early.map(([t, v, promoted]) => [t, v, promoted]);
    else {
      this.stepMs = saved.stepMs;
      this.channels = recall(channelsFor(saved.stepMs), saved.channels);
    }
    return this;
  }

  private judged({ rate, novelty, alerts }: Channels, t: number, v: number, promoted: boolean): Judgement {
    const local = this.localOf(t);
    const band = bandOf(rate.expect(local, promoted));
    const a = rate.add(t, local, v, promoted);
    const b = novelty.add(local, v);
    const weight = this.kind === undefined ? RATE_WEIGHT_UNKNOWN : 1;
    const alertWeight = this.kind === undefined ? RATE_WEIGHT_OF_ALERT_UNKNOWN : 1;
    const surprise = weight * a.surprise + (1 - weight) * b.surprise;
    const forAlert = alerts.spend(alertWeight * a.surprise + (1 - alertWeight) * b.surprise);
    return {
      score: scored(surprise),
      alert: scored(forAlert),
      band,
      what: surprise < UNUSUAL_FROM ? 'normal' : shapeOf(a),
    };
  }

  /** Once the step is known, all that came before is learned from. */
  private start(t: number, v: number, promoted: boolean): Channels | null {
    if (this.early.length < GAPS_TO_LEARN) {
      this.early.push([t, v, promoted]);
      return null;
    }
    const times = [...this.early.map(([at]) => at), t];
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    this.stepMs = gaps.toSorted((p, q) => p - q)[gaps.length >> 1] ?? STEP_UNKNOWN_MS;
    const channels = channelsFor(this.stepMs);
    for (const [at, value, expected] of this.early) {
      channels.rate.add(at, this.localOf(at), value, expected);
      channels.novelty.add(this.localOf(at), value);
      channels.alerts.spend(0);
    }
    this.early = [];
    return channels;
  }

  private lastSeen(): number {
    return this.early.at(-1)?.[1] ?? 0;
  }

  private localOf(t: number): number {
    return this.timeZone === 'UTC' ? t : t + offsetAt(this.timeZone, t);
  }
}

function channelsFor(stepMs: number): Channels {
  return { rate: new RateChannel(stepMs), novelty: new NoveltyChannel(stepMs), alerts: new AlertBudget() };
}

const scored = (surprise: number): number => (surprise <= 0 ? 0 : surprise / (surprise + HALF_SURPRISE));
const only = (v: number): Band => ({ low: v, mid: v, high: v });

/** Where counts may be few a band is wider above than below, and never below 0. */
function bandOf({ mean, variance, additive }: Expected): Band {
  const deviation = Math.sqrt(variance);
  if (additive || mean <= 0) {
    const reach = BAND_DEVIATIONS * deviation;
    return { low: additive ? mean - reach : 0, mid: mean, high: mean + reach };
  }
  const dispersion = variance / mean;
  const root = Math.sqrt(mean / dispersion);
  const half = BAND_DEVIATIONS / 2;
  return { low: dispersion * Math.max(0, root - half) ** 2, mid: mean, high: dispersion * (root + half) ** 2 };
}

function shapeOf({ cause, isUp, window }: RateFinding): Judgement['what'] {
  if (cause === 'flat' || cause === 'variance') return cause;
  if (cause === 'drift') return isUp ? 'drift-up' : 'drift-down';
  if (window <= 12) return isUp ? 'spike' : 'drop';
  return isUp ? 'shift-up' : 'shift-down';
}
