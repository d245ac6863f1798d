/**
 * The reference that explanations are measured beside: the values of one dimension that explain a change and surprise most.
 * After R. Bhagwan et al., "Adtributor: revenue debugging in advertising systems" (NSDI 2014).
 */
import { type Element, type Leaves, total } from './leaves.ts';

/** A value counts when it explains this share of the change; together they must explain `TOGETHER_MIN`. */
const EACH_MIN = 0.1;
const TOGETHER_MIN = 0.67;

export function rootsByAdtributor({ dimensions, codes, actual, expected }: Leaves): Element[] {
  const [sumActual, sumExpected] = [total(actual), total(expected)];
  const change = sumActual - sumExpected;
  if (change === 0) return [];
  let best: { surprise: number; roots: Element[] } = { surprise: 0, roots: [] };
  for (const [dimension, { values }] of dimensions.entries()) {
    const [v, f] = [new Float64Array(values.length), new Float64Array(values.length)];
    for (let i = 0; i < actual.length; i++) {
      const code = codes[dimension]![i]!;
      v[code] = v[code]! + actual[i]!;
      f[code] = f[code]! + expected[i]!;
    }
    const parts = values.map((_, code) => ({
      code,
      share: (v[code]! - f[code]!) / change,
      surprise: divergence(f[code]! / sumExpected, v[code]! / sumActual),
    }));
    let [explained, surprise] = [0, 0];
    const roots: Element[] = [];
    for (const part of parts.sort((a, b) => b.surprise - a.surprise)) {
      if (part.share <= EACH_MIN) continue;
      explained += part.share;
      surprise += part.surprise;
      roots.push([[dimension, part.code]]);
      if (explained > TOGETHER_MIN) break;
    }
    if (explained > TOGETHER_MIN && surprise > best.surprise) best = { surprise, roots };
  }
  return best.roots;
}

/** Jensen-Shannon, of one value: its share before (p) and now (q). */
function divergence(p: number, q: number): number {
  const of = (share: number) => (share > 0 ? share * Math.log((2 * share) / (p + q)) : 0);
  return 0.5 * (of(p) + of(q));
}
