/**
 * When a receipt comes, by how its supplier has kept its dates: the share of its orders that had come so many days after the
 * date that was named, drawn towards all suppliers together where little is known of this one.
 */
import type { Lateness } from '../../operations/purchasing/purchase-order-state.ts';

const DAY_MS = 86_400_000;

/** Upper edges in days after the named date; what comes later than the last is counted in one more. */
export const latenessEdgesDays = [-21, -14, -10, -7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10, 14, 21, 28] as const;
const noneBy = (): number[] => latenessEdgesDays.map(() => 0).concat(0);
export const noLateness = (): Lateness => ({ judged: 0, entered: noneBy(), came: noneBy() });

/** A whole order: its lines come together, so each weighs a part of it. In thousandths, which add up exactly. */
const ORDER = 1_000;
export const weightOfLine = (linesOfOrder: number): number =>
  Math.max(1, Math.round(ORDER / Math.max(1, linesOfOrder)));
/** What all suppliers together do weighs like so many orders of the one. */
const PRIOR_ORDERS = 3;
/** Of ten orders of a company nobody knows, so many have come by each edge; it weighs like so many orders. */
const priorBy = [0, 0.05, 0.1, 0.3, 0.5, 0.9, 1.3, 2, 4.8, 7.2, 8, 8.5, 9, 9.3, 9.5, 9.7, 9.8, 9.85];
const PRIOR_OF_ALL = 5;

/** @param daysLate of the moment it came, negative when it came before its date */
export function latenessBin(daysLate: number): number {
  const index = latenessEdgesDays.findIndex((edge) => daysLate <= edge);
  return index < 0 ? latenessEdgesDays.length : index;
}

/**
 * The share that has not come by each edge.
 * @param own of this supplier
 * @param all of all suppliers together
 */
export function outstandingBy(own: Lateness | undefined, all: Lateness | undefined): number[] {
  const common = drawn(
    all,
    priorBy.map((ten) => 1 - ten / 10),
    PRIOR_OF_ALL * ORDER,
  );
  return drawn(own, common, PRIOR_ORDERS * ORDER);
}

/**
 * From edge to edge, what came of what was still out and known by then (Kaplan and Meier 1958, with delayed entry): an
 * order of which we hear when it is late already says nothing of those that had come by then.
 */
function drawn(known: Lateness | undefined, towards: readonly number[], weight: number): number[] {
  if (known === undefined || known.judged === 0) return [...towards];
  let entered = 0;
  let came = 0;
  let before = 1;
  let left = 1;
  return towards.map((after, index) => {
    entered += known.entered[index]!;
    const atRisk = Math.max(0, entered - came);
    const usual = before <= 0 ? 0 : 1 - after / before;
    const priorAtRisk = weight * before;
    const comes = Math.min(1, (known.came[index]! + usual * priorAtRisk) / (atRisk + priorAtRisk));
    came += known.came[index]!;
    before = after;
    left *= 1 - comes;
    return left;
  });
}

/** The share that has not come so many days after its date: a line through the edges; beyond the last it halves every four weeks. */
export function outstandingAfter(outstanding: readonly number[], daysLate: number): number {
  const edges = latenessEdgesDays;
  if (daysLate <= edges[0]!) {
    // What comes earlier still, comes in the week before.
    const begins = edges[0]! - 7;
    return daysLate <= begins ? 1 : 1 - ((daysLate - begins) / 7) * (1 - outstanding[0]!);
  }
  for (let index = 1; index < edges.length; index++) {
    const [from, to] = [edges[index - 1]!, edges[index]!];
    if (daysLate > to) continue;
    const [before, after] = [outstanding[index - 1]!, outstanding[index]!];
    return before + ((daysLate - from) / (to - from)) * (after - before);
  }
  return outstanding.at(-1)! * 0.5 ** ((daysLate - edges.at(-1)!) / 28);
}

/**
 * The probability that what has not come by now has not come by then either.
 * @param expectedAt the date that was named last, epoch ms
 */
export function stillOutstanding(
  outstanding: readonly number[],
  expectedAt: number,
  now: number,
  then: number,
): number {
  if (then <= now) return 1;
  const days = (at: number) => (at - expectedAt) / DAY_MS;
  const today = outstandingAfter(outstanding, days(now));
  return today <= 0 ? 1 : Math.min(1, outstandingAfter(outstanding, days(then)) / today);
}

/** When it has come with this probability, given that it has not come by now; null beyond a quarter of a year. */
export function comesBy(
  outstanding: readonly number[],
  expectedAt: number,
  now: number,
  probability: number,
): number | null {
  for (let day = 0; day <= 90; day++) {
    const then = Math.max(now, Math.min(expectedAt, now) + day * DAY_MS);
    if (1 - stillOutstanding(outstanding, expectedAt, now, then) >= probability) return then;
  }
  return null;
}
