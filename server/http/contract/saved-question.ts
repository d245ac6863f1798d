/** A question that is kept: as the builder has it, or as SQL with parameters, and how its answer is shown. */
import { z } from 'zod';
import { chartKinds } from './question-parts.ts';
import { metricQuestion } from './questions.ts';
import { SQL_CHARACTERS_MAX, sqlParameters } from './sql-runs.ts';

export { type ChartKind, chartKinds } from './question-parts.ts';

export const questionBody = z.object({
  words: z.string().max(2_000).default(''),
  /** Null when the SQL was written or changed by hand. */
  metrics: metricQuestion.nullable(),
  /** Null while it follows the builder. */
  sql: z.string().max(SQL_CHARACTERS_MAX).nullable(),
  parameters: z
    .array(z.object({ name: z.string().max(40), type: z.string().max(80), words: z.string().max(200).default('') }))
    .max(30)
    .default([]),
  /** Values it is asked with unless others are given. */
  values: sqlParameters.default({}),
  show: z
    .object({ as: z.enum(chartKinds).default('line'), columns: z.record(z.string(), z.string()).default({}) })
    .default({ as: 'line', columns: {} }),
});
export type QuestionBody = z.output<typeof questionBody>;
