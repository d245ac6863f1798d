/** Purchase orders as lists and pages show them. */
import { purchaseOrderTimeline } from '../../../analytics/clickhouse/queries/purchase-order-timeline.ts';
import { isOverdue, outstanding } from '../../../streams/operations/purchasing/purchase-order-receipts.ts';
import type { PurchaseOrder, SupplierRecord } from '../../../streams/operations/purchasing/purchase-order-state.ts';
import type { Ledger } from '../../../streams/operations/states.ts';
import type {
  PurchaseOrderPicture,
  PurchaseOrderRow,
  PurchaseOrdersPage,
  PurchaseOrdersQuery,
} from '../../http/contract/purchase-orders.ts';
import type { Mirror } from '../../live/mirror.ts';
import type { Runtime } from '../../runtime.ts';
import type { Inventory } from '../inventory/records.ts';
import { pageAfter, placeOf } from '../inventory/sorted.ts';
import { keepStates } from '../kept-states.ts';
import { purchaseOrderRow } from './rows.ts';

const WAITING_SHOWN_MAX = 100;
const EXCEPTIONS_SHOWN_MAX = 50;

const columns = {
  expected: ({ expectedAt }: PurchaseOrderRow) => expectedAt,
  late: ({ lateDays }: PurchaseOrderRow) => lateDays,
  open: ({ outstanding: units }: PurchaseOrderRow) => units,
  heard: ({ heardAt }: PurchaseOrderRow) => heardAt,
  number: ({ purchaseOrder }: PurchaseOrderRow) => purchaseOrder,
};

export function createPurchaseOrderModel(runtime: Runtime, mirror: Mirror, inventory: Inventory) {
  const kept = keepStates<PurchaseOrder, PurchaseOrder>(runtime, mirror.follow, 'purchase-order', (order) => order);

  return {
    async purchaseOrdersPage(query: PurchaseOrdersQuery): Promise<PurchaseOrdersPage> {
      const [now, orders, at] = [await inventory.now(), await kept.entries(), mirror.businessNow()];
      const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
      const fits = (row: PurchaseOrderRow): boolean => {
        if (query.status !== undefined && row.status !== query.status) return false;
        if (query.open === true && row.outstanding === 0) return false;
        if (query.supplier !== undefined && row.supplier !== query.supplier) return false;
        if (query.node !== undefined && !row.nodes.includes(query.node)) return false;
        if (query.sku !== undefined && !row.skus.includes(query.sku)) return false;
        if (words.length === 0) return true;
        const text = `${row.purchaseOrder} ${row.supplier ?? ''} ${row.skus.join(' ')}`.toLowerCase();
        return words.every((word) => text.includes(word));
      };
      const rows = [...orders.values()].map((order) => purchaseOrderRow(order, at, now.unitCostOf)).filter(fits);
      const columnOf = columns[query.sort];
      const placed = rows.map((row) => ({ value: columnOf(row), id: row.purchaseOrder, row }));
      const { items, next } = pageAfter(placed, { after: placeOf(query.cursor), ...query });
      return {
        items: items.map(({ row }) => row),
        next,
        total: rows.length,
        sums: {
          ordered: sumOf(rows, ({ ordered }) => ordered),
          received: sumOf(rows, ({ received }) => received),
          outstanding: sumOf(rows, ({ outstanding: units }) => units),
          late: rows.filter(({ status }) => status === 'late').length,
          stockValue: sumOf(rows, ({ stockValue }) => stockValue ?? 0),
        },
        suppliers: [...new Set([...orders.values()].map(({ supplier }) => supplier))].filter(Boolean).sort(),
      };
    },

    async purchaseOrderPicture(id: string): Promise<PurchaseOrderPicture | null> {
      const [order] = await mirror.readStates<PurchaseOrder>('purchase-order', [id]);
      if (order === undefined) return null;
      const now = await inventory.now();
      const row = purchaseOrderRow(order, mirror.businessNow(), now.unitCostOf);
      const [ledgers, [record], timeline] = await Promise.all([
        mirror.readStates<Ledger>('ledger', row.skus),
        mirror.readStates<SupplierRecord>('supplier-record', [order.supplier]),
        purchaseOrderTimeline(runtime.history, id, row.skus).catch(() => null),
      ]);
      const nameOf = (sku: string): string => now.items.get(sku)?.name ?? sku;
      return {
        ...row,
        source: order.source,
        cancelledAt: order.cancelledAt === 0 ? null : order.cancelledAt,
        currency: mirror.workspace().currency,
        lines: outstanding(order).map(({ line, came, units }) => ({
          line: line.line,
          sku: line.sku,
          name: nameOf(line.sku),
          node: line.node,
          quantity: line.quantity,
          received: came,
          outstanding: units,
          expectedAt: line.expectedAt === 0 ? null : line.expectedAt,
          promisedAt: line.promisedAt === 0 ? null : line.promisedAt,
          overdue: units > 0 && isOverdue(line),
          unitCost: now.unitCostOf(line.sku),
        })),
        receipts: order.received.map(([sku, node, units]) => ({ sku, name: nameOf(sku), node, units })),
        onTimeShare: record === undefined || record.dueUnits === 0 ? null : record.onTimeUnits / record.dueUnits,
        waiting: ledgers
          .flatMap(({ sku, waiting }) =>
            waiting.map(({ order: waits, line, quantity, since }) => ({ order: waits, line, sku, quantity, since })),
          )
          .sort((a, b) => a.since - b.since)
          .slice(0, WAITING_SHOWN_MAX),
        exceptions: exceptionsAbout(mirror, id, row),
        timeline,
      };
    },
  };
}

/** Those it causes, and while something is to come those that speak of its SKUs where it goes. */
function exceptionsAbout(mirror: Mirror, id: string, row: PurchaseOrderRow): PurchaseOrderPicture['exceptions'] {
  const causes = (cause: string | undefined) => cause === `inbound:${id}` || cause?.startsWith(`inbound:${id}/`);
  const speaks = (sku: string | undefined, node: string | undefined) =>
    row.outstanding > 0 && row.skus.includes(sku ?? '') && (node === undefined || row.nodes.includes(node));
  return [...mirror.states.exception.values()]
    .filter(({ id: number, cause, sku, node }) => number !== '' && (causes(cause) || speaks(sku, node)))
    .sort((a, b) => b.moneyAtRisk - a.moneyAtRisk)
    .slice(0, EXCEPTIONS_SHOWN_MAX)
    .map(({ id: number, title, detail, severity }) => ({ id: number, title, detail, severity }));
}

const sumOf = (rows: readonly PurchaseOrderRow[], figure: (row: PurchaseOrderRow) => number): number =>
  rows.reduce((sum, row) => sum + figure(row), 0);
