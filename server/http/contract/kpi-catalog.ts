/** The catalog of KPIs for those who govern them: what each means, the terms that hold, and the baselines frozen of it. */
import { z } from 'zod';
import { kpiDefinition } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const figure = z.number().nullable();

export const BASELINE_DAYS_MAX = 371;
export const BASELINES_PER_KPI_MAX = 50;
const DAY_MS = 86_400_000;

export const thresholds = z.object({ look: z.number(), act: z.number() });
/** Who answers for it and what is aimed at. Beyond `look` it needs a look, beyond `act` somebody must act; in its unit. */
export const kpiTerms = z.object({
  owner: z.string().trim().min(1).max(120),
  target: figure,
  thresholds: thresholds.nullable(),
});
export type KpiTerms = z.infer<typeof kpiTerms>;

/** Version 0 are the terms of the definition, set by nobody. */
export const termsVersion = kpiTerms.extend({
  version: z.int(),
  /** They hold from this moment on, until the next version does; 0: since ever. */
  from: time,
  setAt: time.nullable(),
  by: z.string().nullable(),
  note: z.string(),
  /** Whether they are those that hold now. One that begins later does not yet. */
  inForce: z.boolean(),
});
export type TermsVersion = z.infer<typeof termsVersion>;

/** Those that hold at a moment: of all that have begun, the newest. */
export const termsAt = <T extends Pick<TermsVersion, 'version' | 'from'>>(
  history: readonly T[],
  at: number,
): T | undefined =>
  history.reduce<T | undefined>(
    (best, one) => (one.from <= at && one.version > (best?.version ?? -1) ? one : best),
    undefined,
  );

export const termsChange = kpiTerms.extend({
  /** From when on; now, when it is not said. Never before now: what was judged stays judged. */
  from: time.optional(),
  note: z.string().trim().max(500).default(''),
  /** The newest version that the change was made from: 409 when somebody else was faster. */
  version: z.int().min(0),
});
export const termsSet = z.object({ version: z.int(), terms: termsVersion });

/** One ISO week of a baseline, so that later weeks can be held against the same weeks of a year. */
export const baselineWeek = z.object({
  /** ISO week of the year, 1 to 53, by the workspace's own days. */
  week: z.int(),
  from: time,
  to: time,
  value: figure,
  /** Days with a figure. */
  n: z.int(),
});
/** Frozen: never worked out again, also not when late events restate its period. */
export const baseline = z.object({
  id: z.string(),
  kpi: z.string(),
  name: z.string(),
  from: time,
  to: time,
  value: figure,
  /** Days with a figure. */
  n: z.int(),
  weeks: z.array(baselineWeek),
  /** Of the definition, when it was frozen: another version measures something else. */
  kpiVersion: z.int(),
  frozenAt: time,
  by: z.string(),
  note: z.string(),
});
export type Baseline = z.infer<typeof baseline>;
/** The frozen figure beside what the same period is worked out as today; null: history cannot say. */
export const baselineBesideToday = baseline.extend({ today: figure });

export const baselineRequest = z
  .object({
    name: z.string().trim().min(1).max(80),
    /** Widened to whole days of the workspace. */
    from: time,
    to: time,
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ from, to }) => from < to, 'from must lie before to')
  .refine(({ from, to }) => to - from <= BASELINE_DAYS_MAX * DAY_MS, `at most ${BASELINE_DAYS_MAX} days`);

/** What a KPI stands at, with the terms that hold for it now (also in `owner`, `target` and `thresholds`). */
export const kpiEntry = kpiDefinition.extend({
  value: figure,
  asOf: time.nullable(),
  terms: termsVersion,
});
export const kpiCatalogAnswer = z.object({ items: z.array(kpiEntry) });

export const relatedExceptions = z.object({
  kind: z.string(),
  question: z.string(),
  open: z.int(),
  moneyAtRisk: z.int(),
});
export const kpiPage = kpiEntry.extend({
  /** Newest first; the last one is the definition's own. */
  termsHistory: z.array(termsVersion),
  baselines: z.array(baselineBesideToday),
  related: z.array(relatedExceptions),
});
export type KpiPage = z.infer<typeof kpiPage>;

export const distributionQuery = z.object({
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
  /** Of how long a time each figure is. Durations know none: there each case counts. */
  grain: z.enum(['hour', 'day']).default('day'),
});
export const distributionAnswer = z.object({
  /** `durations`: each case as it took; `figures`: the figure of each hour or day. */
  of: z.enum(['durations', 'figures']),
  from: time,
  to: time,
  grain: z.enum(['hour', 'day']).nullable(),
  /** Cases or figures. */
  n: z.int(),
  least: figure,
  most: figure,
  mean: figure,
  /** In the unit of the KPI, as [share, value], nearest rank. */
  quantiles: z.array(z.tuple([z.number(), z.number()])),
  /** From least to most, without a hole; the upper bound is not included but in the last one. */
  bins: z.array(z.object({ from: z.number(), to: z.number(), count: z.int() })),
});
export type DistributionAnswer = z.infer<typeof distributionAnswer>;
