/** Wave release: which orders a node is told to begin with now, so that what is due first and matters most goes first. */
import type { PolicyBody } from '../events/policies.ts';
import type { Weakness } from '../operations/nodes/node-load-state.ts';
import { localDayOf } from '../operations/time-zone.ts';
import { isOpen, lastCutOff } from './node-calendar.ts';
import { linesPossible, type NodePace, shareAt } from './node-capacity.ts';

export type ReleaseCandidate = {
  order: string;
  /** Order lines to pick at this node. */
  lines: number;
  /** When it has to leave; an order without a promise is due since it was placed. */
  due: number;
  /** 0 comes first, 9 last. */
  priority: number;
  placedAt: number;
};

export type WavePlan = {
  orders: string[];
  lines: number;
  /** Lines the node could take. */
  room: number;
  /** The last cut-off by which the first of them can leave in time; null without orders or a calendar. */
  cutOff: number | null;
  /** Why there is no wave, or why it ends where it does. */
  ends: 'nothing to release' | 'all released' | 'no room' | 'closed' | 'stands still' | 'waits for more';
  /** Candidates left for later: those that did not fit, and those that are not due yet. */
  noRoom: number;
  tooEarly: number;
};

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * @param inWork lines released and not picked yet
 * @param candidates orders that may be released, in any order
 */
export function planWave(
  at: number,
  node: NodePace,
  impaired: Weakness | null,
  inWork: number,
  candidates: readonly ReleaseCandidate[],
  policy: PolicyBody<'wave-release'>,
): WavePlan {
  const due = candidates.filter((candidate) => candidate.due <= at + policy.horizonHours * HOUR_MS);
  const plan: WavePlan = {
    orders: [],
    lines: 0,
    room: 0,
    cutOff: null,
    ends: due.length === 0 ? 'nothing to release' : 'all released',
    noRoom: due.length,
    tooEarly: candidates.length - due.length,
  };
  if (!isOpen(node, at)) return { ...plan, ends: 'closed' };
  if (shareAt(impaired, at) === 0) return { ...plan, ends: 'stands still' };
  if (due.length === 0) return plan;
  const ahead = linesPossible(node, impaired, at, at + policy.workAheadMinutes * MINUTE_MS);
  plan.room = Math.max(0, Math.min(policy.linesMax, ahead - inWork));
  const queue = inOrder(node, due);
  for (const candidate of queue) {
    // Strictly in turn: a small order never overtakes a large one that is more urgent. One that is larger than any room
    // begins when the node has nothing else in work.
    const fits = plan.lines + candidate.lines <= plan.room || (plan.lines === 0 && inWork === 0);
    if (!fits) return finished({ ...plan, ends: 'no room' }, node, queue);
    plan.orders.push(candidate.order);
    plan.lines += candidate.lines;
    plan.noRoom -= 1;
  }
  const waits = queue[0]!.due > at + (policy.everyMinutes + policy.workAheadMinutes) * MINUTE_MS;
  if (plan.lines < policy.linesMin && waits)
    return { ...plan, orders: [], lines: 0, noRoom: 0, ends: 'waits for more' };
  return finished(plan, node, queue);
}

const finished = (plan: WavePlan, node: NodePace, queue: ReleaseCandidate[]): WavePlan =>
  plan.orders.length === 0 ? plan : { ...plan, cutOff: lastCutOff(node, queue[0]!.due) };

/** By the day they are due, then by priority, then by the moment they are due, then by age. */
function inOrder(node: NodePace, candidates: ReleaseCandidate[]): ReleaseCandidate[] {
  const day = new Map(candidates.map((candidate) => [candidate, localDayOf(node.timeZone, candidate.due)]));
  return candidates.sort(
    (a, b) =>
      day.get(a)! - day.get(b)! ||
      a.priority - b.priority ||
      a.due - b.due ||
      a.placedAt - b.placedAt ||
      (a.order < b.order ? -1 : 1),
  );
}
