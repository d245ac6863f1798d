/** What roots and single values have made of a change, so that all shares add up to it. */
import { type Element, isWithin, type Leaves } from './leaves.ts';

export type Part = { actual: number; expected: number; change: number; share: number };
export type RootPart = Part & { element: Element; leaves: number[] };

/**
 * A leaf that lies in two roots counts for the one that was found first.
 * @param change of the whole; the shares are of it. What roots do not make is the rest
 */
export function rootParts(
  { codes, actual, expected }: Leaves,
  roots: readonly Element[],
  change: number,
): { roots: RootPart[]; rest: Part } {
  const parts = roots.map((element): RootPart => ({ ...nothing(), element, leaves: [] }));
  const rest = nothing();
  for (let i = 0; i < actual.length; i++) {
    const part = parts.find(({ element }) => isWithin(codes, i, element)) ?? rest;
    part.actual += actual[i]!;
    part.expected += expected[i]!;
    if ('leaves' in part) (part as RootPart).leaves.push(i);
  }
  for (const part of [...parts, rest]) settle(part, change);
  return { roots: parts.sort((a, b) => Math.abs(b.change) - Math.abs(a.change)), rest };
}

/** Each value of one dimension, largest change first. */
export function valueParts(
  { dimensions, codes, actual, expected }: Leaves,
  dimension: number,
  change: number,
): (Part & { code: number })[] {
  const parts = dimensions[dimension]!.values.map((_, code) => ({ ...nothing(), code }));
  for (let i = 0; i < actual.length; i++) {
    const part = parts[codes[dimension]![i]!]!;
    part.actual += actual[i]!;
    part.expected += expected[i]!;
  }
  for (const part of parts) settle(part, change);
  return parts.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
}

/** How unevenly a change lies on the values of a dimension: 0 when each changed by the same factor. */
export function unevenness(parts: readonly Part[]): number {
  const [v, f] = [added(parts, 'actual'), added(parts, 'expected')];
  if (v <= 0 || f <= 0) return 0;
  return parts.reduce((sum, { actual, expected }) => sum + Math.abs(actual / v - expected / f), 0) / 2;
}

const nothing = (): Part => ({ actual: 0, expected: 0, change: 0, share: 0 });

function settle(part: Part, change: number): void {
  part.change = part.actual - part.expected;
  part.share = change === 0 ? 0 : part.change / change;
}

const added = (parts: readonly Part[], side: 'actual' | 'expected'): number =>
  parts.reduce((sum, part) => sum + Math.max(0, part[side]), 0);
