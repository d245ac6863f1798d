/** The values a dimension can be filtered by. */
import { timeDimensions } from '../../analytics/metrics/dimensions.ts';
import { valuesStatement } from '../../analytics/sql/metrics/values.ts';
import type { DimensionValues } from '../http/contract/questions.ts';
import { notFound } from '../http/problems.ts';
import type { Asker, QuestionDeps } from './ask.ts';
import { askableFor } from './askable.ts';
import { run } from './run.ts';

const VALUES_MAX = 50;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export async function dimensionValues(
  deps: QuestionDeps,
  dimension: string,
  search: string,
  asker: Asker,
  signal?: AbortSignal,
): Promise<DimensionValues> {
  if ((timeDimensions as readonly string[]).includes(dimension))
    return { values: ofTime(dimension, search), cut: false };
  const { measures } = askableFor(asker);
  const isKnown = [...measures.values()].some(({ dimensions }) => dimensions.includes(dimension));
  const statement = isKnown ? valuesStatement(dimension, measures.values(), search, VALUES_MAX) : null;
  if (statement === null) throw notFound(`A dimension "${dimension}"`);
  const { rows } = await run(deps.runtime, statement, { signal });
  const values = rows
    .slice(0, VALUES_MAX)
    .map(([value, name]) => ({ value: String(value), name: String(name ?? '') || null }));
  return { values, cut: rows.length > VALUES_MAX };
}

function ofTime(dimension: string, search: string): DimensionValues['values'] {
  const all =
    dimension === 'weekday'
      ? weekdays.map((name, index) => ({ value: String(index + 1), name }))
      : Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), name: `${String(hour).padStart(2, '0')}:00` }));
  return all.filter(({ value, name }) => `${value} ${name}`.toLowerCase().includes(search.toLowerCase()));
}
