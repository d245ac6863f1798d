/** KPIs as measures: from which rows each is made and what is made of them, read off its definition. */
import type { AskedRows, Clock } from '../kpis/asked.ts';
import type { Kpi, Measure } from '../kpis/definition.ts';
import type { Term } from '../kpis/terms.ts';
import {
  columnOf,
  itemDimensions,
  lineDimensions,
  rollUpDimensions,
  stepDimensions,
  timeDimensions,
} from './dimensions.ts';

/** Sums of steps: columns of the roll-ups, or of the steps themselves. */
export type StepRows = { from: 'steps'; clock: Clock };
export type ViewRows = { from: 'rows'; asked: AskedRows };

export type Figure =
  | { kind: 'count'; value: Sum }
  | { kind: 'ratio'; part: Sum; whole: Sum; times: number }
  | { kind: 'quantile'; of: Sum; share: number; unitMs: number }
  | { kind: 'level'; change: Sum; emptyIsZero: boolean };
/** Terms over steps, or an aggregate over the rows of a view. Of a quantile: what is weighed. */
export type Sum = readonly Term[] | string;

export type AskedMeasure = {
  id: string;
  /** The name of its column in an answer. */
  column: string;
  kpi: Kpi;
  rows: StepRows | ViewRows;
  figure: Figure;
  /** Only amounts of the workspace's currency. */
  money: boolean;
  dimensions: readonly string[];
};

/** Null: it cannot be asked by measure and dimension. @param durations distributions that quantiles name */
export function askedMeasure(kpi: Kpi, durations: readonly Measure[]): AskedMeasure | null {
  const known = fromAsked(kpi) ?? fromTerms(kpi, durations);
  return known === null ? null : { id: kpi.id, column: columnOf(kpi.id), kpi, ...known };
}

type Known = Pick<AskedMeasure, 'rows' | 'figure' | 'money' | 'dimensions'>;

function fromAsked({ asked }: Kpi): Known | null {
  if (asked === undefined) return null;
  if (asked.kind === 'level') {
    const { terms, clock = 'step', emptyIsZero = false } = asked;
    return {
      rows: { from: 'steps', clock },
      figure: { kind: 'level', change: terms, emptyIsZero },
      money: false,
      // What opens and what closes may be told by different systems, at different times of the day.
      dimensions: dimensionsOfSteps(terms).filter((one) => !isOfTime(one) && one !== 'order-source' && one !== 'cause'),
    };
  }
  const named = Object.keys(asked.dimensions);
  const isLevel = asked.figure.kind === 'level';
  return {
    rows: { from: 'rows', asked },
    figure: figureOf(asked),
    money: false,
    dimensions: [...named, ...(named.includes('sku') ? itemDimensions : []), ...(isLevel ? [] : timeDimensions)],
  };
}

function figureOf({ figure }: AskedRows): Figure {
  if (figure.kind === 'count') return figure;
  if (figure.kind === 'ratio') return { ...figure, times: figure.times ?? 100 };
  if (figure.kind === 'level') return { ...figure, emptyIsZero: figure.emptyIsZero ?? false };
  return { kind: 'quantile', of: figure.ms, share: figure.share, unitMs: figure.unitMs };
}

function fromTerms({ live, sql }: Kpi, durations: readonly Measure[]): Known | null {
  if (live.kind === 'count') {
    const { plus, minus = [] } = live;
    const value = [...termsOf(plus), ...termsOf(minus).map(takenOff)];
    return knownOf([...plus, ...minus], sql !== undefined, { kind: 'count', value });
  }
  if (live.kind === 'ratio') {
    const figure = {
      kind: 'ratio',
      part: termsOf(live.part),
      whole: termsOf(live.whole),
      times: live.times ?? 100,
    } as const;
    return knownOf([...live.part, ...live.whole], sql !== undefined, figure);
  }
  if (live.kind !== 'quantile') return null;
  const measure = durations.find(({ name }) => name === live.of);
  if (measure === undefined) return null;
  const { share, unitMs } = live;
  return knownOf([measure], false, { kind: 'quantile', of: measure.terms, share, unitMs });
}

/** A measure that counts at another moment says which; where it does not, its terms alone would tell another figure. */
function knownOf(measures: readonly Measure[], hasQuery: boolean, figure: Figure): Known | null {
  const clocks = new Set(measures.map(({ clock = 'step' }) => clock));
  if (clocks.size !== 1 || measures.some(({ at, clock }) => at !== undefined && clock === undefined)) return null;
  const [clock] = clocks as Set<Clock>;
  if (hasQuery && clock === 'step') return null;
  const dimensions = dimensionsOfSteps(termsOf(measures));
  return {
    rows: { from: 'steps', clock: clock! },
    figure,
    money: measures.some(({ per }) => per === 'currency'),
    dimensions,
  };
}

/** Only steps of lines know an item. */
function dimensionsOfSteps(terms: readonly Term[]): string[] {
  const isOfLines = terms.every(({ step }) => step.startsWith('line-'));
  return [...rollUpDimensions, ...timeDimensions, ...stepDimensions, ...(isOfLines ? lineDimensions : [])];
}

const isOfTime = (dimension: string): boolean => (timeDimensions as readonly string[]).includes(dimension);
const termsOf = (measures: readonly Measure[]): Term[] => measures.flatMap(({ terms }) => terms);
const takenOff = ({ sign, ...term }: Term): Term => (sign === -1 ? term : { ...term, sign: -1 });
