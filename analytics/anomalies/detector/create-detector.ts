/** The detector of one series: expected rate and novelty, learned from its points alone. */
import { AlertBudget } from './alert-budget.ts';
import { bandOf } from './band-of.ts';
import { calibrated, calibratedMean } from './calibration.ts';
import type { Band, Detector, DetectorOptions, Judgement, Point, SeriesKind } from './detection.ts';
import { IncidentAlert } from './incident-alert.ts';
import { LocalClock } from './local-clock.ts';
import { NoveltyChannel } from './novelty-channel.ts';
import { RateChannel } from './rate-channel.ts';
import { type Remembered, recall, remembered } from './remembered.ts';
import { Repeats } from './repeats.ts';
import { shapeOf } from './shape-of.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** How far apart points are is learned from so many gaps; nothing is judged before. */
const GAPS_TO_LEARN = 26;
const STEP_UNKNOWN_MS = 60_000;
/** What the expected rate weighs where nobody said what the figures are; where somebody did, it is all. */
const RATE_WEIGHT_UNKNOWN = 0.1;
/** What lasts is no reason for another page. */
const RATE_WEIGHT_OF_ALERT_UNKNOWN = 0.05;
/** A surprise s, -log10 of a share, becomes the score s/(s+4). */
const HALF_SURPRISE = 4;
/** Less surprising than this is normal. */
const UNUSUAL_FROM = 1.8;
/** Nothing that is measured is larger, or smaller and not 0; squares of it must be numbers. */
const VALUE_MAX = 1e100;
const VALUE_MIN = 1e-100;
const NOTHING: Omit<Judgement, 'band'> = { score: 0, alert: 0, what: 'normal' };

export function createDetector(options: DetectorOptions = {}): Detector {
  const detector = new SeriesDetector(options.kind, options.timeZone ?? 'UTC');
  return options.saved === undefined ? detector : detector.restore(options.saved as Saved);
}

type Channels = {
  rate: RateChannel;
  /** Only where nobody said what the figures are. */
  unknown: { novelty: NoveltyChannel; budget: AlertBudget } | null;
  incident: IncidentAlert;
  /** Moments of which nothing is known, by hour of the day. */
  absent: Repeats;
};
type EarlyPoint = [t: number, v: number, promoted: boolean];
type Saved = { lastAt: Remembered; early: EarlyPoint[] } | { lastAt: Remembered; stepMs: number; channels: Remembered };

class SeriesDetector implements Detector {
  private readonly kind: SeriesKind | undefined;
  private readonly clock: LocalClock;
  private early: EarlyPoint[] = [];
  private stepMs = Number.NaN;
  private channels: Channels | null = null;
  private lastAt = Number.NEGATIVE_INFINITY;

  constructor(kind: SeriesKind | undefined, timeZone: string) {
    this.kind = kind;
    this.clock = new LocalClock(timeZone);
  }

  judge({ t, v: given, expected }: Point): Judgement {
    const v = given !== null && Math.abs(given) < VALUE_MIN ? 0 : given;
    const promoted = expected === 'promo';
    if (!Number.isFinite(t)) return { ...NOTHING, band: only(v ?? this.lastSeen()) };
    if (v === null || !(Math.abs(v) <= VALUE_MAX)) return this.judgeUnknown(t, promoted);
    if (t <= this.lastAt) return this.glanceAt(t, v, promoted);
    this.lastAt = t;
    this.channels ??= this.start(t, v, promoted);
    if (this.channels === null) return { ...NOTHING, band: this.earlyBand() };
    return this.judged(this.channels, t, v, promoted);
  }

  expect(t: number, expected?: 'promo'): Band | null {
    if (this.channels === null || !Number.isFinite(t)) return null;
    return this.bandAt(this.channels.rate, this.clock.at(t), expected === 'promo');
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
      this.channels = recall(this.channelsFor(saved.stepMs), saved.channels);
    }
    return this;
  }

  private judged({ rate, unknown, incident, absent }: Channels, t: number, v: number, promoted: boolean): Judgement {
    const local = this.clock.at(t);
    const band = this.bandAt(rate, local, promoted);
    const a = rate.add(t, local, v, promoted);
    absent.add(Number.NaN, hourOf(local), 0, false);
    if (unknown === null) {
      const surprise = calibrated(a.surprise);
      const alert = scored(calibrated(incident.tell(a.surprise)));
      if (surprise < UNUSUAL_FROM) return { score: scored(surprise), alert, band, what: 'normal' };
      const together = a.cause === 'window' ? rate.together(a.window) : null;
      const judgement: Judgement = { score: scored(surprise), alert, band, what: shapeOf(a, this.stepMs) };
      return together === null ? judgement : { ...judgement, together };
    }
    const b = unknown.novelty.add(local, v, promoted && !rate.isUsuallyPromoted);
    const surprise = calibratedMean(mean(RATE_WEIGHT_UNKNOWN, a.surprise, b.surprise));
    const forAlert = mean(RATE_WEIGHT_OF_ALERT_UNKNOWN, a.surprise, b.surprise);
    const alert = scored(calibratedMean(unknown.budget.spend(forAlert)));
    if (surprise < UNUSUAL_FROM) return { score: scored(surprise), alert, band, what: 'normal' };
    const found = a.surprise < UNUSUAL_FROM ? { ...a, isUp: b.isUp, cause: 'window' as const } : a;
    return { score: scored(surprise), alert, band, what: shapeOf(found, this.stepMs) };
  }

  /** Nothing known where something usually is: more surprising with every moment. */
  private judgeUnknown(t: number, promoted: boolean): Judgement {
    const band = this.expect(t, promoted ? 'promo' : undefined) ?? this.earlyBand();
    if (this.channels === null || t <= this.lastAt) return { ...NOTHING, band };
    this.lastAt = t;
    const { absent, incident } = this.channels;
    const surprise = absent.add(0, hourOf(this.clock.at(t)), 0, false);
    const alert = scored(incident.tell(surprise));
    return { score: scored(surprise), alert, band, what: surprise < UNUSUAL_FROM ? 'normal' : 'missing' };
  }

  private glanceAt(t: number, v: number, promoted: boolean): Judgement {
    if (this.channels === null) return { ...NOTHING, band: this.earlyBand() };
    const local = this.clock.at(t);
    const { rate } = this.channels;
    const found = rate.glance(local, v, promoted);
    const surprise = calibrated(found.surprise);
    const what = surprise < UNUSUAL_FROM ? 'normal' : shapeOf(found, this.stepMs);
    return { score: scored(surprise), alert: 0, band: this.bandAt(rate, local, promoted), what };
  }

  private bandAt(rate: RateChannel, local: number, promoted: boolean): Band {
    const band = bandOf(rate.expect(local, promoted));
    return this.kind === 'ratio' ? withinWhole(band, rate.largest) : band;
  }

  /** Once the step is known, all that came before is learned from. */
  private start(t: number, v: number, promoted: boolean): Channels | null {
    this.early.push([t, v, promoted]);
    if (this.early.length <= GAPS_TO_LEARN) return null;
    const times = this.early.map(([at]) => at);
    const gaps = times.slice(1).map((at, index) => at - times[index]!);
    this.stepMs = gaps.toSorted((p, q) => p - q)[gaps.length >> 1] ?? STEP_UNKNOWN_MS;
    const channels = this.channelsFor(this.stepMs);
    for (const [at, value, expected] of this.early.slice(0, -1)) {
      const local = this.clock.at(at);
      channels.rate.add(at, local, value, expected);
      channels.unknown?.novelty.add(local, value, expected && !channels.rate.isUsuallyPromoted);
      channels.unknown?.budget.spend(0);
    }
    this.early = [];
    return channels;
  }

  private channelsFor(stepMs: number): Channels {
    return {
      rate: new RateChannel(stepMs),
      unknown: this.kind === undefined ? { novelty: new NoveltyChannel(stepMs), budget: new AlertBudget() } : null,
      incident: new IncidentAlert(),
      absent: new Repeats(HOURS, Math.max(1, HOUR_MS / stepMs)),
    };
  }

  /** What was seen so far, until more is known. */
  private earlyBand(): Band {
    if (this.early.length === 0) return only(0);
    const values = this.early.map(([, v]) => v);
    const mid = values.reduce((sum, v) => sum + v, 0) / values.length;
    return { low: Math.min(...values, mid), mid, high: Math.max(...values, mid) };
  }

  private lastSeen(): number {
    return this.early.at(-1)?.[1] ?? 0;
  }
}

/** A share is at most 1, or 100 in percent: the whole is told by what was seen. */
function withinWhole({ low, mid, high }: Band, largest: number): Band {
  const whole = wholes.find((one) => largest <= one) ?? Number.POSITIVE_INFINITY;
  return { low: Math.min(low, whole), mid: Math.min(mid, whole), high: Math.min(high, whole) };
}

const wholes = [1, 100];
const mean = (weight: number, rate: number, novelty: number): number => weight * rate + (1 - weight) * novelty;
const hourOf = (local: number): number => Math.floor((((local / HOUR_MS) % HOURS) + HOURS) % HOURS);
const scored = (surprise: number): number => (surprise <= 0 ? 0 : surprise / (surprise + HALF_SURPRISE));
const only = (v: number): Band => ({ low: v, mid: v, high: v });
