/** Random questions that can be asked: measures that share the dimensions asked for. */
import fc from 'fast-check';
import type { Comparison, Grain, Period } from '../../analytics/metrics/calendar.ts';
import type { AskedMeasure } from '../../analytics/metrics/measures.ts';
import type { PlanFilter } from '../../analytics/metrics/plan.ts';

export type AnyQuestion = {
  measures: readonly string[];
  by: readonly string[];
  grain: Grain;
  where: readonly PlanFilter[];
  over: Period;
  compare: Comparison | null;
};

const grains = ['none', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
const spans: Record<Grain, readonly string[]> = {
  none: ['6h', '3d', '2M'],
  minute: ['3h'],
  hour: ['2d'],
  day: ['9d', '3w'],
  week: ['5w'],
  month: ['14M'],
  quarter: ['3q'],
  year: ['2y'],
};

export const anyQuestion = (known: ReadonlyMap<string, AskedMeasure>): fc.Arbitrary<AnyQuestion> =>
  fc
    .record({
      ids: fc.uniqueArray(fc.constantFrom(...known.keys()), { minLength: 1, maxLength: 4 }),
      grain: fc.constantFrom(...grains),
      picks: fc.array(fc.nat(), { minLength: 0, maxLength: 2 }),
      filters: fc.array(fc.tuple(fc.nat(), fc.boolean(), fc.constantFrom('web', 'north', 'DE', 'chair', '1', '')), {
        maxLength: 2,
      }),
      span: fc.nat(),
      compare: fc.constantFrom('previous-period', 'last-week', 'last-year', null),
    })
    .map(({ ids, grain, picks, filters, span, compare }) => {
      const shared = known
        .get(ids[0]!)!
        .dimensions.filter((one) => ids.every((id) => known.get(id)!.dimensions.includes(one)));
      const pick = (index: number): string => shared[index % shared.length]!;
      const isLong = grain === 'month' || grain === 'quarter' || grain === 'year';
      return {
        measures: ids,
        by: shared.length === 0 ? [] : [...new Set(picks.map(pick))],
        grain,
        where:
          shared.length === 0
            ? []
            : filters.map(
                ([index, isIn, value]) =>
                  ({ dimension: pick(index), is: isIn ? 'in' : 'not-in', values: [value] }) as const,
              ),
        over: { last: spans[grain][span % spans[grain].length]! },
        compare: compare === 'last-week' && isLong ? null : compare,
      };
    });
