/** Which buckets of a part did late steps change after they were closed? */
import type { Frame, Part, Plan } from '../../metrics/plan.ts';
import { select } from './layout.ts';
import { type Bound, rowsOf } from './rows.ts';
import { type Statement, usedIn } from './statement.ts';
import { bucketOf, wordsOf } from './terms.ts';

/** Rows: the bucket, the step, minutes of arrival (since 1970) with how many came then, and how many came at all. */
export function restatedStatement(plan: Plan, part: Part, frame: Frame): Statement {
  const bound: Bound = {};
  const { from, where } = rowsOf(plan, part, frame, false, bound);
  const { grain } = plan.asking;
  const text = select({
    columns: [
      `${bucketOf(grain, wordsOf(part).moment)} AS bucket`,
      'step',
      'mapKeys(sumMap(late)) AS minutes',
      'mapValues(sumMap(late)) AS counts',
      'sum(arrivals) AS arrived',
    ],
    from,
    where,
    groupBy: ['bucket', 'step'],
    having: 'notEmpty(minutes)',
  });
  return { sql: text, parameters: usedIn(text, { ...bound, time_zone: plan.situation.timeZone }) };
}
