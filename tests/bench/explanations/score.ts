/** How well roots were found: exact ones only. */
import type { Element, Leaves } from '../../../analytics/anomalies/explanation/leaves.ts';
import type { CaseSet } from './cases.ts';

export type Method = { name: string; find(leaves: Leaves, dispersion: number | undefined): Element[] };
export type Scored = {
  method: string;
  /** Over all roots of all cases. */
  precision: number;
  recall: number;
  f1: number;
  /** Cases in which exactly the roots were found and nothing else. */
  exactCases: number;
  /** Of CPU, which other work on the machine does not change much. */
  msMedian: number;
  msMax: number;
  /** By how many dimensions a root joins: share found. */
  byLayer: Record<number, number>;
};

const nameOf = (element: Element): string => element.map(([dimension, code]) => `${dimension}:${code}`).join(' ');

export function scoreMethods(set: CaseSet, methods: readonly Method[], seeds: readonly number[]): Scored[] {
  const tallies = methods.map(() => ({
    right: 0,
    found: 0,
    wanted: 0,
    exact: 0,
    ms: [] as number[],
    layers: new Map<number, { found: number; wanted: number }>(),
  }));
  for (const seed of seeds) {
    const { leaves, roots, dispersion } = set.make(seed);
    const wanted = new Set(roots.map(nameOf));
    for (const [at, { find }] of methods.entries()) {
      const tally = tallies[at]!;
      const before = process.cpuUsage();
      const found = new Set(find(leaves, dispersion).map(nameOf));
      const { user, system } = process.cpuUsage(before);
      tally.ms.push((user + system) / 1_000);
      const right = [...found].filter((one) => wanted.has(one)).length;
      tally.right += right;
      tally.found += found.size;
      tally.wanted += wanted.size;
      if (right === wanted.size && right === found.size) tally.exact++;
      for (const root of roots) {
        const layer = tally.layers.get(root.length) ?? { found: 0, wanted: 0 };
        tally.layers.set(root.length, layer);
        layer.wanted++;
        if (found.has(nameOf(root))) layer.found++;
      }
    }
  }
  return tallies.map(({ right, found, wanted, exact, ms, layers }, at) => {
    const [precision, recall] = [found === 0 ? 0 : right / found, wanted === 0 ? 0 : right / wanted];
    ms.sort((a, b) => a - b);
    return {
      method: methods[at]!.name,
      precision,
      recall,
      f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
      exactCases: exact / seeds.length,
      msMedian: ms[ms.length >> 1]!,
      msMax: ms.at(-1)!,
      byLayer: Object.fromEntries([...layers].sort(([a], [b]) => a - b).map(([n, one]) => [n, one.found / one.wanted])),
    };
  });
}
