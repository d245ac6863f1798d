/** What is wrong with a question, in words: what, where, and what to do about it. */
import { nearest } from '../guard/faults.ts';
import type { Comparison, Grain, Period } from './calendar.ts';
import { dimensionOf } from './dimensions.ts';
import type { AskedMeasure } from './measures.ts';

export type Fault = { path: string; message: string };
/** As somebody asks it, by the names of things. */
export type Named = {
  measures: readonly string[];
  by: readonly string[];
  grain: Grain;
  where: readonly { dimension: string; is: 'in' | 'not-in'; values: readonly string[] }[];
  over: Period;
  compare: Comparison | null;
};
export type Askable = {
  measures: ReadonlyMap<string, AskedMeasure>;
  /** Of KPIs that cannot be asked, why. */
  not: ReadonlyMap<string, string>;
};

/** Of text in all values of filters: they travel with every statement. */
const FILTER_CHARACTERS_MAX = 40_000;

/** The measures of a question, or all that is wrong with it. */
export function check(asked: Named, known: Askable): { measures: AskedMeasure[] } | { faults: Fault[] } {
  const faults: Fault[] = [];
  const measures = asked.measures.flatMap((id, index) => {
    const measure = known.measures.get(id);
    if (measure === undefined) faults.push({ path: `measures.${index}`, message: whyNot(id, known) });
    return measure ?? [];
  });
  twice(asked.measures, 'measures', faults);
  twice(asked.by, 'by', faults);
  for (const [index, id] of asked.by.entries()) faults.push(...notMeasuredBy(id, `by.${index}`, measures));
  for (const [index, { dimension }] of asked.where.entries()) {
    faults.push(...notMeasuredBy(dimension, `where.${index}.dimension`, measures));
  }
  const characters = asked.where.flatMap(({ values }) => values).reduce((sum, value) => sum + value.length, 0);
  if (characters > FILTER_CHARACTERS_MAX) {
    faults.push({
      path: 'where',
      message: `the values have ${characters} characters; ${FILTER_CHARACTERS_MAX} is the most. Filter by a coarser dimension.`,
    });
  }
  if (asked.compare === 'last-week' && ['month', 'quarter', 'year'].includes(asked.grain)) {
    faults.push({
      path: 'compare',
      message: `a ${asked.grain} cannot be laid over one that begins seven days earlier. Compare with the previous period or with last year.`,
    });
  }
  return faults.length > 0 ? { faults } : { measures };
}

function whyNot(id: string, { measures, not }: Askable): string {
  const why = not.get(id);
  if (why !== undefined) return `"${id}" cannot be asked: ${why}`;
  const near = nearest(id, [...measures.keys()]);
  return `there is no measure "${id}".${near === null ? ' GET /v1/questions/askable lists them.' : ` Did you mean "${near}"?`}`;
}

function notMeasuredBy(id: string, path: string, measures: readonly AskedMeasure[]): Fault[] {
  const without = measures.filter(({ dimensions }) => !dimensions.includes(id));
  if (without.length === 0) return [];
  const shared = measures[0]!.dimensions.filter((one) => measures.every(({ dimensions }) => dimensions.includes(one)));
  const isKnown = measures.some(({ dimensions }) => dimensions.includes(id));
  const near = isKnown ? null : nearest(id, shared);
  const names = without.map(({ id: measure }) => measure).join(', ');
  const words =
    near !== null && near !== id ? `Did you mean "${near}"?` : `It can be asked by: ${shared.join(', ') || 'nothing'}.`;
  return [
    {
      path,
      message: `${names} ${without.length === 1 ? 'is' : 'are'} not measured by ${dimensionOf(id).id}. ${words}`,
    },
  ];
}

function twice(ids: readonly string[], path: string, faults: Fault[]): void {
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) !== index) faults.push({ path: `${path}.${index}`, message: `"${id}" is named twice.` });
  }
}
