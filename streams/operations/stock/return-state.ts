/** One return until all of it is judged, and a while longer. Sums only, so events may come in any order. */
import type { Disposition } from '../../events/returns.ts';

export type Return = {
  return: string;
  /** Empty until goods have come back or were judged. */
  node: string;
  order: string;
  /** Whose clock tells when it should have been judged. */
  source: string;
  receivedAt: number;
  /** When somebody should have judged it; 0 while nothing has come. */
  due: number;
  overdue: boolean;
  lines: ReturnedGoods[];
  judged: JudgedGoods[];
  /** When goods came, sorted, each moment once. */
  receipts?: number[];
  /** What somebody said of them, for how long it took. */
  verdicts?: { sku: string; to: Disposition; quantity: number; at: number }[];
  /** Of the order, once it is known. */
  channel?: string;
  country?: string;
  /** Events whose order has not come: their goods are booked, the order is told when it comes. */
  untold: string[];
  openExceptions: string[];
};

/** Units of one SKU that came back for one reason, and what the policy of that day says of them. */
export type ReturnedGoods = {
  sku: string;
  reason: string;
  quantity: number;
  to: Disposition;
  /** Done without anybody looking at the goods. */
  automatic: boolean;
  /** Units that the policy has put there, and when it did so last. */
  done: number;
  doneAt?: number;
};
/** Units of one SKU that somebody has judged. */
export type JudgedGoods = { sku: string; quantity: number };

/** Units that came back and wait for a judgement; negative while more were judged than came. */
export const unjudged = (state: Return, sku?: string): number => {
  const of = (goods: { sku: string }): boolean => sku === undefined || goods.sku === sku;
  const waiting = state.lines.reduce((sum, line) => (of(line) ? sum + line.quantity - line.done : sum), 0);
  return waiting - state.judged.reduce((sum, goods) => (of(goods) ? sum + goods.quantity : sum), 0);
};
