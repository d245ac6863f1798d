/** One watched series: its detector, what is known of it, and the incident it may be in. Pure. */
import { createDetector } from '../detector/create-detector.ts';
import type { Band, Detector, Judgement } from '../detector/detection.ts';
import { withinKind } from './band.ts';
import { evidenceOf, RECENT_MAX, type RecentBucket } from './evidence.ts';
import {
  afterBucket,
  directionOf,
  ended,
  type IncidentState,
  noIncident,
  surpriseOf,
  UNUSUAL_FROM,
} from './incident.ts';
import type { Planned } from './planned.ts';
import { addsUp, DAY_MS, HOUR_MS, type Series } from './series.ts';

/** Known of a bucket: a figure; null when there is none to tell (a rate of nothing); `silent` when nobody could tell us. */
export type Figure = number | null | 'silent';
export type Bucket = { from: number; to: number };
export type LastPoint = { at: number; value: number | null; score: number; what: Judgement['what'] } & Band;
export type JudgedPoint = LastPoint & { series: Series; alert: number; to: number };

/** Nothing is told of a series before: its days and its chance are not known. */
const KNOWN_MS_MIN = 2 * DAY_MS;
const POINTS_MIN = 150;
const DAYS_MIN = 35;
/** It has seen each hour of the week, and one day again. */
const WARM_MS = 8 * DAY_MS;
/** Silence is told after so long, where so much would have been expected. */
const SILENT_MS_MIN = HOUR_MS / 2;
const SILENT_BUCKETS_MIN = 3;
const SILENT_EXPECTED_MIN = 5;
const MISSING_SURPRISE = 3;
/** What somebody has planned for is this much less surprising. */
const PLANNED_SHARE = 0.3;
/** Ten times less likely. */
const RARER = 1;

/** Everything but the detector that goes on after a restart. */
export type WatchedMemory = {
  incident: IncidentState;
  points: number;
  firstAt: number;
  last: LastPoint | null;
  /** Start of the first bucket nobody could tell us of, and what was expected since; 0 when the last one was known. */
  silentSince: number;
  silentExpected: number;
  /** Value less expected, summed while it is unusual. */
  away: number;
  /** The newest known buckets, newest last. */
  recent: RecentBucket[];
};

export type SavedSeries = WatchedMemory & { kpi: string; grainMs: number; detector: object };

export class Watched {
  readonly series: Series;
  readonly detector: Detector;
  readonly memory: WatchedMemory;

  constructor(series: Series, timeZone: string, saved?: SavedSeries) {
    this.series = series;
    this.detector = createDetector({ kind: series.kind, timeZone, saved: saved?.detector });
    this.memory = {
      incident: saved?.incident ?? noIncident,
      points: saved?.points ?? 0,
      firstAt: saved?.firstAt ?? 0,
      last: saved?.last ?? null,
      silentSince: saved?.silentSince ?? 0,
      silentExpected: saved?.silentExpected ?? 0,
      away: saved?.away ?? 0,
      recent: saved?.recent ?? [],
    };
  }

  get known(): number {
    const { firstAt, last } = this.memory;
    return last === null ? 0 : last.at - firstAt;
  }

  get warm(): number {
    return Math.min(1, this.known / WARM_MS);
  }

  get mayTell(): boolean {
    const enough = this.series.grainMs >= DAY_MS ? DAYS_MIN : POINTS_MIN;
    return this.known >= KNOWN_MS_MIN && this.memory.points >= enough;
  }

  /** @param needed how surprising it must be to be told; infinite: it never is */
  judge(bucket: Bucket, figure: Figure, planned: Planned, needed: number): JudgedPoint | null {
    if (figure === 'silent') return this.hearNothing(bucket, planned, needed);
    if (figure === null) return null;
    const { memory, series } = this;
    // Before anything has ever happened there, nothing was counted, which is not a count of 0.
    if (memory.firstAt === 0 && figure === 0 && addsUp(series.kind)) return null;
    if (memory.firstAt === 0) memory.firstAt = bucket.from;
    memory.points += 1;
    memory.silentSince = 0;
    memory.silentExpected = 0;
    const isPlanned = planned.more || planned.less || planned.factor !== 1;
    const point = { t: bucket.from, v: figure / planned.factor };
    const judged = this.detector.judge(isPlanned ? { ...point, expected: 'promo' } : point);
    const band = withinKind(times(judged.band, planned.factor), series.kind, series.isPercent);
    const score = excused(judged, planned);
    const what = surpriseOf(score) < UNUSUAL_FROM || isNoNews(judged.what, figure, series) ? 'normal' : judged.what;
    memory.last = { at: bucket.from, value: figure, score, what, ...band };
    if (memory.incident.open?.direction === 'missing') memory.incident = ended(memory.incident.open, bucket.to);
    memory.recent.push([figure, band.low, band.mid, band.high, bucket.from]);
    if (memory.recent.length > RECENT_MAX) memory.recent.shift();
    const needs = this.mayTell ? needed + this.reserveOf(what) : Number.POSITIVE_INFINITY;
    const after = afterBucket(memory.incident, { ...bucket, score, what, needed: needs, known: this.known });
    memory.incident = after.state;
    const unusual = after.state.open !== null || after.state.unusualSince !== 0;
    memory.away = unusual ? memory.away + figure - band.mid : 0;
    return { ...memory.last, series, alert: judged.alert, to: bucket.to };
  }

  /**
   * Events came late: a fall that was none is over. What was learned of it stays, as little as it was.
   * @param figureFrom what is known by now of a bucket that began then; null: not asked again
   */
  restate(figureFrom: (from: number) => number | null): void {
    const { memory } = this;
    if (memory.incident.open?.direction !== 'down') return;
    memory.recent = memory.recent.map((bucket) => {
      const [before, low, mid, high, from] = bucket;
      const figure = figureFrom(from);
      if (figure === null || figure <= before) return bucket;
      memory.away += figure - before;
      return [figure, low, mid, high, from];
    });
    const newest = memory.recent.at(-1);
    if (newest === undefined || memory.last === null) return;
    if (newest[4] === memory.last.at) memory.last = { ...memory.last, value: newest[0] };
    const { kind, isPercent, grainMs } = this.series;
    if (!evidenceOf(memory.recent, kind, 'down', isPercent).outside) this.endWithOthers(memory.last.at + grainMs);
  }

  /** What is expected of a time; null until enough was seen. */
  expect(t: number, planned: Planned): Band | null {
    const isPlanned = planned.more || planned.less || planned.factor !== 1;
    const band = this.detector.expect(t, isPlanned ? 'promo' : undefined);
    return band === null ? null : withinKind(times(band, planned.factor), this.series.kind, this.series.isPercent);
  }

  /** That something moves about more than usual, or not at all, tells less of what to do than that it fell. */
  private reserveOf(what: Judgement['what']): number {
    const direction = directionOf(what);
    if (direction === 'other') return RARER;
    if (what === 'normal' || direction === 'missing') return 0;
    const { kind, isPercent } = this.series;
    // Nobody believes an alarm that lies within what was expected, however it is looked at.
    return evidenceOf(this.memory.recent, kind, direction, isPercent).outside ? 0 : Number.POSITIVE_INFINITY;
  }

  /** It is part of what is over: what is left of it is no news. */
  endWithOthers(at: number): void {
    const { open } = this.memory.incident;
    if (open !== null) this.memory.incident = ended(open, at);
  }

  save(): SavedSeries {
    return { ...this.memory, kpi: this.series.kpi, grainMs: this.series.grainMs, detector: this.detector.save() };
  }

  private hearNothing(bucket: Bucket, planned: Planned, needed: number): JudgedPoint | null {
    const { memory, series } = this;
    const band = this.expect(bucket.from, planned);
    if (band === null) return null;
    memory.last = { at: bucket.from, value: null, score: 0, what: 'missing', ...band };
    memory.silentSince ||= bucket.from;
    memory.silentExpected += addsUp(series.kind) ? band.mid : 0;
    const long = bucket.to - memory.silentSince >= Math.max(SILENT_MS_MIN, SILENT_BUCKETS_MIN * series.grainMs);
    const isMissed = long && memory.silentExpected >= SILENT_EXPECTED_MIN && Number.isFinite(needed) && this.mayTell;
    if (isMissed && memory.incident.open === null) {
      const since = memory.silentSince;
      const open = { since, what: 'missing', direction: 'missing', surprise: MISSING_SURPRISE, quiet: 0 } as const;
      memory.incident = { ...memory.incident, unusualSince: 0, open };
      memory.away = 0;
    }
    return { ...memory.last, series, alert: 0, to: bucket.to };
  }
}

const times = ({ low, mid, high }: Band, factor: number): Band =>
  factor === 1 ? { low, mid, high } : { low: low * factor, mid: mid * factor, high: high * factor };

/** That a rate stays at 100 %, a wait the same, or nothing waits, is what one hopes for. */
const isNoNews = (what: Judgement['what'], figure: number, { kind }: Series): boolean =>
  what === 'flat' && (figure === 0 || kind === 'ratio' || kind === 'latency');

/** The detector knows of more during a promotion; that less was planned for, it does not. */
function excused({ score, what }: Judgement, { less }: Planned): number {
  if (!less || (what !== 'drop' && what !== 'shift-down' && what !== 'drift-down')) return score;
  const surprise = surpriseOf(score) * PLANNED_SHARE;
  return surprise / (surprise + 4);
}
