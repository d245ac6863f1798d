/** A question worked out as far as it can be without SQL: which rows answer which measures, over which buckets. */
import {
  type Comparison,
  comparedWith,
  type Grain,
  type Period,
  resolve,
  type Span,
  sameElapsed,
  startsOf,
} from './calendar.ts';
import { isAmong, rollUpDimensions, timeDimensions } from './dimensions.ts';
import { type Tier, tiersOf } from './levels.ts';
import type { AskedMeasure } from './measures.ts';

export type PlanFilter = { dimension: string; is: 'in' | 'not-in'; values: readonly string[] };
export type Asking = {
  measures: readonly AskedMeasure[];
  by: readonly string[];
  grain: Grain;
  where: readonly PlanFilter[];
  over: Period;
  compare: Comparison | null;
  /** Rows are wanted and not their sums, which the roll-ups have only. */
  rowByRow?: boolean;
};
export type Situation = { now: number; timeZone: string; currency: string };

/** Measures that are read from the same rows in the same way, in one SELECT. */
export type Part = {
  kind: 'sum' | 'level' | 'quantile';
  measures: readonly AskedMeasure[];
  /** Of steps: the levels of the roll-ups that are read, or the steps themselves. */
  source: { from: 'roll-ups' } | { from: 'steps' } | { from: 'view' };
  /** Rows may lie ahead of now; those do not count yet. */
  ahead: boolean;
};

export type Frame = {
  name: 'asked' | 'compared';
  span: Span;
  starts: readonly number[] /** What lies later does not count. */;
  until: number;
};
export type Plan = {
  asking: Asking;
  situation: Situation;
  parts: readonly Part[];
  asked: Frame;
  compared: Frame | null;
};

export const BUCKETS_MAX = 10_000;

/** @throws TooManyBuckets */
export function planOf(asking: Asking, situation: Situation): Plan {
  const { now, timeZone } = situation;
  const span = resolve(asking.over, asking.grain, now, timeZone);
  const starts = startsOf(span, asking.grain, timeZone, BUCKETS_MAX);
  if (starts.length > BUCKETS_MAX) throw new TooManyBuckets(asking.grain);
  const asked: Frame = { name: 'asked', span, starts, until: Math.min(span.to, afterMinute(now)) };
  return { asking, situation, parts: partsOf(asking), asked, compared: comparedFrame(asking, asked, situation) };
}

export class TooManyBuckets extends Error {
  constructor(grain: Grain) {
    super(`more than ${BUCKETS_MAX} buckets of a ${grain}`);
  }
}

function comparedFrame(asking: Asking, asked: Frame, { now, timeZone }: Situation): Frame | null {
  const { compare, grain, over } = asking;
  if (compare === null) return null;
  const whole = comparedWith(compare, asked.span, grain, over, timeZone);
  const starts = startsOf(whole, grain, timeZone, BUCKETS_MAX);
  if (starts.length > BUCKETS_MAX) throw new TooManyBuckets(grain);
  const to = sameElapsed(asked.starts, asked.span.to, starts, whole.to, now);
  const span = { from: whole.from, to };
  return {
    name: 'compared',
    span,
    starts: starts.filter((start) => start < to),
    until: Math.min(to, afterMinute(now)),
  };
}

function partsOf({ measures, by, where, rowByRow = false }: Asking): Part[] {
  const used = [...by, ...where.map(({ dimension }) => dimension)];
  const inRollUps = !rowByRow && used.every((one) => isAmong(rollUpDimensions, one) || isAmong(timeDimensions, one));
  const parts = new Map<string, Part & { measures: AskedMeasure[] }>();
  for (const measure of measures) {
    const { rows, figure, kpi } = measure;
    const kind = figure.kind === 'level' || figure.kind === 'quantile' ? figure.kind : 'sum';
    const ahead = kpi.ahead === true;
    const from = rows.from === 'rows' ? 'view' : inRollUps ? 'roll-ups' : 'steps';
    const of =
      rows.from === 'steps' ? rows.clock : JSON.stringify([rows.asked.rows, rows.asked.moment, rows.asked.where]);
    const distribution = figure.kind === 'quantile' ? JSON.stringify(figure.of) : '';
    const key = JSON.stringify([kind, from, of, ahead, distribution]);
    const known = parts.get(key);
    if (known === undefined) parts.set(key, { kind, measures: [measure], source: { from }, ahead });
    else known.measures.push(measure);
  }
  return [...parts.values()];
}

/** The roll-ups that a part reads over a span. @param before a level counts from the beginning of the record */
export function tiersFor(plan: Plan, part: Part, frame: Frame): Tier[] {
  const { from } = frame.span;
  const to = endOf(part, frame);
  const { by, where } = plan.asking;
  const used = [...by, ...where.map(({ dimension }) => dimension)];
  const within = used.includes('hour-of-day') ? 'hour' : used.includes('weekday') ? 'day' : null;
  const finer = within === null ? [] : startsOf({ from, to }, within, plan.situation.timeZone, 20_000);
  return tiersOf(
    { from, to },
    [from, to, ...frame.starts, ...finer].filter((edge) => edge >= from && edge <= to),
  );
}

/** Rows of a part count up to here. */
export const endOf = (part: Part, frame: Frame): number => (part.ahead ? frame.until : frame.span.to);

const afterMinute = (now: number): number => Math.floor(now / 60_000) * 60_000 + 60_000;
