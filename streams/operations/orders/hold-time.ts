/** How long an order stood on hold: from when holds were put on and taken off, in whatever order we heard of it. */
import type { Hold, Holding } from './hold-state.ts';

/** Times kept for one reason; of more, the first ones count. */
export const MARKS_MAX = 40;

/** Notes that a hold was put on or taken off. */
export function withMark(hold: Hold, at: number, on: boolean): Hold {
  const mark: [number, 0 | 1] = [at, on ? 1 : 0];
  // Of a hold and a release at one moment the release came second.
  const marks = [...(hold.marks ?? []), mark].sort(([a, aOn], [b, bOn]) => a - b || bOn - aOn);
  return { ...hold, marks: marks.slice(0, MARKS_MAX) };
}

/** The time within a span during which at least one reason held the order, in ms. */
export function heldMs({ reasons }: Holding, from: number, to: number): number {
  const spans = reasons.flatMap((hold) => spansOf(hold, from, to)).sort(([a], [b]) => a - b);
  let sum = 0;
  let counted = from;
  for (const [begins, ends] of spans) {
    if (ends <= counted) continue;
    sum += ends - Math.max(begins, counted);
    counted = ends;
  }
  return sum;
}

function spansOf({ marks = [] }: Hold, from: number, to: number): [number, number][] {
  const spans: [number, number][] = [];
  let since: number | null = null;
  for (const [at, on] of marks) {
    if (on === 1) since ??= at;
    else if (since !== null) {
      spans.push([since, at]);
      since = null;
    }
  }
  if (since !== null) spans.push([since, to]);
  return spans
    .map(([begins, ends]): [number, number] => [Math.max(begins, from), Math.min(ends, to)])
    .filter(([a, b]) => b > a);
}
