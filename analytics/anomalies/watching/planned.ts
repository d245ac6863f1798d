/** What the calendar says about a series at a moment: which figures it explains beforehand. */
import type { CalendarEntry } from '../../../streams/operations/states.ts';
import type { SeriesOf } from './series.ts';

export type PlannedEntry = Pick<
  CalendarEntry,
  'entry' | 'kind' | 'name' | 'from' | 'to' | 'channel' | 'node' | 'skus' | 'category' | 'effectPercent'
>;

export type Planned = {
  /** Those that concern it now. */
  entries: readonly PlannedEntry[];
  /** More than usual is nothing to be alarmed about. */
  more: boolean;
  /** Less than usual is nothing to be alarmed about. */
  less: boolean;
  /** What is usual, times this, is expected. */
  factor: number;
};

export const nothingPlanned: Planned = { entries: [], more: false, less: false, factor: 1 };

/** What a deployment changes is what somebody wants to be told of: it explains and excuses nothing. */
const excuses: Record<PlannedEntry['kind'], { more: boolean; less: boolean }> = {
  promotion: { more: true, less: false },
  launch: { more: true, less: false },
  holiday: { more: true, less: true },
  'price-change': { more: true, less: true },
  deployment: { more: false, less: false },
  other: { more: true, less: true },
};

/** Whether an entry concerns a series: one of a channel does not concern another channel, and does the whole. */
export function concerns(entry: PlannedEntry, of: SeriesOf, categoryOf: (sku: string) => string | undefined): boolean {
  if (entry.channel !== undefined && of.channel !== undefined && entry.channel !== of.channel) return false;
  if (entry.node !== undefined && of.node !== undefined && entry.node !== of.node) return false;
  if (of.sku === undefined) return true;
  if (entry.skus?.includes(of.sku)) return true;
  if (entry.category !== undefined && categoryOf(of.sku) === entry.category) return true;
  return entry.skus === undefined && entry.category === undefined;
}

/** @param entries those of the calendar that stand */
export function plannedAt(
  entries: readonly PlannedEntry[],
  of: SeriesOf,
  bucket: { from: number; to: number },
  categoryOf: (sku: string) => string | undefined,
): Planned {
  const own = entries.filter(
    (entry) => entry.from < bucket.to && entry.to > bucket.from && concerns(entry, of, categoryOf),
  );
  if (own.length === 0) return nothingPlanned;
  const planned = { entries: own, more: false, less: false, factor: 1 };
  for (const { kind, effectPercent, skus, category } of own) {
    const { more, less } = excuses[kind];
    const falls = effectPercent !== undefined && effectPercent < 0;
    planned.more ||= more && !falls;
    planned.less ||= less || falls;
    // What is said of some items is not what the whole does.
    const isWhole = of.sku !== undefined || (skus === undefined && category === undefined);
    if (effectPercent !== undefined && isWhole) planned.factor *= Math.max(0.05, 1 + effectPercent / 100);
  }
  return planned;
}
