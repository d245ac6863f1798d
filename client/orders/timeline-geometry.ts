/**
 * Where the parts of an order's story stand on a line of time. Pure: times and a width in, pixels out.
 *
 * An order is picked and packed within minutes and delivered days later: drawn to scale, its work would be one blot. So the
 * line goes from mark to mark, and a gap takes room as the cube root of its length: longer is always wider, never by much.
 */
import type { OrderStory } from './order-story.ts';

export type Label = { x: number; level: number; anchor: 'start' | 'end' };
export type Day = { x: number; at: number };
export type TimelinePicture = {
  x(at: number): number;
  /** Of each step and each promise, in their order. */
  steps: Label[];
  promises: Label[];
  /** How many rows of words there are under and over the line. */
  levels: number;
  promiseLevels: number;
  /** Where days begin; some are left out where they would touch. */
  days: Day[];
};

const EDGE_PX = 12;
/** Two marks at different moments never fall on each other. */
const BETWEEN_MARKS_PX = 13;
/** About as wide as a character of 12 px is. */
const CHARACTER_PX = 6.6;
const GAP_PX = 12;
const DAY_PX_MIN = 54;
const DAYS_MAX = 400;
const HOUR_MS = 3_600_000;

/**
 * @param words what stands at each step and each promise, to know how wide it is
 * @param startOfDay the beginning of the local day of a moment, so that days begin where they do at the node
 */
export function drawTimeline(
  story: OrderStory,
  words: { steps: readonly string[]; promises: readonly string[] },
  width: number,
  startOfDay: (at: number) => number,
): TimelinePicture {
  const x = scaleOf(story.marks, width);
  const steps = place(
    story.steps.map(({ at }, index) => ({ x: x(at), words: words.steps[index] ?? '' })),
    width,
  );
  const promises = place(
    story.promises.map(({ at }, index) => ({ x: x(at), words: words.promises[index] ?? '' })),
    width,
  );
  const rows = (labels: Label[]) => labels.reduce((most, { level }) => Math.max(most, level + 1), 0);
  return {
    x,
    steps,
    promises,
    levels: rows(steps),
    promiseLevels: rows(promises),
    days: daysOf(story.marks, x, startOfDay),
  };
}

/** @param marks sorted, each once */
export function scaleOf(marks: readonly number[], width: number): (at: number) => number {
  const gaps = marks.slice(1).map((at, index) => at - marks[index]!);
  const room = Math.max(1, width - 2 * EDGE_PX);
  const least = Math.min(BETWEEN_MARKS_PX, room / Math.max(1, gaps.length));
  const roots = gaps.map(Math.cbrt);
  const all = roots.reduce((sum, root) => sum + root, 0) || 1;
  const spare = room - least * gaps.length;
  const places = [EDGE_PX];
  for (const root of roots) places.push(places.at(-1)! + least + (root / all) * spare);
  return (at) => {
    const next = marks.findIndex((mark) => mark >= at);
    if (next <= 0) return next === 0 ? EDGE_PX : places.at(-1)!;
    const share = (at - marks[next - 1]!) / (marks[next]! - marks[next - 1]!);
    return places[next - 1]! + share * (places[next]! - places[next - 1]!);
  };
}

/** Each label stands in the first row in which it touches no other; near the right edge it ends at its place. */
function place(labels: { x: number; words: string }[], width: number): Label[] {
  const taken: [left: number, right: number][][] = [];
  return labels.map(({ x, words }) => {
    const length = words.length * CHARACTER_PX;
    const anchor = x + length > width - 2 ? 'end' : 'start';
    const left = anchor === 'start' ? x : x - length;
    const isFree = (row: [number, number][]) =>
      row.every(([from, to]) => left > to + GAP_PX || left + length < from - GAP_PX);
    let level = taken.findIndex(isFree);
    if (level === -1) level = taken.push([]) - 1;
    taken[level]!.push([left, left + length]);
    return { x, level, anchor };
  });
}

function daysOf(marks: readonly number[], x: (at: number) => number, startOfDay: (at: number) => number): Day[] {
  const days: Day[] = [];
  const [from, to] = [marks[0]!, marks.at(-1)!];
  // Some hours past midnight, whatever clocks did on that day, is the same day still.
  for (
    let at = startOfDay(from + 26 * HOUR_MS), n = 0;
    at <= to && n < DAYS_MAX;
    at = startOfDay(at + 26 * HOUR_MS), n++
  ) {
    const day = { x: x(at), at };
    if (at > from && day.x - (days.at(-1)?.x ?? Number.NEGATIVE_INFINITY) >= DAY_PX_MIN) days.push(day);
  }
  return days;
}
