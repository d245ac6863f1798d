/**
 * Parts that a change comes from, by weighted risk. After M. Kalander, "RiskLoc: Localization of multi-dimensional root causes
 * by weighted risk" (2022), up to three dimensions at once.
 */
import { type Cuboid, cuboidsOf, type Element, elementAt, type Leaves, placesIn, total } from './leaves.ts';

const LAYERS_MAX = 3;
/** High risk less low risk from which a part is a root. */
const RISK_MIN = 0.5;
/** A root makes at least this share of what is abnormal, and the search ends when less is left. */
const SHARE_MIN = 0.02;
/** The most extreme deviations may be chance: the cut is at the next one. */
const EXTREMES_LEFT_OUT = 5;
const ROOTS_MAX = 20;

type Deviations = { size: Float64Array; power: Float64Array; weight: Float64Array; abnormal: Uint8Array };

/** Largest first within a layer, fewest dimensions first. */
export function rootsByRisk(leaves: Leaves): Element[] {
  const found = deviationsOf(leaves);
  if (found === null) return [];
  const layers = cuboidsOf(
    leaves.dimensions.map(({ values }) => values.length),
    LAYERS_MAX,
  );
  const gone = new Uint8Array(leaves.actual.length);
  const least = SHARE_MIN * abnormalPower(found, gone);
  const roots: Element[] = [];
  while (roots.length < ROOTS_MAX && abnormalPower(found, gone) >= least) {
    const root = search(leaves, found, layers, gone, least);
    if (root === null) break;
    roots.push(root.element);
    for (let i = 0; i < gone.length; i++) if (root.places[i] === root.place) gone[i] = 1;
  }
  return roots;
}

/** Deviation of each leaf, and whether it is beyond what chance does on the other side. Null: nothing changed. */
function deviationsOf({ actual, expected }: Leaves): Deviations | null {
  const count = actual.length;
  const change = total(actual) - total(expected);
  if (change === 0 || count === 0) return null;
  const deviation = new Float64Array(count);
  const power = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [v, f] = [actual[i]!, expected[i]!];
    deviation[i] = v + f === 0 ? 0 : (2 * (f - v)) / (f + v);
    power[i] = (v - f) / change;
  }
  const cut = cutOf(deviation);
  const isRight = cut > 0 || Object.is(cut, 0);
  const abnormal = new Uint8Array(count);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const d = deviation[i]!;
    abnormal[i] = (isRight ? d > cut : d < cut) ? 1 : 0;
    const isEmpty = actual[i] === 0 && expected[i] === 0;
    weight[i] = isEmpty ? 0 : Math.min(1, Math.abs(abnormal[i] === 1 ? d : cut - d));
  }
  const found = { size: deviation.map(Math.abs), power, weight, abnormal };
  // What is abnormal may point against the whole: then the search is for what made that.
  if (abnormalPower(found, new Uint8Array(count)) < 0) for (let i = 0; i < count; i++) power[i] = -power[i]!;
  return found;
}

/** Minus the smaller one in size of the 6th lowest and the 6th highest distinct deviation. */
function cutOf(deviation: Float64Array): number {
  const sorted = Float64Array.from(new Set(deviation)).sort();
  const low = sorted[Math.min(EXTREMES_LEFT_OUT, sorted.length - 1)]!;
  const high = sorted[Math.max(sorted.length - 1 - EXTREMES_LEFT_OUT, 0)]!;
  return -(Math.abs(high) < Math.abs(low) ? high : low);
}

function abnormalPower({ power, abnormal }: Deviations, gone: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < power.length; i++) if (abnormal[i] === 1 && gone[i] === 0) sum += power[i]!;
  return sum;
}

type Root = { element: Element; places: Int32Array; place: number; power: number };

function search(
  leaves: Leaves,
  found: Deviations,
  layers: readonly Cuboid[][],
  gone: Uint8Array,
  least: number,
): Root | null {
  for (const layer of layers) {
    let best: Root | null = null as Root | null;
    for (const cuboid of layer) {
      const floor: number = best?.power ?? least;
      best = bestOf(leaves, found, cuboid, gone, floor) ?? best;
    }
    if (best !== null) return best;
  }
  return null;
}

/** The most powerful part of a cuboid that is risky enough and more powerful than `least`. */
function bestOf(leaves: Leaves, found: Deviations, cuboid: Cuboid, gone: Uint8Array, least: number): Root | null {
  const { power, weight, abnormal } = found;
  const places = new Int32Array(power.length);
  placesIn(cuboid, leaves.codes, places);
  const [powers, risky, normal] = [sums(cuboid), sums(cuboid), sums(cuboid)];
  for (let i = 0; i < places.length; i++) {
    if (gone[i] === 1) continue;
    const place = places[i]!;
    powers[place] = powers[place]! + power[i]!;
    if (abnormal[i] === 1) risky[place] = risky[place]! + weight[i]!;
    else normal[place] = normal[place]! + weight[i]!;
  }
  const high = (place: number) => risky[place]! / (risky[place]! + normal[place]! + 1);
  const candidates: number[] = [];
  for (let place = 0; place < cuboid.size; place++) {
    if (risky[place]! > 0 && powers[place]! > least && high(place) >= RISK_MIN) candidates.push(place);
  }
  if (candidates.length === 0) return null;
  const low = lowRisks(leaves, found, cuboid, places, gone);
  const sorted = candidates.sort((a, b) => powers[b]! - powers[a]!);
  const place = sorted.find((one) => high(one) - low[one]! >= RISK_MIN);
  if (place === undefined) return null;
  return { element: elementAt(cuboid, place), places, place, power: powers[place]! };
}

/** What is left of the deviations when every leaf of a part moves as the part does: much, where the part is too wide. */
function lowRisks(
  { actual, expected }: Leaves,
  { size }: Deviations,
  cuboid: Cuboid,
  places: Int32Array,
  gone: Uint8Array,
) {
  const [sumActual, sumExpected, rippled, deviated] = [sums(cuboid), sums(cuboid), sums(cuboid), sums(cuboid)];
  const isCompared = (i: number) => gone[i] === 0 && actual[i] !== 0 && expected[i] !== 0;
  for (let i = 0; i < places.length; i++) {
    if (!isCompared(i)) continue;
    const place = places[i]!;
    sumActual[place] = sumActual[place]! + actual[i]!;
    sumExpected[place] = sumExpected[place]! + expected[i]!;
  }
  for (let i = 0; i < places.length; i++) {
    if (!isCompared(i)) continue;
    const place = places[i]!;
    const ripple = (expected[i]! * sumActual[place]!) / sumExpected[place]!;
    const sum = ripple + actual[i]!;
    rippled[place] = rippled[place]! + (sum === 0 ? 0 : Math.abs((2 * (ripple - actual[i]!)) / sum));
    deviated[place] = deviated[place]! + size[i]!;
  }
  return rippled.map((sum, place) => (deviated[place] === 0 ? 0 : sum / deviated[place]!));
}

const sums = ({ size }: Cuboid): Float64Array => new Float64Array(size);
