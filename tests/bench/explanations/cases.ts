/** Anomalies with known roots: sums of a shop, and the published way to make such cases. Leaves are written anew for each. */
import { expectLeaves } from '../../../analytics/anomalies/explanation/expected-leaves.ts';
import { type Element, isWithin, type Leaves } from '../../../analytics/anomalies/explanation/leaves.ts';
import { type Chance, chanceOf } from './chance.ts';

export type Case = { leaves: Leaves; roots: Element[]; dispersion?: number };
export type CaseSet = { name: string; words: string; make(seed: number): Case };

/** Channel, node, country, category and class: 28,800 leaves. */
const SHOP = [4, 6, 12, 20, 5];
/** Of the published set "S": 48,000 leaves. */
const PUBLISHED = [10, 12, 10, 8, 5];
const LAYERS_MAX = 3;

function grid(sizes: readonly number[]): Leaves {
  const count = sizes.reduce((product, size) => product * size, 1);
  let every = count;
  const codes = sizes.map((size) => {
    every /= size;
    return Int32Array.from({ length: count }, (_, leaf) => Math.floor(leaf / every) % size);
  });
  return {
    dimensions: sizes.map((size, at) => ({
      name: 'abcdefgh'[at]!,
      values: Array.from({ length: size }, (_, code) => `${'abcdefgh'[at]}${code}`),
    })),
    codes,
    actual: new Float64Array(count),
    expected: new Float64Array(count),
  };
}

/** Largest first, as shops, countries and categories are: the k-th has 1/k^steepness of the first. */
function unequal(chance: Chance, sizes: readonly number[]): Float64Array[] {
  return sizes.map((size) => {
    const steepness = chance.between(0.4, 1.1);
    const shares = chance.pick(
      Array.from({ length: size }, (_, at) => 1 / (at + 1) ** steepness),
      size,
    );
    const sum = shares.reduce((all, share) => all + share, 0);
    return Float64Array.from(shares, (share) => share / sum);
  });
}

/** Leaves of a shop that sells so much, with tastes of their own: shares are no product of those of the dimensions. */
function shopLeaves(chance: Chance, volume: number): Leaves {
  const leaves = grid(SHOP);
  const shares = unequal(chance, SHOP);
  let sum = 0;
  for (let leaf = 0; leaf < leaves.expected.length; leaf++) {
    let share = Math.exp(0.5 * chance.normal());
    for (const [at, column] of leaves.codes.entries()) share *= shares[at]![column[leaf]!]!;
    leaves.expected[leaf] = share;
    sum += share;
  }
  for (let leaf = 0; leaf < leaves.expected.length; leaf++) leaves.expected[leaf]! *= volume / sum;
  return leaves;
}

/** One to three causes that change their leaves by a factor each, none within another. @param least share of the whole each has */
function causes(chance: Chance, leaves: Leaves, least: number): Element[] {
  const count = chance.whole(1, 3);
  const all = leaves.expected.reduce((sum, one) => sum + one, 0);
  const roots: Element[] = [];
  for (let tries = 0; roots.length < count && tries < 2_000; tries++) {
    const layer = chance.whole(1, LAYERS_MAX);
    const dimensions = chance
      .pick(
        leaves.dimensions.map((_, at) => at),
        layer,
      )
      .sort((a, b) => a - b);
    const root = dimensions.map((one) => [one, chance.whole(0, leaves.dimensions[one]!.values.length - 1)] as const);
    let weight = 0;
    let overlaps = false;
    for (let leaf = 0; leaf < leaves.expected.length; leaf++) {
      if (!isWithin(leaves.codes, leaf, root)) continue;
      weight += leaves.expected[leaf]!;
      overlaps ||= roots.some((other) => isWithin(leaves.codes, leaf, other));
    }
    if (!overlaps && weight >= least * all && weight <= 0.6 * all) roots.push(root);
  }
  return roots;
}

const WEEKS = 6;

/** @param volume what the shop counts in the window; what is expected comes from as many counted weeks before it */
const countedShop = (name: string, volume: number): CaseSet => ({
  name,
  words: `shop, ${volume.toLocaleString('en')} counted in the window`,
  make(seed) {
    const chance = chanceOf(seed);
    const leaves = shopLeaves(chance, volume);
    // What nobody could see in so few is no case: 60 expected, or one in a hundred.
    const roots = causes(chance, leaves, Math.max(0.01, 60 / volume));
    const sign = chance.unit() < 0.75 ? -1 : 1;
    const factors = roots.map(() => Math.max(0, 1 + sign * chance.between(0.4, 1)));
    for (let leaf = 0; leaf < leaves.actual.length; leaf++) {
      const root = roots.findIndex((one) => isWithin(leaves.codes, leaf, one));
      leaves.actual[leaf] = chance.poisson(leaves.expected[leaf]! * (factors[root] ?? 1));
    }
    const weeks = Array.from({ length: WEEKS }, () => leaves.expected.map((mean) => chance.poisson(mean)));
    const known = expectLeaves(weeks, leaves.dimensions, leaves.codes, volume, true)!;
    return { leaves: { ...leaves, expected: known.expected }, roots, dispersion: known.dispersion };
  },
});

/** Amounts, expected with an error of up to a quarter of each leaf. */
const amountShop: CaseSet = {
  name: 'shop-amounts',
  words: 'shop, amounts with a forecast error of 0 to 25 % per leaf',
  make(seed) {
    const chance = chanceOf(seed);
    const leaves = shopLeaves(chance, 2_000_000);
    const noise = chance.between(0, 0.25);
    const roots = causes(chance, leaves, 0.002);
    const sign = chance.unit() < 0.75 ? -1 : 1;
    const factors = roots.map(() => Math.max(0, 1 + sign * (chance.between(0.2, 1) + noise)));
    for (let leaf = 0; leaf < leaves.actual.length; leaf++) {
      const f = leaves.expected[leaf]!;
      const root = roots.findIndex((one) => isWithin(leaves.codes, leaf, one));
      const factor = root < 0 ? 1 + noise * chance.normal() : factors[root]! + 0.05 * chance.normal();
      leaves.actual[leaf] = Math.max(0, f * factor);
    }
    return { leaves, roots };
  },
};

/**
 * As the set "S" of the RiskLoc paper is described: Weibull sizes, up to a quarter of zeros, forecast error up to 25 %, one to
 * three anomalies of one to three parts each, severity 0.2 to 1 beyond the error; here in up to three dimensions.
 */
const publishedSet = (name: string, layersMax: number): CaseSet => ({
  name,
  words: `published recipe "S", causes in up to ${layersMax} dimensions`,
  make(seed) {
    const chance = chanceOf(seed);
    const leaves = grid(PUBLISHED);
    const { actual, expected, codes } = leaves;
    const [zeros, noise] = [chance.between(0, 0.25), chance.between(0, 0.25)];
    const shape = chance.between(0.5, 1);
    let direction = 0;
    for (let leaf = 0; leaf < actual.length; leaf++) {
      const size = chance.unit() < zeros ? 0 : 100 * (-Math.log(1 - chance.unit())) ** (1 / shape);
      const other = Math.max(0, size * (1 + noise * chance.normal()));
      const isSwapped = chance.unit() < 0.5;
      actual[leaf] = isSwapped ? other : size;
      expected[leaf] = isSwapped ? size : other;
      direction += actual[leaf]! - expected[leaf]!;
    }
    const [changed, kept] = direction > 0 ? [expected, actual] : [actual, expected];
    const roots: Element[] = [];
    const used = new Set<string>();
    for (let anomaly = chance.whole(1, 3); anomaly > 0; anomaly--) {
      const severity = chance.between(0.2, 1) + noise;
      const deviation = chance.between(0, 0.1);
      const wanted = chance.whole(1, 3);
      const dimensions = unusedDimensions(chance, used, layersMax);
      const found: Element[] = [];
      for (let tries = 0; found.length < wanted && tries < 500; tries++) {
        const root = dimensions.map((one) => [one, chance.whole(0, PUBLISHED[one]! - 1)] as const);
        if ([...roots, ...found].every((other) => isApart(root, other))) found.push(root);
      }
      for (let leaf = 0; leaf < actual.length; leaf++) {
        if (!found.some((one) => isWithin(codes, leaf, one))) continue;
        changed[leaf] = Math.max(0, kept[leaf]! * (1 - severity - deviation * chance.normal()));
      }
      roots.push(...found);
    }
    return { leaves, roots };
  },
});

function unusedDimensions(chance: Chance, used: Set<string>, layersMax: number): number[] {
  for (;;) {
    const dimensions = chance.pick([0, 1, 2, 3, 4], chance.whole(1, layersMax)).sort((a, b) => a - b);
    const key = dimensions.join();
    if (used.has(key)) continue;
    used.add(key);
    return dimensions;
  }
}

/** No leaf is in both. */
const isApart = (one: Element, other: Element): boolean =>
  one.some(([dimension, code]) => other.some(([its, value]) => its === dimension && value !== code));

export const caseSets: readonly CaseSet[] = [
  countedShop('shop-2k', 2_000),
  countedShop('shop-20k', 20_000),
  countedShop('shop-200k', 200_000),
  countedShop('shop-2m', 2_000_000),
  amountShop,
  publishedSet('published-3', 3),
  publishedSet('published-5', 5),
];
