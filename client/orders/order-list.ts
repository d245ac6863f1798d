/** The list of orders: pages read by HTTP, overlaid with the newest ones that come live. Pure. */
import type { OrderRow } from '../../server/live/contract.ts';
import { openStatuses } from '../../streams/events/order-statuses.ts';

export type OrderFilter = {
  /** Empty for any. */
  statuses: readonly string[];
  channel: string;
  node: string;
  q: string;
  /** Something is asked that only the server can judge (a due day, a wave, a period): new rows wait for it. */
  serverOnly: boolean;
  /** What is listed must be open. */
  openOnly: boolean;
  /** Rows stand by something else than their age, so they keep the places in which they were read. */
  sorted: boolean;
};

/** A live row replaces the one that was read; one that no longer matches the filter leaves. Newest first unless sorted. */
export function mergeOrders(read: OrderRow[], live: ReadonlyMap<string, OrderRow>, filter: OrderFilter): OrderRow[] {
  const rows = new Map(read.map((row) => [row.order, row]));
  const oldest = read.at(-1)?.placedAt ?? 0;
  const takesNew = !filter.serverOnly && !filter.sorted;
  for (const row of live.values()) {
    if (!matches(row, filter)) rows.delete(row.order);
    else if (rows.has(row.order) || (takesNew && row.placedAt >= oldest)) rows.set(row.order, row);
  }
  const merged = [...rows.values()];
  return filter.sorted ? merged : merged.sort((a, b) => b.placedAt - a.placedAt || (a.order < b.order ? 1 : -1));
}

function matches(row: OrderRow, filter: OrderFilter): boolean {
  return (
    (filter.statuses.length === 0 || filter.statuses.includes(row.status)) &&
    (!filter.openOnly || openStatuses.includes(row.status)) &&
    (filter.channel === '' || row.channel === filter.channel) &&
    (filter.node === '' || row.node === filter.node) &&
    (filter.q === '' || row.order.toLowerCase().includes(filter.q.toLowerCase()))
  );
}
