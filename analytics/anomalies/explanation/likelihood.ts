/**
 * Parts that a change comes from, by likelihood: also for counts so small that single leaves say nothing.
 *
 * Every combination of values of up to three dimensions is a part with a sum v and an expected f. Its gain is the log-likelihood
 * ratio of "it changed by a factor of its own" against "it did not", v ln(v/f) - (v - f) (the scan statistic of M. Kulldorff,
 * 1997), less a price that grows with the number of parts of as many dimensions, as so many could have looked so by chance.
 * Leaves that vary more than counts do weigh less: each is taken for as many events as would vary so much.
 *
 * The best way to say what happened is either the part itself or the best ways of its values along one more dimension, whichever
 * gains more: so a part is named as wide as it changed and no wider. The best part is taken out and the rest is looked at
 * again. Where the whole gains most by itself, the change is spread over everything and no part is named.
 */
import { type Cuboid, cuboidsOf, type Element, elementAt, type Leaves, placesIn, total } from './leaves.ts';

const LAYERS_MAX = 3;
const ROOTS_MAX = 20;
/** What a part must gain at least, before the price of its layer. */
const GAIN_MIN = 3;
/** A root makes at least this share of the change, */
const SHARE_MIN = 0.02;
/** and has itself changed by the first of these, or as much as the whole where that is less, but never by less than the second. */
const EFFECT_USUAL = 0.1;
const EFFECT_MIN = 0.05;
/** Values of a part must say so much more than the part: they never change by quite the same factor. */
const SPLIT_MIN = 0.05;
const MAD_TO_SD = 1.4826;
/** The error of a forecast is read off so many of the largest leaves at least, and off the largest hundredth. */
const LARGEST_MIN = 50;
const EVENTS_MIN = 10;
/** Relative deviation of the square of a median deviation of n values, times the root of n; and how many of them are chance. */
const MAD_SQUARE_SD = 2.33;
const CHANCE_SDS = 3;
/** So many usual errors above the forecast are more than an error of the forecast could be. */
const FAR_OFF = 4;
/** Where nothing was ever seen, half an event might have been. */
const EXPECTED_MIN = 0.5;

export type LikelihoodOptions = {
  /** Variance of a count over its mean: 1 of independent events, more where they come in bunches or are amounts. */
  dispersion?: number;
};

type Sums = {
  cuboid: Cuboid;
  price: number;
  places: Int32Array;
  change: Float64Array;
  /** Events it is worth. */
  actual: Float64Array;
  expected: Float64Array;
  /** The best that can be said of each part, and how: by itself, by its values of a dimension, or nothing. */
  best: Float64Array;
  how: Int16Array;
};
const NOTHING = -2;
const ITSELF = -1;
type Events = Pick<Sums, 'change' | 'actual' | 'expected'>;

/** Most telling first; none where the change is spread over everything, or may be chance. */
export function rootsByLikelihood(leaves: Leaves, { dispersion = 1 }: LikelihoodOptions = {}): Element[] {
  const { codes, dimensions } = leaves;
  const change = total(leaves.actual) - total(leaves.expected);
  if (change === 0) return [];
  const events = eventsOf(leaves, dispersion);
  const sizes = dimensions.map(({ values }) => values.length);
  const layers = cuboidsOf(sizes, LAYERS_MAX).map((layer) => {
    const parts = layer.reduce((sum, { size }) => sum + size, 0);
    return layer.map((cuboid) => sumsOf(codes, events, cuboid, GAIN_MIN + Math.log(parts)));
  });
  const all = layers.flat();
  const children = childrenOf(all, sizes);
  const whole = Math.abs(change) / Math.max(total(leaves.expected), Number.MIN_VALUE);
  const effect = Math.max(EFFECT_MIN, Math.min(EFFECT_USUAL, whole));
  const gainOf = gainTowards(Math.sign(change), SHARE_MIN * Math.abs(change), effect);
  const left = { change, actual: total(events.actual), expected: total(events.expected) };
  const gone = new Uint8Array(events.change.length);
  const roots: Element[] = [];
  while (roots.length < ROOTS_MAX) {
    for (const layer of layers.toReversed()) for (const one of layer) judge(one, children, gainOf);
    const found = bestPart(layers, gainOf(left.change, left.actual, left.expected));
    if (found === null) break;
    roots.push(elementAt(found.sums.cuboid, found.place));
    for (let i = 0; i < gone.length; i++) {
      if (gone[i] === 1 || found.sums.places[i] !== found.place) continue;
      gone[i] = 1;
      takeOut(all, events, i);
      left.change -= events.change[i]!;
      left.actual -= events.actual[i]!;
      left.expected -= events.expected[i]!;
    }
  }
  return roots;
}

/**
 * How many events each leaf is worth: with a variance V of what was expected, f^2/V expected ones and v f/V that came. V is that
 * of counts and of how far even the largest leaves usually lie from what was expected of them.
 */
function eventsOf({ actual, expected }: Leaves, dispersion: number): Events {
  const error = errorOf(actual, expected, dispersion);
  const events = {
    change: actual.map((v, i) => v - expected[i]!),
    actual: new Float64Array(actual.length),
    expected: new Float64Array(actual.length),
  };
  for (let i = 0; i < actual.length; i++) {
    const [v, f] = [actual[i]!, expected[i]!];
    // A forecast far too low looks like a great surprise: of such a leaf the error is measured by what came. Of all others
    // by the forecast alone, or what came by chance would weigh by what it is.
    const size = v > f * (1 + FAR_OFF * Math.sqrt(error)) ? v : f;
    const weight = f > 0 ? f / (dispersion * f + error * size * size) : 1 / (dispersion + error * v);
    events.actual[i] = weight * v;
    events.expected[i] = weight * f;
  }
  return events;
}

/** Square of the usual relative error beyond that of counts; 0 where counts explain it. */
function errorOf(actual: Float64Array, expected: Float64Array, dispersion: number): number {
  // Of fewer events a deviation says little about the forecast.
  const sizes = expected.filter((f) => f >= EVENTS_MIN * dispersion).sort();
  if (sizes.length < LARGEST_MIN) return 0;
  const least = sizes[sizes.length - Math.max(LARGEST_MIN, Math.ceil(sizes.length / 100))]!;
  const deviations: number[] = [];
  let counted = 0;
  for (let i = 0; i < actual.length; i++) {
    const [v, f] = [actual[i]!, expected[i]!];
    if (f < least) continue;
    deviations.push(Math.abs((2 * (v - f)) / (v + f)));
    counted += dispersion / f;
  }
  deviations.sort((a, b) => a - b);
  const square = (MAD_TO_SD * deviations[deviations.length >> 1]!) ** 2;
  const ofCounts = counted / deviations.length;
  const byChance = 1 + (CHANCE_SDS * MAD_SQUARE_SD) / Math.sqrt(deviations.length);
  return square > byChance * ofCounts ? square - ofCounts : 0;
}

function sumsOf(codes: readonly Int32Array[], events: Events, cuboid: Cuboid, price: number): Sums {
  const places = new Int32Array(events.change.length);
  placesIn(cuboid, codes, places);
  const [change, actual, expected] = [0, 0, 0].map(() => new Float64Array(cuboid.size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    change[place] = change[place]! + events.change[i]!;
    actual[place] = actual[place]! + events.actual[i]!;
    expected[place] = expected[place]! + events.expected[i]!;
  }
  return {
    cuboid,
    price,
    places,
    change,
    actual,
    expected,
    best: new Float64Array(cuboid.size),
    how: new Int16Array(cuboid.size),
  };
}

function takeOut(all: readonly Sums[], events: Events, leaf: number): void {
  for (const { places, change, actual, expected } of all) {
    const place = places[leaf]!;
    change[place] = change[place]! - events.change[leaf]!;
    actual[place] = actual[place]! - events.actual[leaf]!;
    expected[place] = expected[place]! - events.expected[leaf]!;
  }
}

type Gain = (change: number, actual: number, expected: number) => number;

/** Only of what changed as the whole did, and by enough. */
const gainTowards =
  (sign: number, least: number, effect: number): Gain =>
  (change, actual, expected) => {
    if (change * sign < least || (actual - expected) * sign <= effect * expected) return 0;
    const [v, f] = [Math.max(0, actual), Math.max(EXPECTED_MIN, expected)];
    return (v === 0 ? 0 : v * Math.log(v / f)) - (v - f);
  };

/** A cuboid of one more dimension: which one that is, and where the values of a part lie in it. */
type Finer = { sums: Sums; dimension: number; values: number; stride: number; placeOf(place: number): number };

function childrenOf(all: readonly Sums[], sizes: readonly number[]): Map<Sums, Finer[]> {
  const children = new Map<Sums, Finer[]>(all.map((one) => [one, []]));
  for (const parent of all) {
    const own = parent.cuboid.dimensions;
    for (const sums of all) {
      const { dimensions, strides } = sums.cuboid;
      if (dimensions.length !== own.length + 1 || !own.every((one) => dimensions.includes(one))) continue;
      const dimension = dimensions.find((one) => !own.includes(one))!;
      const stride = strides[dimensions.indexOf(dimension)]!;
      const values = sizes[dimension]!;
      // Dimensions rise in both: what lies below the new one keeps its place, what lies above moves up.
      const placeOf = (place: number) => (place % stride) + Math.floor(place / stride) * stride * values;
      children.get(parent)!.push({ sums, dimension, values, stride, placeOf });
    }
  }
  return children;
}

function judge(one: Sums, children: Map<Sums, Finer[]>, gainOf: Gain): void {
  const finer = children.get(one)!;
  const { change, actual, expected, best, how, price } = one;
  for (let place = 0; place < best.length; place++) {
    const own = gainOf(change[place]!, actual[place]!, expected[place]!) - price;
    best[place] = Math.max(0, own);
    how[place] = own > 0 ? ITSELF : NOTHING;
    for (const [at, { sums, values, stride, placeOf }] of finer.entries()) {
      const first = placeOf(place);
      let sum = 0;
      for (let value = 0; value < values; value++) sum += sums.best[first + value * stride]!;
      if (sum > best[place]! && sum > own * (1 + SPLIT_MIN)) {
        best[place] = sum;
        how[place] = at;
      }
    }
  }
}

/**
 * The part that gains most of all that are best said to have changed as they are; null when the whole is, or nothing gains.
 * Not only those along one dimension are looked at: along it, causes in other dimensions are cut to pieces.
 */
function bestPart(layers: readonly Sums[][], wholeGain: number): { sums: Sums; place: number } | null {
  if ((layers[0] ?? []).every(({ best }) => total(best) <= wholeGain)) return null;
  let found: { sums: Sums; place: number; gain: number } | null = null as {
    sums: Sums;
    place: number;
    gain: number;
  } | null;
  for (const sums of layers.flat()) {
    for (let place = 0; place < sums.best.length; place++) {
      const gain = sums.best[place]!;
      if (sums.how[place] === ITSELF && gain > (found?.gain ?? 0)) found = { sums, place, gain };
    }
  }
  return found;
}
