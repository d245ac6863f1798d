/** Lots, costs, transfers and returns as the API tells them, and what people may do to them directly. */
import type { z } from 'zod';
import type { Event } from '../../streams/events/index.ts';
import { workspaceOf } from '../../streams/operations/master-data.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { type Item, ids, type Ledger, type Stock } from '../../streams/operations/states.ts';
import { averaged, DAY_MS, unitCostIn, unitsOwned } from '../../streams/operations/stock/costing.ts';
import { lotsIn } from '../../streams/operations/stock/lots.ts';
import type { Lots } from '../../streams/operations/stock/lots-state.ts';
import { type Return, unjudged } from '../../streams/operations/stock/return-state.ts';
import {
  lastWord,
  onTheWay,
  type Transfer,
  transferStatus,
  unsent,
} from '../../streams/operations/stock/transfer-state.ts';
import { answeredTransitions, automaticTransitions } from '../../streams/operations/stock/transitions.ts';
import { NotAsThingsStand } from '../actions/actions.ts';
import { appendAndWait } from '../actions/append.ts';
import { dryRun } from '../actions/dry-run.ts';
import { readStates } from '../actions/paged-log.ts';
import type {
  CostView,
  LotsView,
  lotsPage,
  lotsQuery,
  ReturnView,
  returnsPage,
  returnsQuery,
  stockVoid,
  TransferView,
  transfersPage,
  transfersQuery,
  transitionsAnswer,
} from '../http/contract/goods.ts';
import type { Runtime } from '../runtime.ts';
import { atOneMoment } from './at-one-moment.ts';
import { createStateIndex } from './state-index.ts';

export type GoodsModel = ReturnType<typeof createGoodsModel>;

export function createGoodsModel({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>, now: () => number) {
  const lots = createStateIndex<Lots>(redis, keys.state('lots'), now);
  const transfers = createStateIndex<Transfer>(redis, keys.state('transfer'), now);
  const returns = createStateIndex<Return>(redis, keys.state('return'), now);

  /** Asks the flow first: what it refuses is not even appended. */
  async function act(id: string, type: Event['type'], data: object): Promise<void> {
    const at = now();
    const times = { occurredAt: at, observedAt: at, receivedAt: at };
    const event = { id: `${id}:${at}`, source: OWN_SOURCE, type, ...times, data } as Event;
    const refused = await dryRun(redis, keys, event, (run) => run.fact.effects.refused);
    if (refused !== '') throw new NotAsThingsStand('refused', refused, null);
    await appendAndWait(redis, keys, event);
  }

  return {
    async lotsPage(query: z.output<typeof lotsQuery>): Promise<z.output<typeof lotsPage>> {
      const { cursor = '', limit, sku, node, expiresBefore } = query;
      const expires = ({ lots: known }: Lots): boolean =>
        expiresBefore === undefined || known.some((lot) => lot.expiresAt > 0 && lot.expiresAt < expiresBefore);
      const { items, next } = await lots.page(
        cursor,
        limit,
        (known) =>
          (sku === undefined || known.sku === sku) && (node === undefined || known.node === node) && expires(known),
      );
      const { answer } = await atOneMoment(redis, keys, (draft) =>
        items.map((known) => {
          const id = ids.stock(known.sku, known.node);
          return { known: draft.get('lots', id) ?? known, stock: draft.get('stock', id) };
        }),
      );
      return { items: answer.map(({ known, stock }) => lotsView(known, stock)), next };
    },

    async cost(sku: string): Promise<CostView | null> {
      const { answer } = await atOneMoment(redis, keys, (draft) => ({
        ledger: draft.get('ledger', sku),
        item: draft.get('item', sku),
        currency: workspaceOf(draft).currency,
      }));
      return answer.ledger === undefined ? null : costView(answer.ledger, answer.item, answer.currency);
    },

    async transfersPage(query: z.output<typeof transfersQuery>): Promise<z.output<typeof transfersPage>> {
      const { cursor = '', limit, status, node, sku, late } = query;
      const { items, next } = await transfers.page(
        cursor,
        limit,
        (known) =>
          (status === undefined || transferStatus(known) === status) &&
          (node === undefined || known.fromNode === node || known.toNode === node) &&
          (sku === undefined || known.lines.some((line) => line.sku === sku)) &&
          (late === undefined || known.late === late),
      );
      return { items: items.map(transferView), next };
    },

    async transfer(id: string): Promise<TransferView | null> {
      const [known] = await readStates<Transfer>(redis, keys, 'transfer', [id]);
      return known === undefined ? null : transferView(known);
    },

    closeTransfer: (transfer: string, said: { reason: string; to: 'loss' | 'unknown' }, by: string): Promise<void> =>
      act(`transfer:${transfer}:close`, 'transfer.closed', { transfer, ...said, by }),

    cancelTransfer: (transfer: string, said: { reason: string }, by: string): Promise<void> =>
      act(`transfer:${transfer}:cancel`, 'transfer.cancelled', { transfer, ...said, by }),

    async returnsPage(query: z.output<typeof returnsQuery>): Promise<z.output<typeof returnsPage>> {
      const { cursor = '', limit, node, sku, waiting, overdue } = query;
      const { items, next } = await returns.page(
        cursor,
        limit,
        (known) =>
          (node === undefined || known.node === node) &&
          (sku === undefined || known.lines.some((line) => line.sku === sku)) &&
          (waiting === undefined || unjudged(known) > 0 === waiting) &&
          (overdue === undefined || known.overdue === overdue),
      );
      return { items: items.map(returnView), next };
    },

    async return(id: string): Promise<ReturnView | null> {
      const [known] = await readStates<Return>(redis, keys, 'return', [id]);
      return known === undefined ? null : returnView(known);
    },

    voidStock: ({ source, event, reason }: z.output<typeof stockVoid>, by: string): Promise<void> =>
      act(`void:${source}:${event}`, 'stock.voided', { source, event, reason, by }),

    transitions: (): z.output<typeof transitionsAnswer> => ({
      automatic: automaticTransitions.map(({ rule, from, to, when }) => ({ rule, from: [...from], to: [...to], when })),
      answered: answeredTransitions.map(({ rule, from, to, when }) => ({ rule, from: [...from], to: [...to], when })),
    }),
  };
}

const orNull = (moment: number): number | null => (moment === 0 ? null : moment);

function lotsView({ sku, node, lots }: Lots, stock: Stock | undefined): LotsView {
  const balances = stock === undefined ? [] : lotsIn(lots, stock);
  return {
    sku,
    node,
    lots: balances.map(({ lot, expiresAt, receivedAt, sellable, allocated, quarantined, damaged, ...others }) => ({
      lot: lot === '' ? null : lot,
      expiresAt: orNull(expiresAt),
      receivedAt: orNull(receivedAt),
      sellable,
      allocated,
      quarantined,
      damaged,
      returnPending: others['return-pending'],
      inTransit: others['in-transit'],
    })),
  };
}

const dayOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

function costView(ledger: Ledger, item: Item | undefined, currency: string): CostView {
  const { sku, cost, review } = ledger;
  const standardCost = item?.unitCost ?? null;
  const days = cost.days.map(([day, received, receivedValue, sold, otherUnits], index) => {
    const until = { ...cost, days: cost.days.slice(0, index + 1) };
    return {
      day: dayOf(day),
      otherUnits,
      received,
      receivedValue,
      sold,
      unitsAfter: unitsOwned(until),
      averageAfter: averaged(until, item?.unitCost).average,
    };
  });
  return {
    sku,
    currency,
    unitCost: unitCostIn(ledger, item),
    standardCost,
    average: cost.average,
    unitsOwned: unitsOwned(cost),
    base: {
      until: cost.baseDay < 0 ? null : dayOf(cost.baseDay),
      units: cost.baseUnits,
      average: cost.baseAverage,
    },
    days,
    review:
      review === null
        ? null
        : {
            at: orNull(review.at),
            due: review.due,
            soldPerDay: review.soldPerDayHundredths === null ? null : review.soldPerDayHundredths / 100,
            excess: review.excess,
            aged: review.aged,
            expiring: review.expiring,
          },
  };
}

function transferView(known: Transfer): TransferView {
  const { transfer, fromNode, toNode, late, source, lines } = known;
  const { by, reason } = lastWord(known);
  return {
    transfer,
    status: transferStatus(known),
    fromNode,
    toNode,
    late,
    expectedAt: orNull(known.expectedAt),
    requestedAt: orNull(known.requestedAt),
    sentAt: orNull(known.sentAt),
    receivedAt: orNull(known.receivedAt),
    closedAt: orNull(known.closedAt),
    cancelledAt: orNull(known.cancelledAt),
    reason,
    by,
    source,
    lines: lines.map((line) => ({ ...line, onTheWay: onTheWay(line), unsent: unsent(known, line) })),
  };
}

function returnView(known: Return): ReturnView {
  const { node, order, overdue, lines, judged } = known;
  return {
    return: known.return,
    node,
    order: order === '' ? null : order,
    receivedAt: orNull(known.receivedAt),
    due: orNull(known.due),
    overdue,
    waiting: Math.max(0, unjudged(known)),
    lines: lines.map(({ to, ...line }) => ({ ...line, proposed: to })),
    judged,
  };
}
