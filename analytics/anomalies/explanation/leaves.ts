/** What an explanation is worked out from: a figure by all of its dimensions at once, beside what was expected of each part. */

export type LeafDimension = { name: string; values: readonly string[] };

/** Column by column: leaf `i` has the value `codes[d][i]` of dimension `d`. A combination may be missing; none comes twice. */
export type Leaves = {
  dimensions: readonly LeafDimension[];
  codes: readonly Int32Array[];
  actual: Float64Array;
  expected: Float64Array;
};

/** Values of some dimensions together: `[dimension, code]`, by rising dimension. None: the whole. */
export type Element = readonly (readonly [dimension: number, code: number])[];

/** Some dimensions, and where the sums of a combination of their values lie: at the sum of code * stride. */
export type Cuboid = { dimensions: readonly number[]; strides: readonly number[]; size: number };

/** More combinations than this are not looked at: what is that fine is no cause that anybody could name. */
export const CUBOID_SIZE_MAX = 1_000_000;

/** Cuboids by how many dimensions they join, from 1 on. */
export function cuboidsOf(sizes: readonly number[], layersMax: number): Cuboid[][] {
  const layers: Cuboid[][] = [];
  for (let layer = 1; layer <= Math.min(layersMax, sizes.length); layer++) {
    layers.push(
      choose(sizes.length, layer)
        .map((dimensions) => cuboidOf(dimensions, sizes))
        .filter(({ size }) => size <= CUBOID_SIZE_MAX),
    );
  }
  return layers;
}

function cuboidOf(dimensions: readonly number[], sizes: readonly number[]): Cuboid {
  const strides: number[] = [];
  let size = 1;
  for (const dimension of dimensions) {
    strides.push(size);
    size *= sizes[dimension]!;
  }
  return { dimensions, strides, size };
}

function choose(of: number, count: number, from = 0): number[][] {
  if (count === 0) return [[]];
  const all: number[][] = [];
  for (let first = from; first <= of - count; first++) {
    for (const rest of choose(of, count - 1, first + 1)) all.push([first, ...rest]);
  }
  return all;
}

/** Where each leaf lies in a cuboid, written into `into`. */
export function placesIn({ dimensions, strides }: Cuboid, codes: readonly Int32Array[], into: Int32Array): void {
  const count = into.length;
  const first = codes[dimensions[0]!]!;
  for (let i = 0; i < count; i++) into[i] = first[i]!;
  for (let at = 1; at < dimensions.length; at++) {
    const column = codes[dimensions[at]!]!;
    const stride = strides[at]!;
    for (let i = 0; i < count; i++) into[i] = into[i]! + stride * column[i]!;
  }
}

export function elementAt({ dimensions, strides }: Cuboid, place: number): Element {
  const element: [number, number][] = [];
  let left = place;
  for (let at = dimensions.length - 1; at >= 0; at--) {
    const code = Math.floor(left / strides[at]!);
    left -= code * strides[at]!;
    element.unshift([dimensions[at]!, code]);
  }
  return element;
}

export const isWithin = (codes: readonly Int32Array[], leaf: number, element: Element): boolean =>
  element.every(([dimension, code]) => codes[dimension]![leaf] === code);

export const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
