/** The list of orders: pages read by HTTP, overlaid with the newest ones that come live. Pure. */
import type { OrderRow } from '../../server/live/contract.ts';

export type OrderFilter = { status: string; channel: string; node: string; q: string };

/** Newest first. A live row replaces the one that was read; one that no longer matches the filter leaves. */
export function mergeOrders(read: OrderRow[], live: ReadonlyMap<string, OrderRow>, filter: OrderFilter): OrderRow[] {
  const rows = new Map(read.map((row) => [row.order, row]));
  const oldest = read.at(-1)?.placedAt ?? 0;
  for (const row of live.values()) {
    if (!matches(row, filter)) rows.delete(row.order);
    else if (rows.has(row.order) || row.placedAt >= oldest) rows.set(row.order, row);
  }
  return [...rows.values()].sort((a, b) => b.placedAt - a.placedAt || (a.order < b.order ? 1 : -1));
}

function matches(row: OrderRow, filter: OrderFilter): boolean {
  return (
    (filter.status === '' || row.status === filter.status) &&
    (filter.channel === '' || row.channel === filter.channel) &&
    (filter.node === '' || row.node === filter.node) &&
    (filter.q === '' || row.order.toLowerCase().includes(filter.q.toLowerCase()))
  );
}
