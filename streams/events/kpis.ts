/** What people decide about KPIs: the terms they are held against, and baselines that are never worked out again. */
import { z } from 'zod';
import { id, instant, text } from './fields.ts';

export const BASELINE_WEEKS_MAX = 55;
export const MEASURED_ROWS_MAX = 2_000;
const figure = z.number().nullable();

export const kpiEvents = {
  /** Owner, target and thresholds of a KPI, in its unit, from a moment on. */
  'kpi.terms-set': z.object({
    kpi: id,
    owner: text,
    target: figure,
    thresholds: z.object({ look: z.number(), act: z.number() }).nullable(),
    from: instant,
    /** The version it was made from: refused when another one came in between. */
    basedOn: z.int().min(0).optional(),
    by: text,
    note: text.optional(),
  }),
  /** The figure of a period as it was known then, as a whole and by ISO week. */
  'kpi.baseline-frozen': z.object({
    kpi: id,
    baseline: id,
    name: text,
    from: instant,
    to: instant,
    value: figure,
    n: z.int().min(0),
    weeks: z
      .array(z.object({ week: z.int().min(1).max(53), from: instant, to: instant, value: figure, n: z.int().min(0) }))
      .max(BASELINE_WEEKS_MAX),
    kpiVersion: z.int().min(1),
    by: text,
    note: text.optional(),
  }),
  /** A level that only all states together know: the two sides of its figure per value of its one dimension. */
  'kpi.measured': z.object({
    kpi: id,
    rows: z.array(z.object({ key: text, part: z.number(), whole: z.number() })).max(MEASURED_ROWS_MAX),
  }),
  'kpi.baseline-removed': z.object({ kpi: id, baseline: id, by: text }),
};
