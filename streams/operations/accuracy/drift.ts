/** Drift: how far each source is from our figures, kept as sums so that nobody has to look at every record. */
import type { PolicyBody } from '../../events/policies.ts';
import type { Draft } from '../draft.ts';
import type { Assertion, SourceDrift } from './accuracy-state.ts';

const MINUTE_MS = 60_000;

const noDrift = (source: string): SourceDrift => ({
  source,
  stated: 0,
  drifting: 0,
  unitsOver: 0,
  unitsUnder: 0,
  openSinceSum: 0,
  endedMinutes: 0,
  ended: 0,
  lastAt: 0,
});

/** Whether a difference is more than the policy takes for agreement. */
export function isDrift(difference: number, figure: number, policy: PolicyBody<'assertion'>): boolean {
  return Math.abs(difference) > Math.max(policy.driftUnits, Math.floor(policy.driftShare * Math.abs(figure)));
}

/** Since when a statement disagrees: the same moment for as long as it disagrees in one direction. */
export function driftingSince(
  before: Assertion | undefined,
  drift: number,
  figure: number,
  at: number,
  policy: PolicyBody<'assertion'>,
): number {
  if (!isDrift(drift, figure, policy)) return 0;
  const goesOn = before !== undefined && before.since > 0 && Math.sign(before.drift) === Math.sign(drift);
  return goesOn ? before.since : at;
}

/** Replaces one statement in the sums of its source. */
export function keepDrift(draft: Draft, before: Assertion | undefined, after: Assertion | undefined): void {
  const { source } = (after ?? before)!;
  const known = draft.get('drift', source) ?? noDrift(source);
  const next = { ...known };
  if (before !== undefined) count(next, before, -1);
  if (after !== undefined) count(next, after, 1);
  if (after !== undefined) next.lastAt = Math.max(next.lastAt, after.at);
  if (before !== undefined && before.since > 0 && before.since !== after?.since) {
    next.ended += 1;
    next.endedMinutes += Math.max(0, Math.round(((after?.at ?? before.at) - before.since) / MINUTE_MS));
  }
  draft.put('drift', source, next, known);
}

function count(sums: SourceDrift, { drift, since }: Assertion, sign: 1 | -1): void {
  sums.stated += sign;
  if (since === 0) return;
  sums.drifting += sign;
  sums.unitsOver += sign * Math.max(0, drift);
  sums.unitsUnder += sign * Math.max(0, -drift);
  sums.openSinceSum += sign * since;
}
