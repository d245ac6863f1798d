/** Open work by node, by when it is due and by how far it is; and the waves it was released in. */
import {
  type DueWord,
  type OrderStatus,
  openStatuses,
  unpackedStatuses,
} from '../../../streams/events/order-statuses.ts';
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';
import type { NodeDays } from './orders.ts';

/** Orders placed longer ago than this have other troubles than their cut-off or wave. */
export const PLACED_WITHIN_MS = 120 * 24 * 3_600_000;
const WAVE_ORDERS_MAX = 20_000;
const cannotBegin: readonly OrderStatus[] = ['held', 'backordered', 'allocated'];

export type OpenPart = {
  node: string;
  due: DueWord;
  status: OrderStatus;
  orders: number;
  lines: number;
  units: number;
  atRisk: number;
  /** The earliest promise among them; null when there is none. */
  firstDue: number | null;
};

export async function openBacklog(history: HistoryClient, days: NodeDays): Promise<OpenPart[]> {
  type Row = { node: string; due: DueWord; status: OrderStatus } & Record<
    'orders' | 'lineCount' | 'openUnits' | 'atRisk' | 'firstDue',
    number | string
  >;
  const since = Math.max(0, days.now - PLACED_WITHIN_MS);
  const params = { ...days, since, open: openStatuses, unpacked: unpackedStatuses };
  const rows = await queryRows<Row>(history, loadQuery('queries/open-backlog'), params);
  return rows.map(({ node, due, status, orders, lineCount, openUnits, atRisk, firstDue }) => ({
    node,
    due,
    status,
    orders: Number(orders),
    lines: Number(lineCount),
    units: Number(openUnits),
    atRisk: Number(atRisk),
    firstDue: Number(firstDue) || null,
  }));
}

/** A wave and how far its orders are; counts are orders, but for `lines`. */
export type ReleasedWave = {
  wave: string;
  node: string;
  at: number;
  cutOff: number | null;
  by: string;
  orders: number;
  lines: number;
  /** Held again, out of stock, or taken back to where they were. */
  waiting: number;
  released: number;
  picking: number;
  packed: number;
  done: number;
};

/** The newest first. @param node empty for all */
export async function wavesReleased(
  history: HistoryClient,
  { node, from, now, limit }: { node: string; from: number; now: number; limit: number },
): Promise<ReleasedWave[]> {
  const since = Math.max(0, now - PLACED_WITHIN_MS);
  const params = { node, from, since, limit, ordersMax: WAVE_ORDERS_MAX, open: openStatuses, waiting: cannotBegin };
  type Row = Record<keyof ReleasedWave, string | number>;
  const rows = await queryRows<Row>(history, loadQuery('queries/waves-released'), params);
  return rows.map((row) => ({
    wave: String(row.wave),
    node: String(row.node),
    at: Number(row.at),
    cutOff: Number(row.cutOff) || null,
    by: String(row.by),
    orders: Number(row.orders),
    lines: Number(row.lines),
    waiting: Number(row.waiting),
    released: Number(row.released),
    picking: Number(row.picking),
    packed: Number(row.packed),
    done: Number(row.done),
  }));
}

export async function ordersOfWave(history: HistoryClient, wave: string, from: number): Promise<string[]> {
  const rows = await queryRows<{ order_id: string }>(history, loadQuery('queries/orders-of-wave'), { wave, from });
  return rows.map(({ order_id: order }) => order);
}
