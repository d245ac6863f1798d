/** Promise: when units that wait for stock can leave, from receipts that can be counted on. */
import type { WeightedReceipt } from './available-to-promise.ts';

export type PromisePart = {
  /** The receipt the units come from; empty for stock that is there. */
  ref: string;
  node: string;
  units: number;
  shipAt: number;
};

export type Promised = {
  /** When the last of the units can leave; null while receipts do not reach that far. */
  shipAt: number | null;
  parts: PromisePart[];
  /** Units no receipt covers. */
  uncovered: number;
};

/**
 * Receipts serve the queue first come, first served, so those ahead take theirs first.
 * @param ask.units units that wait, `ask.ahead` units that wait before them, `ask.free` units on sale now
 * @param receipts those of the nodes that may serve the order, soonest first, with the units to count on
 */
export function promiseFor(
  ask: { units: number; ahead: number; free: number; at: number; handlingMs: number },
  receipts: WeightedReceipt[],
): Promised {
  const sources = [
    { ref: '', node: '', units: Math.max(0, ask.free), shipAt: ask.at },
    ...receipts.map(({ ref, node, countedOn, expectedAt }) => ({
      ref,
      node,
      units: countedOn,
      shipAt: Math.max(ask.at, expectedAt + ask.handlingMs),
    })),
  ];
  let [ahead, left] = [ask.ahead, ask.units];
  const parts: PromisePart[] = [];
  for (const source of sources) {
    const free = source.units - Math.min(ahead, source.units);
    ahead -= Math.min(ahead, source.units);
    const units = Math.min(left, free);
    if (units === 0) continue;
    parts.push({ ...source, units });
    left -= units;
  }
  return { shipAt: left > 0 ? null : (parts.at(-1)?.shipAt ?? ask.at), parts, uncovered: left };
}
