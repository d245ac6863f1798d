/** What an impaired node puts at risk: its orders, and what was to arrive there or to leave from there. */
import type { z } from 'zod';
import { openOrdersDue } from '../../analytics/clickhouse/queries/open-orders-due.ts';
import type { OrderStatus } from '../../streams/events/order-statuses.ts';
import { affectedUntil } from '../../streams/operations/nodes/impairment-effect.ts';
import type { Impairment } from '../../streams/operations/nodes/impairment-state.ts';
import { linesAt } from '../../streams/operations/nodes/wave-release.ts';
import type { PurchaseOrder } from '../../streams/operations/purchasing/purchase-order-state.ts';
import type { Order } from '../../streams/operations/states.ts';
import { onTheWay, type Transfer, unsent } from '../../streams/operations/stock/transfer-state.ts';
import { readStates } from '../actions/paged-log.ts';
import type { affectedInbound, affectedInboundPage, affectedOrdersPage } from '../http/contract/nodes.ts';
import { Refusal } from '../http/problems.ts';
import { reachable } from '../reading/ask-history.ts';
import { createStateIndex } from '../reading/state-index.ts';
import type { Runtime } from '../runtime.ts';
import type { Page } from './model.ts';

type Inbound = z.output<typeof affectedInbound>;

const open: readonly OrderStatus[] = [
  'held',
  'backordered',
  'allocated',
  'released',
  'picking',
  'packed',
  'part-dispatched',
];

export function createAffected({ redis, keys, history }: Pick<Runtime, 'redis' | 'keys' | 'history'>) {
  const transfers = createStateIndex<Transfer>(redis, keys.state('transfer'), Date.now);
  const purchaseOrders = createStateIndex<PurchaseOrder>(redis, keys.state('purchase-order'), Date.now);

  return {
    /** Its open orders that are due while it lasts, the most urgent first. A page may hold fewer than asked for. */
    async orders(
      impairment: Impairment,
      now: number,
      { cursor, limit }: Page,
    ): Promise<z.output<typeof affectedOrdersPage>> {
      const until = impairment.endedAt > 0 ? impairment.endedAt : affectedUntil(impairment, now);
      const query = { node: impairment.node, statuses: open, until, now, splits: true, cursor, limit };
      const { items, next } = await reachable(openOrdersDue(history, query)).catch((error: unknown) => {
        if (!(error instanceof RangeError)) throw error;
        throw new Refusal(400, { title: 'This cannot be asked', detail: error.message });
      });
      const live = await readStates<Order>(
        redis,
        keys,
        'order',
        items.map(({ order }) => order),
      );
      const byId = new Map(live.map((order) => [order.order, order]));
      const rows = items.flatMap((row) => {
        const order = byId.get(row.order);
        const lines = order === undefined ? 0 : linesAt(order, impairment.node).length;
        return lines === 0 ? [] : [{ ...row, lines, deliverBy: order!.deliverBy === 0 ? null : order!.deliverBy }];
      });
      return { items: rows, next };
    },

    /** Transfers first, then purchase orders; both by their names. */
    async inbound(
      { node, ...impairment }: Impairment,
      now: number,
      { cursor = '', limit }: Page,
    ): Promise<z.output<typeof affectedInboundPage>> {
      const until = affectedUntil(impairment, now);
      const after = cursor.startsWith('p:') ? null : cursor.slice(2);
      const items: Inbound[] = [];
      if (after !== null) {
        const found = await transfers.page(after, limit, (transfer) => transferRow(transfer, node, until) !== null);
        items.push(...found.items.map((transfer) => transferRow(transfer, node, until)!));
        if (found.next !== null) return { items, next: `t:${found.next}` };
      }
      const rest = await purchaseOrders.page(
        cursor.startsWith('p:') ? cursor.slice(2) : '',
        limit,
        (known) => purchaseOrderRow(known, node, until) !== null,
      );
      items.push(...rest.items.map((known) => purchaseOrderRow(known, node, until)!));
      return { items, next: rest.next === null ? null : `p:${rest.next}` };
    },
  };
}

const isBy = (expectedAt: number, until: number): boolean => expectedAt === 0 || expectedAt <= until;

function transferRow(transfer: Transfer, node: string, until: number): Inbound | null {
  if ((transfer.fromNode !== node && transfer.toNode !== node) || !isBy(transfer.expectedAt, until)) return null;
  const out = transfer.fromNode === node;
  const units = transfer.lines.map((line) => unsent(transfer, line) + (out ? 0 : Math.max(0, onTheWay(line))));
  const open = units.filter((count) => count > 0);
  if (open.length === 0) return null;
  return {
    kind: out ? 'transfer-out' : 'transfer-in',
    ref: transfer.transfer,
    other: out ? transfer.toNode : transfer.fromNode,
    expectedAt: transfer.expectedAt === 0 ? null : transfer.expectedAt,
    skus: open.length,
    units: open.reduce((sum, count) => sum + count, 0),
  };
}

function purchaseOrderRow(known: PurchaseOrder, node: string, until: number): Inbound | null {
  if (known.cancelledAt > 0) return null;
  const lines = known.lines.filter((line) => line.node === node && line.sku !== '' && isBy(line.expectedAt, until));
  const came = (sku: string) => known.received.find(([of, at]) => of === sku && at === node)?.[2] ?? 0;
  const skus = [...new Set(lines.map(({ sku }) => sku))];
  const missing = skus
    .map((sku) => lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0) - came(sku))
    .filter((units) => units > 0);
  if (missing.length === 0) return null;
  const dates = lines.map(({ expectedAt }) => expectedAt).filter((date) => date > 0);
  return {
    kind: 'purchase-order',
    ref: known.purchaseOrder,
    other: known.supplier,
    expectedAt: dates.length === 0 ? null : Math.min(...dates),
    skus: missing.length,
    units: missing.reduce((sum, units) => sum + units, 0),
  };
}
