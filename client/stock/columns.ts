/** The columns of the stock list: how each is called, what it is sorted by, and where there is room for it. */
import type { StockLine, StockSort } from '../../server/http/contract/inventory.ts';
import { formatAge } from '../formats/durations.ts';
import { formatChange, formatCount, formatMoneyRow } from '../formats/quantities.ts';

export type StockColumn = {
  id: string;
  words: string;
  /** Where the words are short. */
  meaning?: string;
  sort?: StockSort;
  /** From this width of the screen on, in px. */
  fromPx: number;
  /** Up to this width: something more exact takes its place. */
  untilPx?: number;
  widthPx: number;
  /** Which of the sums stands under it. */
  sum?:
    | 'sellable'
    | 'allocated'
    | 'quarantined'
    | 'damaged'
    | 'returnPending'
    | 'inTransit'
    | 'onHand'
    | 'safetyStock'
    | 'atp'
    | 'stockValue';
  quiet?: boolean;
};

const DESK_PX = 1_200;
const WIDE_PX = 1_700;

/** Numbers, in the order in which they follow the name. The last one stands at the edge. */
export const stockColumns: readonly StockColumn[] = [
  { id: 'onHand', words: 'On hand', sort: 'onHand', fromPx: DESK_PX, widthPx: 64, sum: 'onHand' },
  { id: 'sellable', words: 'Sellable', sort: 'sellable', fromPx: 0, widthPx: 64, sum: 'sellable' },
  { id: 'allocated', words: 'Allocated', sort: 'allocated', fromPx: 0, widthPx: 68, sum: 'allocated' },
  {
    id: 'aside',
    words: 'Set aside',
    meaning: 'Quarantined, damaged and return pending',
    fromPx: DESK_PX,
    untilPx: WIDE_PX,
    widthPx: 64,
  },
  { id: 'quarantined', words: 'Quarantined', fromPx: WIDE_PX, widthPx: 84, sum: 'quarantined' },
  { id: 'damaged', words: 'Damaged', fromPx: WIDE_PX, widthPx: 68, sum: 'damaged' },
  {
    id: 'returnPending',
    words: 'Returns',
    meaning: 'Return pending',
    fromPx: WIDE_PX,
    widthPx: 60,
    sum: 'returnPending',
  },
  { id: 'inTransit', words: 'In transit', sort: 'inTransit', fromPx: DESK_PX, widthPx: 66, sum: 'inTransit' },
  {
    id: 'safetyStock',
    words: 'Safety',
    meaning: 'Safety stock',
    fromPx: DESK_PX,
    widthPx: 52,
    sum: 'safetyStock',
    quiet: true,
  },
  {
    id: 'cover',
    words: 'Cover',
    meaning: 'Days that what is available lasts at the rate it sells',
    sort: 'cover',
    fromPx: 0,
    widthPx: 56,
  },
  {
    id: 'drift',
    words: 'Drift',
    meaning: 'The largest difference a system states: stated less ours',
    sort: 'drift',
    fromPx: DESK_PX,
    widthPx: 56,
  },
  {
    id: 'confidence',
    words: 'Confidence',
    meaning: 'The probability that the record is right',
    sort: 'confidence',
    fromPx: DESK_PX,
    widthPx: 78,
  },
  {
    id: 'value',
    words: 'Value',
    meaning: 'Units on hand at unit cost',
    sort: 'value',
    fromPx: DESK_PX,
    widthPx: 76,
    sum: 'stockValue',
  },
  {
    id: 'moved',
    words: 'Moved',
    meaning: 'Since the last movement',
    sort: 'moved',
    fromPx: WIDE_PX,
    widthPx: 56,
    quiet: true,
  },
  {
    id: 'counted',
    words: 'Counted',
    meaning: 'Since the last count',
    sort: 'counted',
    fromPx: WIDE_PX,
    widthPx: 64,
    quiet: true,
  },
  {
    id: 'atp',
    words: 'ATP',
    meaning: 'Available to promise: sellable less safety stock',
    sort: 'atp',
    fromPx: 0,
    widthPx: 92,
    sum: 'atp',
  },
];

export function columnsFor(widthPx: number, seesCost: boolean): StockColumn[] {
  return stockColumns.filter(
    ({ id, fromPx, untilPx }) =>
      widthPx >= fromPx && (untilPx === undefined || widthPx < untilPx) && (seesCost || id !== 'value'),
  );
}

/** @param now the moment in business from which ages count */
export function cellWords(row: StockLine, column: string, now: number, currency: string): string {
  const age = (at: number | null) => (at === null ? 'never' : formatAge(now - at));
  switch (column) {
    case 'aside':
      return orDash(row.quarantined + row.damaged + row.returnPending);
    case 'quarantined':
    case 'damaged':
    case 'returnPending':
    case 'inTransit':
      return orDash(row[column]);
    case 'cover':
      return coverWords(row.coverDays);
    case 'drift':
      return row.drift === null ? '–' : formatChange(row.drift.difference);
    case 'confidence':
      return percentWords(row.confidence);
    case 'value':
      return row.stockValue == null ? '–' : formatMoneyRow(row.stockValue, currency);
    case 'moved':
      return age(row.lastMovementAt);
    case 'counted':
      return age(row.lastCountAt);
    default:
      return formatCount(row[column as 'onHand']);
  }
}

const orDash = (units: number): string => (units === 0 ? '–' : formatCount(units));
const COVER_SHOWN_MAX_DAYS = 999;

/** `4.5d`; nothing sells: a dash. */
export function coverWords(days: number | null): string {
  if (days === null) return '–';
  if (days > COVER_SHOWN_MAX_DAYS) return `>${COVER_SHOWN_MAX_DAYS}d`;
  return `${days < 10 ? days.toFixed(1) : Math.round(days)}d`;
}

/** A share in whole percent: never 100% of what is not certain. */
export function percentWords(share: number): string {
  return `${Math.min(99, Math.round(share * 100))}%`;
}
