/** What an unusual figure comes from: the parts that changed, with shares that add up to the whole change. */
import { expectLeaves } from '../../analytics/anomalies/explanation/expected-leaves.ts';
import { expectRates, missing, type Sides } from '../../analytics/anomalies/explanation/expected-rates.ts';
import { type Leaves, total } from '../../analytics/anomalies/explanation/leaves.ts';
import { rootsByLikelihood } from '../../analytics/anomalies/explanation/likelihood.ts';
import { type Part, rootParts, unevenness, valueParts } from '../../analytics/anomalies/explanation/shares.ts';
import { type Kpi, kpiById } from '../../analytics/kpis/index.ts';
import { dimensionOf } from '../../analytics/metrics/dimensions.ts';
import type { AskedMeasure } from '../../analytics/metrics/measures.ts';
import type { Situation } from '../../analytics/metrics/plan.ts';
import { type AnomalyShape, ROOTS_MAX } from '../../streams/events/signals.ts';
import type { ExplainedChange, ExplainedRoot } from '../http/contract/explanations.ts';
import type { Asker } from '../questions/ask.ts';
import { askableFor } from '../questions/askable.ts';
import type { Ops } from '../questions/run.ts';
import { type ReadLeaves, readLeaves } from './explain-leaves.ts';
import { isOfOthers, type NameOfValue, plain, valuesOf, wordsOf } from './explain-words.ts';

/** Longer than this it is explained by its last day: what lasts is not over by then. */
export const WINDOW_MAX_MS = 86_400_000;
const VALUES_SHOWN = 8;

export type ChangeAsked = {
  kpi: string;
  /** The series: a KPI of the workspace without any, else of one channel, node, source or SKU. */
  where: { [dimension: string]: string | undefined };
  /** Epoch ms; `to` not included. */
  from: number;
  to: number;
  /** What was expected of the whole window, in the unit of the KPI; without it, the usual figure of the same hours. */
  expected?: number | undefined;
  what?: AnomalyShape | undefined;
};
/** As `anomaly.detected` carries it. */
export type RootTold = { values: Record<string, string>; share: number; value: number; expected: number };
export type Explained = { change: ExplainedChange; roots: RootTold[] };
export type NotExplained = { notExplained: string };

type Names = { nameOf?: NameOfValue };

/**
 * @param asker who may not see cost is told nothing of what is made of it; the detector itself is an `admin`
 * @throws Unavailable when history is away
 */
export async function explainChange(
  ops: Ops,
  situation: Situation,
  asked: ChangeAsked,
  { asker, signal, nameOf = (_, value) => value }: Names & { asker: Asker; signal?: AbortSignal | undefined },
): Promise<Explained | NotExplained> {
  const startedAt = performance.now();
  const kpi = kpiById(asked.kpi);
  if (kpi === undefined) return { notExplained: `There is no KPI ${asked.kpi}.` };
  const { measures, not } = askableFor(asker);
  const measure = measures.get(kpi.id);
  if (measure === undefined)
    return { notExplained: `${kpi.name} cannot be split: ${sentence(not.get(kpi.id) ?? 'it has no parts')}` };
  if (measure.figure.kind === 'quantile') {
    return { notExplained: `${kpi.name} is a quantile: it is no sum of parts that could be shared out.` };
  }
  const where = placeOf(asked, measure);
  if ('notExplained' in where) return where as NotExplained;
  const window = { from: Math.max(asked.from, asked.to - WINDOW_MAX_MS), to: asked.to };
  const isCut = window.from > asked.from;
  const read = await readLeaves(ops, { measure, where, ...window }, situation, signal);
  const sides = sidesOf(measure, read, isCut ? undefined : asked.expected);
  if ('notExplained' in sides) return sides;
  const { change, roots } = worked(kpi, sides, nameOf);
  return {
    roots,
    change: {
      ...change,
      currency: kpi.unit === 'money' ? situation.currency : null,
      where,
      what: asked.what ?? null,
      ...window,
      method: { ...change.method, ms: Math.round((performance.now() - startedAt) * 10) / 10 },
    },
  };
}

const sentence = (words: string): string => (words.endsWith('.') ? words : `${words}.`);

/** A source of a series is, among steps, the source of the order. */
function placeOf({ where }: ChangeAsked, { dimensions, kpi }: AskedMeasure): Record<string, string> | NotExplained {
  const place: Record<string, string> = {};
  for (const [name, value] of Object.entries(where)) {
    if (value === undefined || value === '') continue;
    const dimension = name === 'source' && !dimensions.includes('source') ? 'order-source' : name;
    if (!dimensions.includes(dimension)) return { notExplained: `${kpi.name} is not known by ${name}.` };
    place[dimension] = value;
  }
  return place;
}

type SidesOfChange = {
  leaves: Leaves;
  /** Of all, by what was expected of the whole; of a rate it holds the mix too. */
  expectedTotal: number;
  dispersion: number;
  weeks: number;
  weeksLeftOut: number;
  /** Of a rate: what is divided by, and whether what is missing from it is counted. */
  rate: { whole: Float64Array; isMissing: boolean; times: number } | null;
};

function sidesOf(
  { figure, kpi }: AskedMeasure,
  read: ReadLeaves,
  expected: number | undefined,
): SidesOfChange | NotExplained {
  const { dimensions, codes, columns } = read;
  if (codes.length === 0)
    return { notExplained: `${kpi.name} has only one part here: there is nothing to tell apart.` };
  if (figure.kind !== 'ratio') {
    const [values] = columns;
    const [now, ...weeks] = values!;
    // Of cut hours the weeks hold all: the window has its share of them.
    const whole = expected ?? null;
    const cut = whole === null ? weeks.map((week) => week.map((one) => one * read.covered)) : weeks;
    const known = expectLeaves(cut, dimensions, codes, whole, kpi.unit !== 'money');
    if (known === null) return tooNew(kpi);
    const leaves = { dimensions, codes, actual: now!, expected: known.expected };
    return { leaves, expectedTotal: total(known.expected), ...known, rate: null };
  }
  const [parts, wholes] = columns;
  const { times } = figure;
  const all: Sides[] = parts!.map((part, week) => ({ part, whole: wholes![week]! }));
  const before = all.slice(1).filter(({ whole }) => total(whole) > 0);
  const rate = expected === undefined ? null : expected / times;
  const usual =
    rate ?? total(before[0]?.part ?? new Float64Array()) / Math.max(1, total(before[0]?.whole ?? new Float64Array()));
  const isShare = times === 100 && all.every(({ part, whole }) => part.every((one, i) => one <= whole[i]!));
  const isMissing = isShare && usual > 0.5;
  const counted = isMissing ? all.map(missing) : all;
  const known = expectRates(
    counted[0]!,
    counted.slice(1).filter(({ whole }) => total(whole) > 0),
    rate === null ? null : isMissing ? 1 - rate : rate,
  );
  if (known === null) return tooNew(kpi);
  return {
    leaves: { dimensions, codes, actual: known.actual, expected: known.expected },
    expectedTotal: known.expectedTotal,
    dispersion: known.dispersion,
    weeks: before.length,
    weeksLeftOut: 0,
    rate: { whole: wholes![0]!, isMissing, times },
  };
}

const tooNew = ({ name }: Kpi): NotExplained => ({
  notExplained: `${name} has no record of these hours in earlier weeks to compare its parts with.`,
});

type Worked = { change: Omit<ExplainedChange, 'currency' | 'where' | 'what' | 'from' | 'to'>; roots: RootTold[] };

function worked(kpi: Kpi, sides: SidesOfChange, nameOf: NameOfValue): Worked {
  const { leaves, expectedTotal, dispersion, rate } = sides;
  const [actual, expected] = [total(leaves.actual), expectedTotal];
  const change = actual - expected;
  // What is searched for is the change of the parts themselves; other weights of them are told as the mix.
  const found = rootsByLikelihood(leaves, { dispersion }).filter((root) => !isOfOthers(root, leaves));
  const { roots, rest } = rootParts(leaves, found.slice(0, ROOTS_MAX), change);
  const figure = (at: readonly number[], counted: number) => figureOf(sides, at, counted);
  const told = roots.map(
    ({ element, leaves: own, actual: value, expected: usual, change: moved, share }): ExplainedRoot => ({
      values: valuesOf(element, leaves),
      words: wordsOf(element, leaves, nameOf),
      value: figure(own, value),
      expected: figure(own, usual),
      change: moved,
      share,
    }),
  );
  const mixChange = rate === null ? 0 : total(leaves.expected) - expectedTotal;
  const allLeaves = [...leaves.actual.keys()];
  return {
    roots: told.flatMap(({ values, share, value, expected: usual }) =>
      value === null || usual === null ? [] : [{ values, share, value, expected: usual }],
    ),
    change: {
      kpi: kpi.id,
      name: kpi.name,
      unit: kpi.unit,
      value: figure(allLeaves, actual) ?? 0,
      expected: figure(allLeaves, expected) ?? 0,
      counted: { words: countedWords(kpi, rate), value: actual, expected, change },
      roots: told,
      mix: rate === null ? null : { words: 'other weights of the parts', ...shareOf(mixChange, change) },
      rest: { words: restWords(told.length), change: rest.change, share: rest.share },
      dimensions: dimensionsOf(leaves, change, nameOf),
      method: {
        words: methodWords(rate !== null, sides),
        dimensions: leaves.dimensions.map(({ name }) => name),
        leaves: leaves.actual.length,
        weeks: sides.weeks,
        weeksLeftOut: sides.weeksLeftOut,
        ms: 0,
      },
    },
  };
}

/** In the unit of the KPI. */
function figureOf({ rate }: SidesOfChange, at: readonly number[], counted: number): number | null {
  if (rate === null) return counted;
  const whole = at.reduce((sum, leaf) => sum + rate.whole[leaf]!, 0);
  if (whole <= 0) return null;
  return rate.times * (rate.isMissing ? 1 - counted / whole : counted / whole);
}

function dimensionsOf(leaves: Leaves, change: number, nameOf: NameOfValue): ExplainedChange['dimensions'] {
  const all = leaves.dimensions.map(({ name, values }, at) => {
    const parts = valueParts(leaves, at, change);
    const left = parts.slice(VALUES_SHOWN);
    const sum = left.reduce((added, part) => added + part.change, 0);
    return {
      told: unevenness(parts),
      dimension: name,
      name: dimensionOf(name).name,
      parts: parts.slice(0, VALUES_SHOWN).map(({ code, actual, expected, change: moved, share }) => ({
        value: plain(values[code]!),
        words: nameOf(name, plain(values[code]!)),
        counted: { value: actual, expected },
        change: moved,
        share,
      })),
      rest: left.length === 0 ? null : { values: left.length, ...shareOf(sum, change) },
    };
  });
  return all.sort((a, b) => b.told - a.told).map(({ told: _, ...one }) => one);
}

const shareOf = (part: number, change: number): Pick<Part, 'change' | 'share'> => ({
  change: part,
  share: change === 0 ? 0 : part / change,
});

function countedWords({ name }: Kpi, rate: SidesOfChange['rate']): string {
  if (rate === null) return name;
  return rate.isMissing ? `what is missing from 100 % of ${name}` : `what ${name} counts`;
}

const restWords = (roots: number): string =>
  roots === 0 ? 'spread over all parts: none of them stands out' : 'everything else';

function methodWords(isRate: boolean, { weeks }: SidesOfChange): string {
  const usual = isRate ? 'the usual rate of each part' : "each part's share of the same hours";
  return `Expected is ${usual} in the ${weeks} weeks before, scaled to what was expected of the whole; parts are found by likelihood.`;
}
