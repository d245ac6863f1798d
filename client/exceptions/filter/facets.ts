/** How many exceptions each further choice would leave. Pure; over raw rows, asked for at most once a second. */
import type { ExceptionLine } from '../../../server/live/contract.ts';
import {
  type FacetField,
  type Filter,
  facetFields,
  facetOf,
  fitsFacet,
  matchesButFacets,
  type Reader,
} from './filter.ts';

export type FacetCounts = ReadonlyMap<FacetField, ReadonlyMap<string, number>>;

/**
 * A value counts the rows that fit all but its own field: choosing a second value of a field widens the list.
 * One pass over the rows, however many fields there are.
 */
export function countFacets(rows: Iterable<ExceptionLine>, filter: Filter, reader: Reader): FacetCounts {
  const counts = new Map<FacetField, Map<string, number>>(facetFields.map((field) => [field, new Map()]));
  const chosen = [...filter.facets];
  for (const row of rows) {
    if (!matchesButFacets(filter, row, reader)) continue;
    const unfit = chosen.filter(([field, values]) => !fitsFacet(values, row, field, reader));
    if (unfit.length > 1) continue;
    const fields = unfit.length === 1 ? [unfit[0]![0]] : facetFields;
    for (const field of fields) {
      const ofField = counts.get(field)!;
      const value = facetOf(row, field);
      ofField.set(value, (ofField.get(value) ?? 0) + 1);
    }
  }
  return counts;
}
