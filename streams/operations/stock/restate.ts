/** What a movement that became known late means for the counts and authoritative assertions that already spoke of it. */
import type { Bucket } from '../../events/fields.ts';
import type { Assertion, Count } from '../accuracy/accuracy-state.ts';
import type { Stock } from '../states.ts';

/** @property crossing whether units came into or left what is on hand */
export type Effect = { bucket: Bucket; delta: number; crossing: boolean };
/** @property takenBack units of it that undo what the statement had booked before */
export type Correction = { bucket: Bucket; units: number; at: number; takenBack: number };

type Base = { at: number; measure: Assertion['measure']; count?: Count; assertion?: Assertion };

/**
 * Whoever stated a figure for a later moment had the movement in it already, so what was booked then was too much by just
 * this movement: it is taken back at that moment. The pure half; the caller books the corrections.
 * @param when epoch ms of the late movement; statements of that very moment stand as they are
 */
export function restateAfter(
  { evidence, assertions }: Stock,
  { bucket, delta, crossing }: Effect,
  when: number,
): { corrections: Correction[]; counts: Count[]; assertions: Assertion[] } {
  const bases: Base[] = [
    ...evidence.counts.map((count) => ({ at: count.at, measure: count.measure, count })),
    ...assertions
      .filter((assertion) => assertion.authoritative)
      .map((assertion) => ({ at: assertion.at, measure: assertion.measure, assertion })),
  ]
    .filter((base) => base.at > when)
    .sort((a, b) => a.at - b.at);
  // By how much our figures of the moment at hand have changed through the movement and the corrections so far.
  const changed = new Map<string, number>([[bucket, delta]]);
  if (crossing && bucket !== 'in-transit') changed.set('on-hand', delta);
  const corrections: Correction[] = [];
  const counts = new Map<Count, Count>();
  const stated = new Map<Assertion, Assertion>();
  for (const { at, measure, count, assertion } of bases) {
    const shift = changed.get(measure === 'available' ? 'sellable' : measure) ?? 0;
    if (shift === 0) continue;
    if (count !== undefined) counts.set(count, { ...count, variance: count.variance - shift });
    if (assertion !== undefined) stated.set(assertion, { ...assertion, drift: assertion.drift - shift });
    const into: Bucket = measure === 'available' || measure === 'on-hand' ? 'sellable' : measure;
    const booked = count?.variance ?? assertion?.drift ?? 0;
    const takenBack = booked * shift > 0 ? Math.min(Math.abs(booked), Math.abs(shift)) : 0;
    corrections.push({ bucket: into, units: -shift, at, takenBack });
    changed.set(into, (changed.get(into) ?? 0) - shift);
    if (into !== 'in-transit') changed.set('on-hand', (changed.get('on-hand') ?? 0) - shift);
  }
  return {
    corrections,
    counts: evidence.counts.map((count) => counts.get(count) ?? count),
    assertions: assertions.map((assertion) => stated.get(assertion) ?? assertion),
  };
}
