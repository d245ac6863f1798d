/** Parts of a change as people know them. */
import { OTHERS } from '../../analytics/anomalies/explanation/gather-leaves.ts';
import type { Element, Leaves } from '../../analytics/anomalies/explanation/leaves.ts';
import { dimensionOf } from '../../analytics/metrics/dimensions.ts';

/** The name of a value as people know it, such as that of a node; the value itself without one. */
export type NameOfValue = (dimension: string, value: string) => string;

export const plain = (value: string): string => (value === OTHERS ? 'all others' : value);
export const isOfOthers = (root: Element, { dimensions }: Leaves): boolean =>
  root.some(([dimension, code]) => dimensions[dimension]!.values[code] === OTHERS);
export const valuesOf = (element: Element, { dimensions }: Leaves): Record<string, string> =>
  Object.fromEntries(element.map(([at, code]) => [dimensions[at]!.name, dimensions[at]!.values[code]!]));

/** `channel Web shop, country DE`; an empty value is one that nobody named. */
export function wordsOf(element: Element, leaves: Leaves, nameOf: NameOfValue): string {
  return Object.entries(valuesOf(element, leaves))
    .map(([dimension, value]) => `${dimensionOf(dimension).name} ${value === '' ? '(none)' : nameOf(dimension, value)}`)
    .join(', ');
}
