/** What is injected into the simulated company is found, in time and without crying wolf. `npm run measure-detection` measures more. */
import { describe, expect, it } from 'vitest';
import { policySchemas } from '../../streams/events/policies.ts';
import { FOUND_WITHIN_MS, falseAlarmsOf, verdictsOf } from '../bench/detection/faults-found.ts';
import { type Played, playBoth, playCompany } from '../bench/detection/play-company.ts';

const DAYS = 2;
const FALSE_ALARMS_PER_HOUR_MAX = 1;

describe('against the ground truth of the simulated company', () => {
  const from = Date.parse('2026-09-08T00:00:00Z');
  const played = playCompany({ seed: 4, from, ordersPerDay: 700, faults: 'many' }, DAYS);
  const verdicts = verdictsOf(played).filter(({ evidenceAt }) => evidenceAt !== null);
  const found = verdicts.filter(({ foundAfterMs }) => foundAfterMs !== null && foundAfterMs <= FOUND_WITHIN_MS);

  it('finds 95 % of the faults within a minute of the evidence', () => {
    expect(verdicts.length).toBeGreaterThan(40);
    expect(found.length / verdicts.length).toBeGreaterThanOrEqual(0.95);
  });

  it('finds most of every kind', () => {
    const kinds = Map.groupBy(verdicts, ({ truth }) => truth.kind);
    for (const kind of ['oversell', 'shrinkage', 'channel-drift', 'reservation-leak', 'source-silent'] as const) {
      const all = kinds.get(kind) ?? [];
      const inTime = all.filter((verdict) => found.includes(verdict)).length;
      expect(inTime / all.length, `${inTime} of ${all.length} of kind ${kind}`).toBeGreaterThanOrEqual(0.75);
    }
  });

  it('calls for nothing less than once an hour', () => {
    expect(falseAlarmsOf(played).length).toBeLessThan(FALSE_ALARMS_PER_HOUR_MAX * DAYS * 24);
  });

  it('plays on both ways from a moment on: as it was decided, and else the same', () => {
    const body = policySchemas.exceptions.parse({ kinds: { 'channel-drift': { off: true } } });
    const branch = { afterDays: 0.5, decide: () => ({ exceptions: body }) };
    const [asItWas, tried] = playBoth({ seed: 5, from, ordersPerDay: 200, faults: 'many', branch }, 0.9);
    const parts = ({ episodes }: Played) =>
      Map.groupBy(episodes, ({ kind, openedAt }) =>
        kind !== 'channel-drift' ? 'others' : openedAt < from + 43_200_000 ? 'drifts before' : 'drifts after',
      );
    const [was, now] = [parts(asItWas), parts(tried!)];
    expect(now.get('others')).toEqual(was.get('others'));
    expect(now.get('drifts before')?.length).toBe(was.get('drifts before')?.length);
    expect(was.get('drifts after')?.length).toBeGreaterThan(0);
    expect(now.get('drifts after')).toBeUndefined();
  });

  it('notices when nothing is found', () => {
    expect(verdictsOf({ ...played, episodes: [] }).every(({ foundAfterMs }) => foundAfterMs === null)).toBe(true);
  });
});
