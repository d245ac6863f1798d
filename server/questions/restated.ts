/** Buckets that late steps changed after they were closed. */
import type { AskedMeasure } from '../../analytics/metrics/measures.ts';
import type { Plan } from '../../analytics/metrics/plan.ts';
import { restatedStatement } from '../../analytics/sql/metrics/restated.ts';
import { stepsOfPart } from '../../analytics/sql/metrics/terms.ts';
import type { MetricAnswer } from '../http/contract/questions.ts';
import { type Ops, run } from './run.ts';

type Restated = MetricAnswer['restated'];
/** Whatever comes sooner after its bucket is on time. */
const GRACE_SECONDS = 900;

/** Sums of the roll-ups only: they remember how many came when. */
export async function restatedBuckets(runtime: Ops, plan: Plan, signal: AbortSignal | undefined): Promise<Restated> {
  const { grain } = plan.asking;
  const parts = plan.parts.filter(({ kind, source }) => kind !== 'level' && source.from === 'roll-ups');
  if (grain === 'none' || parts.length === 0) return [];
  const found = await Promise.all(
    parts.map(async (part) => {
      const { rows } = await run(runtime, restatedStatement(plan, part, plan.asked), { signal });
      return part.measures.flatMap((measure) => restatedOf(measure, plan, rows));
    }),
  );
  return found.flat();
}

function restatedOf(measure: AskedMeasure, { asked }: Plan, rows: readonly (readonly unknown[])[]): Restated {
  const steps = new Set(stepsOfPart([measure]));
  const late = new Map<number, { last: number; steps: number; arrived: number }>();
  for (const [bucket, step, minutes, counts, arrived] of rows as [number, string, number[], number[], number][]) {
    if (!steps.has(step)) continue;
    const start = Number(bucket) * 1_000;
    const next = asked.starts.find((one) => one > start) ?? asked.span.to;
    const known = late.get(start) ?? { last: 0, steps: 0, arrived: 0 };
    late.set(start, known);
    known.arrived += Number(arrived);
    for (const [index, minute] of minutes.entries()) {
      if (Number(minute) * 60 < next / 1_000 + GRACE_SECONDS) continue;
      known.steps += Number(counts[index]);
      known.last = Math.max(known.last, Number(minute) * 60_000);
    }
  }
  // All of it late: a past that was poured in, and nothing was known before.
  return [...late]
    .filter(([, one]) => one.steps > 0 && one.steps < one.arrived)
    .map(([at, one]) => ({ measure: measure.id, at, restatedAt: one.last, lateSteps: one.steps }))
    .sort((a, b) => a.at - b.at);
}
