/** What can be planned, in words. */
import type { CalendarEntryView } from '../../server/http/contract/signals.ts';
import type { PlannedKind } from '../../streams/events/signals.ts';
import { MINUS } from '../formats/durations.ts';

export const plannedWords: Record<PlannedKind, string> = {
  promotion: 'Promotion',
  launch: 'Launch',
  holiday: 'Holiday',
  'price-change': 'Price change',
  deployment: 'Deployment',
  other: 'Other',
};

/** What it is about; everything when nothing is named. */
export function aboutWords({ channel, node, category, skus }: CalendarEntryView): string {
  const parts = [
    channel && `channel ${channel}`,
    node && `node ${node}`,
    category && `category ${category}`,
    skus?.length && (skus.length === 1 ? `SKU ${skus[0]}` : `${skus.length} SKUs`),
  ];
  return parts.filter(Boolean).join(', ') || 'everything';
}

export function effectWords({ effectPercent }: CalendarEntryView): string {
  if (effectPercent === undefined) return '';
  return `${effectPercent > 0 ? '+' : effectPercent < 0 ? MINUS : ''}${Math.abs(effectPercent)}%`;
}

/** Under way first, then what comes, then what is over, newest first. */
export function inOrder(entries: readonly CalendarEntryView[], now: number) {
  const rank = ({ from, to }: CalendarEntryView) => (to <= now ? 2 : from > now ? 1 : 0);
  return entries
    .map((entry) => ({ entry, when: (['now', 'to come', 'over'] as const)[rank(entry)]! }))
    .sort(
      (a, b) =>
        rank(a.entry) - rank(b.entry) || (a.when === 'over' ? b.entry.to - a.entry.to : a.entry.from - b.entry.from),
    );
}
