/** How much more a node can take by its next cut-offs, next to what it has promised already. */
import type { NodeLoad } from '../operations/nodes/node-load-state.ts';
import { localDayOf } from '../operations/time-zone.ts';
import { nextCutOff, workingDay } from './node-calendar.ts';
import { linesPossible, type NodePace, shareAt } from './node-capacity.ts';

/** Lines; Infinity where nothing limits them. Times epoch ms. */
export type Capacity = {
  /** By when an order must be there to leave that day; null when the node has no working day ahead, or is unknown. */
  cutOff: number | null;
  /** The end of that working day. */
  endsAt: number;
  /** What is left of the node's capacity now: 1 unless it is impaired. */
  share: number;
  possible: number;
  due: number;
  free: number;
};

/** Cut-offs looked ahead when a node is full. */
const CUT_OFFS_AHEAD_MAX = 10;
const HOUR_MS = 3_600_000;

export function capacityOfNode(node: NodePace | undefined, load: NodeLoad | undefined, at: number): Capacity {
  if (node === undefined) return { ...unlimited, share: shareAt(load?.impaired ?? null, at) };
  return byCutOff(node, load, at, nextCutOff(node, at));
}

const unlimited: Capacity = {
  cutOff: null,
  endsAt: 0,
  share: 1,
  possible: Number.POSITIVE_INFINITY,
  due: 0,
  free: Number.POSITIVE_INFINITY,
};

function byCutOff(node: NodePace, load: NodeLoad | undefined, at: number, cutOff: number | null): Capacity {
  const impaired = load?.impaired ?? null;
  const share = shareAt(impaired, at);
  if (cutOff === null) return { cutOff, endsAt: 0, share, possible: 0, due: 0, free: 0 };
  const endsAt = workingDay(node, localDayOf(node.timeZone, cutOff))!.closesAt;
  const possible = linesPossible(node, impaired, at, endsAt);
  const due = load === undefined ? 0 : linesDue(load, endsAt);
  return { cutOff, endsAt, share, possible, due, free: Math.max(0, possible - due) };
}

/** Lines still to pick that are due by an instant. */
export function linesDue(load: NodeLoad, by: number): number {
  let sum = 0;
  for (const { slot, lines } of load.slots) {
    if (slot * HOUR_MS > by) break;
    sum += lines;
  }
  return sum;
}

/**
 * The first cut-off by which `lines` more can be shipped. Work due later may wait, work due earlier goes first.
 * @returns null when none of the next ten has room, or the node never ships
 */
export function earliestCutOff(
  node: NodePace | undefined,
  load: NodeLoad | undefined,
  lines: number,
  at: number,
): Capacity | null {
  if (node === undefined) return capacityOfNode(node, load, at);
  let from = at;
  for (let tried = 0; tried < CUT_OFFS_AHEAD_MAX; tried++) {
    const cutOff = nextCutOff(node, from);
    if (cutOff === null) return null;
    const capacity = byCutOff(node, load, at, cutOff);
    if (capacity.free >= lines) return capacity;
    from = cutOff + 1;
  }
  return null;
}
