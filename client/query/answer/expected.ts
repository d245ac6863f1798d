/** Which expected band belongs to a line of an answer: detectors watch the whole, or one channel, node, source or SKU. Pure. */
import type { MetricQuestion } from '../../../server/http/contract/questions.ts';
import type { WatchedPart } from '../../../server/http/contract/signals.ts';

const MINUTE_MS = 60_000;
const steps: Partial<Record<MetricQuestion['grain'], number>> = {
  minute: MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
};
const parts: readonly WatchedPart[] = ['channel', 'node', 'source', 'sku'];
const isPart = (dimension: string): dimension is WatchedPart => (parts as readonly string[]).includes(dimension);

export type ExpectedQuery = { kpi: string; from: number; to: number; step: number } & { [P in WatchedPart]?: string };

/**
 * @param group of the line, in the order of the question's dimensions
 * @param times of its points, oldest first
 * @returns null where nobody watches such a line
 */
export function expectedQuery(
  { by, where, grain }: Pick<MetricQuestion, 'by' | 'where' | 'grain'>,
  kpi: string,
  group: readonly (string | null)[],
  times: readonly number[],
): ExpectedQuery | null {
  const step = steps[grain];
  const [first, last] = [times[0], times.at(-1)];
  if (step === undefined || first === undefined || last === undefined) return null;
  const grouped = by.map((dimension, at) => ({ dimension, value: group[at] ?? null }));
  const filtered = where.map(({ dimension, is, values }) => ({
    dimension,
    value: is === 'in' && values.length === 1 ? values[0]! : null,
  }));
  const named = [...grouped, ...filtered];
  const span = { kpi, from: first, to: last + step, step };
  if (named.length === 0) return span;
  const only = named[0]!;
  return named.length === 1 && only.value !== null && isPart(only.dimension)
    ? { ...span, [only.dimension]: only.value }
    : null;
}
