/**
 * What could be set otherwise so that less is told for nothing: longer holds, stricter limits, higher scores. Each proposal
 * changes one number of one policy; whoever accepts it sees its effect before.
 */
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { ExceptionDefinition } from '../../streams/exceptions/rule.ts';
import { scoreOf, surpriseNeeded } from '../anomalies/watching/incident.ts';
import type { Labelled } from './episode.ts';

const MINUTE_MS = 60_000;
/** Fewer false alarms than this of a kind are chance. */
const NOT_USEFUL_MIN = 8;
/** Of one series, which tells little in a week. */
const NOT_USEFUL_OF_SERIES_MIN = 3;
/** A change may cost this share of the useful ones, and must spare that share of the others. */
const USEFUL_LOST_MAX = 0.05;
const SPARED_MIN = 0.25;
/** A kind of which hardly any is useful is proposed to be left out altogether. */
const OFF_JUDGED_MIN = 20;
const OFF_USEFUL_MAX = 0.05;
/** Above this precision nobody is bothered enough to look for stricter limits. */
const GOOD_PRECISION = 0.8;
const HOLDS_MINUTES = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360] as const;
const STRICTER = 1.5;
const PAGES_PER_WEEK = [0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01] as const;
const ABOVE_HIGHEST = 0.04;

export type Change = {
  policy: 'exceptions' | 'signals';
  /** The kind of exception, or the series. */
  about: string;
  /** Within the body of the policy. */
  path: readonly string[];
  /** Null: its default holds. */
  before: number | boolean | null;
  after: number | boolean;
};
export type Proposal = Change & {
  words: string;
  why: string;
  /** Whether an alarm would still have been told, as far as what is kept of it says; null: only a replay can tell. */
  keeps: ((alarm: Labelled) => boolean) | null;
  concerns(alarm: Labelled): boolean;
};

export type Settings = {
  definitions: readonly ExceptionDefinition[];
  exceptions: PolicyBody<'exceptions'>;
  signals: PolicyBody<'signals'>;
};

export function proposalsOf(alarms: readonly Labelled[], settings: Settings): Proposal[] {
  const byKind = Map.groupBy(alarms, ({ kind }) => kind);
  const ofKinds = settings.definitions.flatMap((definition) => {
    const own = byKind.get(definition.kind) ?? [];
    const policy = settings.exceptions.kinds[definition.kind];
    if (policy?.off === true || count(own, 'not-useful') < NOT_USEFUL_MIN) return [];
    const off = turnedOff(definition, own);
    if (off !== null) return [off];
    return [heldLonger(definition, policy?.holdMinutes, own), ...stricter(definition, policy?.thresholds ?? {}, own)];
  });
  return [...ofKinds, ...ofSignals(alarms, settings.signals)].filter((one) => one !== null);
}

const count = (alarms: readonly Labelled[], label: Labelled['label']): number =>
  alarms.reduce((sum, one) => sum + (one.label === label ? 1 : 0), 0);

/** What keeping only some of them would cost and spare; null when it costs too much or spares too little. */
function worthwhile(own: readonly Labelled[], keeps: (alarm: Labelled) => boolean) {
  const gone = own.filter((one) => !keeps(one));
  const [useful, notUseful] = [count(own, 'useful'), count(own, 'not-useful')];
  const [lost, spared] = [count(gone, 'useful'), count(gone, 'not-useful')];
  return lost > useful * USEFUL_LOST_MAX || spared < notUseful * SPARED_MIN || spared === 0
    ? null
    : { useful, notUseful, lost, spared };
}
type Gain = NonNullable<ReturnType<typeof worthwhile>>;

const judged = ({ useful, notUseful, lost, spared }: Gain): string =>
  `${spared} of ${notUseful} that were for nothing would not have been told, and ${lost === 0 ? 'none' : lost} of ${useful} useful ones`;

function turnedOff({ kind }: ExceptionDefinition, own: readonly Labelled[]): Proposal | null {
  const [useful, notUseful] = [count(own, 'useful'), count(own, 'not-useful')];
  const all = useful + notUseful;
  if (all < OFF_JUDGED_MIN || useful > all * OFF_USEFUL_MAX) return null;
  return {
    policy: 'exceptions',
    about: kind,
    path: ['kinds', kind, 'off'],
    before: false,
    after: true,
    words: `Do not tell ${kind} at all`,
    why: `${notUseful} of ${all} that are known were for nothing`,
    keeps: () => false,
    concerns: ({ kind: of }) => of === kind,
  };
}

function heldLonger(
  { kind, holdMs = 0, recoverMs = 0 }: ExceptionDefinition,
  byPolicy: number | undefined,
  own: readonly Labelled[],
): Proposal | null {
  const before = byPolicy ?? holdMs / MINUTE_MS;
  const keepsAt = (minutes: number) => (alarm: Labelled) => lasts(alarm, (minutes - before) * MINUTE_MS, recoverMs);
  const tried = HOLDS_MINUTES.filter((minutes) => minutes > before).flatMap((minutes) => {
    const gain = worthwhile(own, keepsAt(minutes));
    return gain === null ? [] : [{ minutes, gain }];
  });
  if (tried.length === 0) return null;
  // The shortest that spares nearly all that any of them spares: whoever is told late has less time.
  const most = Math.max(...tried.map(({ gain }) => gain.spared));
  const { minutes, gain } = tried.find((one) => one.gain.spared >= 0.9 * most)!;
  return {
    policy: 'exceptions',
    about: kind,
    path: ['kinds', kind, 'holdMinutes'],
    before: byPolicy ?? null,
    after: minutes,
    words: `Tell ${kind} only after it has held for ${minutes} minutes (now ${before})`,
    why: `${judged(gain)}; the others would have been told ${minutes - before} minutes later`,
    keeps: keepsAt(minutes),
    concerns: ({ kind: of }) => of === kind,
  };
}

/** Whether it would have opened at all when it had to hold so much longer, and before its last useful moment. */
function lasts({ openedAt, closedAt, deadline }: Labelled, longerMs: number, recoverMs: number): boolean {
  if (deadline > openedAt && openedAt + longerMs >= deadline) return false;
  return closedAt === null || closedAt - recoverMs - openedAt > longerMs;
}

/** Only folding everything again tells what a limit would have done: what an alarm was made of is not kept. */
function stricter(
  { kind, thresholds = {}, fewerWhen = {} }: ExceptionDefinition,
  byPolicy: Readonly<Record<string, number>>,
  own: readonly Labelled[],
): Proposal[] {
  const [useful, notUseful] = [count(own, 'useful'), count(own, 'not-useful')];
  if (useful > (useful + notUseful) * GOOD_PRECISION) return [];
  return Object.entries(fewerWhen).map(([name, direction]): Proposal => {
    const before = byPolicy[name] ?? thresholds[name]!;
    const after = direction === 'higher' ? Math.ceil(before * STRICTER) : Math.floor(before / STRICTER);
    return {
      policy: 'exceptions',
      about: kind,
      path: ['kinds', kind, 'thresholds', name],
      before: byPolicy[name] ?? null,
      after,
      words: `Tell ${kind} with a stricter limit: ${name} ${after} (now ${before})`,
      why: `${notUseful} of ${useful + notUseful} that are known were for nothing`,
      keeps: null,
      concerns: ({ kind: of }) => of === kind,
    };
  });
}

function ofSignals(alarms: readonly Labelled[], signals: PolicyBody<'signals'>): (Proposal | null)[] {
  const signalling = alarms.filter(({ signal }) => signal !== null);
  return [rarer(signalling, signals), ...ofSeries(signalling, signals)];
}

/** Fewer pages a week of every series that has no limit of its own. */
function rarer(own: readonly Labelled[], signals: PolicyBody<'signals'>): Proposal | null {
  if (count(own, 'not-useful') < NOT_USEFUL_MIN) return null;
  const keepsAt = (perWeek: number) => (alarm: Labelled) => {
    const { series, score, grainMs } = alarm.signal!;
    const hasOwn = [kpiOf(series), series].some((name) => signals.series[name]?.scoreAtLeast !== undefined);
    return hasOwn || score >= scoreOf(surpriseNeeded(perWeek, grainMs));
  };
  const tried = PAGES_PER_WEEK.filter((perWeek) => perWeek < signals.alarmsPerSeriesAndWeek).flatMap((perWeek) => {
    const gain = worthwhile(own, keepsAt(perWeek));
    return gain === null ? [] : [{ perWeek, gain }];
  });
  if (tried.length === 0) return null;
  const most = Math.max(...tried.map(({ gain }) => gain.spared));
  const { perWeek, gain } = tried.find((one) => one.gain.spared >= 0.9 * most)!;
  return {
    policy: 'signals',
    about: 'all series',
    path: ['alarmsPerSeriesAndWeek'],
    before: signals.alarmsPerSeriesAndWeek,
    after: perWeek,
    words: `Let every series cost ${perWeek} pages a week by chance (now ${signals.alarmsPerSeriesAndWeek})`,
    why: judged(gain),
    keeps: keepsAt(perWeek),
    concerns: ({ signal }) => signal !== null,
  };
}

/** What is set for a KPI holds for all its series: one series alone is looked at where the others give no reason. */
function ofSeries(signalling: readonly Labelled[], signals: PolicyBody<'signals'>): (Proposal | null)[] {
  const byKpi = Map.groupBy(signalling, ({ signal }) => kpiOf(signal!.series));
  return [...byKpi].flatMap(([kpi, own]) => {
    const bySeries = [...Map.groupBy(own, ({ signal }) => signal!.series)];
    const whole = bySeries.length > 1 || bySeries[0]![0] === kpi;
    const proposal = whole ? scoredHigher(kpi, own, NOT_USEFUL_MIN, signals) : null;
    if (proposal !== null) return [proposal];
    return bySeries
      .filter(([series]) => series !== kpi || bySeries.length === 1)
      .map(([series, alone]) => scoredHigher(series, alone, NOT_USEFUL_OF_SERIES_MIN, signals));
  });
}

const kpiOf = (series: string): string => series.split('/')[0]!;

/** @param about a KPI with all its series, or one series of it */
function scoredHigher(
  about: string,
  own: readonly Labelled[],
  notUsefulMin: number,
  signals: PolicyBody<'signals'>,
): Proposal | null {
  const known: PolicyBody<'signals'>['series'][string] | undefined = signals.series[about];
  if (known?.off === true || count(own, 'not-useful') < notUsefulMin) return null;
  const scores = [...new Set(own.map(({ signal }) => signal!.score))].sort((a, b) => a - b);
  const tried = scores.flatMap((score, index) => {
    // Nothing is known above the highest: a limit just above it loses the least.
    const next = scores[index + 1] ?? Math.min(1, score + ABOVE_HIGHEST);
    const limit = between(score, next);
    const gain = limit > (known?.scoreAtLeast ?? 0) ? worthwhile(own, ({ signal }) => signal!.score >= limit) : null;
    return gain === null ? [] : [{ limit, gain }];
  });
  const best = tried.reduce<(typeof tried)[number] | null>(
    (found, one) => (found === null || one.gain.spared > found.gain.spared ? one : found),
    null,
  );
  if (best === null) return null;
  return {
    policy: 'signals',
    about,
    path: ['series', about, 'scoreAtLeast'],
    before: known?.scoreAtLeast ?? null,
    after: best.limit,
    words: `Tell of ${about} only from a score of ${best.limit} on`,
    why: judged(best.gain),
    keeps: ({ signal }) => signal !== null && signal.score >= best.limit,
    concerns: ({ signal }) => signal !== null && (signal.series === about || kpiOf(signal.series) === about),
  };
}

/** Above the one and not above the other, with as few digits as that allows. */
function between(score: number, next: number): number {
  for (const digits of [100, 1_000, 10_000, 100_000]) {
    const rounded = Math.ceil(((score + next) / 2) * digits) / digits;
    if (rounded > score && rounded <= next) return rounded;
  }
  return next;
}

/** The body of a policy with one change in it; what it does not name stays. */
export function withChange<Body extends object>(body: Body, { path, after }: Pick<Change, 'path' | 'after'>): Body {
  const [name, ...rest] = path as [string, ...string[]];
  const inner = (body as Record<string, unknown>)[name];
  const changed = rest.length === 0 ? after : withChange((inner ?? {}) as object, { path: rest, after });
  return { ...body, [name]: changed };
}
