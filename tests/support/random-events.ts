/** What producers of a random history can say: one entry per kind of event, with how often it is said. */
import type { EventType } from '../../streams/events/index.ts';
import { type Company, channels, type KnownOrder, nodes, skus } from './random-company.ts';
import {
  addUnderWay,
  anOrder,
  atNode,
  type Entry,
  ofOrder,
  type Said,
  someLines,
  takeUnderWay,
  warehouseOf,
} from './random-entries.ts';
import { promiseEntries } from './random-promise-events.ts';
import { stockEntries } from './random-stock-events.ts';
import { workEntries } from './random-work-events.ts';

const HOUR_MS = 3_600_000;
const shopOf = (_: Company, order: KnownOrder) => order.channel;

function placed(company: Company): Said {
  const { random } = company;
  const order: KnownOrder = {
    order: `o${company.next('order')}`,
    channel: random.pick(channels),
    node: random.chance(0.3) ? random.pick(nodes) : '',
    holds: [],
    lines: Array.from({ length: random.int(1, 3) }, (_, index) => ({
      line: `l${index}`,
      sku: random.pick(skus),
      quantity: random.int(1, 5),
      shipped: 0,
      price: random.int(0, 4_000),
    })),
  };
  company.orders.push(order);
  const { channel, node, lines } = order;
  const reservations = takeUnderWay(company, 'cart', 0.5);
  return {
    source: channel,
    type: 'order.placed',
    data: {
      order: order.order,
      channel,
      currency: 'EUR',
      priority: random.int(0, 9),
      ...(node === '' ? {} : { node }),
      // Few promises, so that orders meet in one wave; near enough that some pass while the history lasts.
      ...(random.chance(0.7) ? { shipBy: new Date(promiseAfter(company.now, random.int(0, 4))).toISOString() } : {}),
      ...(reservations === undefined ? {} : { reservations: [reservations['reservation']] }),
      lines: lines.map(({ line, sku, quantity, price }) => ({ line, sku, quantity, unitPrice: price })),
    },
  };
}

const promiseAfter = (now: number, steps: number) => Math.ceil(now / HOUR_MS) * HOUR_MS + steps * HOUR_MS;

const step = (type: EventType, weight: number): Entry => ({
  type,
  weight,
  say: ofOrder(
    type,
    (_, order) => warehouseOf(order.node),
    (company, order) => {
      const lines = someLines(company, order, (line) => company.random.int(1, line.quantity));
      return lines.length === 0 ? undefined : { node: order.node || company.random.pick(nodes), lines };
    },
  ),
});

export const entries: Entry[] = [
  { type: 'order.placed', weight: 24, always: true, say: placed },
  {
    type: 'order.edited',
    weight: 4,
    say: ofOrder('order.edited', shopOf, (company, order) => {
      const line = company.random.pick(order.lines);
      const quantity = company.random.int(0, 6);
      return {
        lines: [
          { line: line.line, sku: company.random.chance(0.05) ? 'tea' : line.sku, quantity, unitPrice: line.price },
        ],
        ...(company.random.chance(0.3)
          ? { shipBy: new Date(promiseAfter(company.now, company.random.int(0, 6))).toISOString() }
          : {}),
      };
    }),
  },
  {
    type: 'order.cancelled',
    weight: 4,
    say: ofOrder('order.cancelled', shopOf, (company, order) => ({
      reason: company.random.pick(['customer', 'fraud', 'stock', 'fulfilment', 'other']),
      ...(company.random.chance(0.5)
        ? {}
        : { lines: [{ line: company.random.pick(order.lines).line, quantity: company.random.int(1, 3) }] }),
    })),
  },
  {
    type: 'order.held',
    weight: 2,
    say: ofOrder('order.held', shopOf, ({ random }, order) => {
      const hold = random.pick(['fraud', 'payment', 'address']);
      order.holds.push(hold);
      return { hold };
    }),
  },
  {
    type: 'order.released',
    weight: 2,
    say: ofOrder('order.released', shopOf, ({ random }, order) => ({
      hold: order.holds.pop() ?? random.pick(['fraud', 'payment', 'address']),
    })),
  },
  {
    type: 'order.refunded',
    weight: 1,
    say: ofOrder('order.refunded', shopOf, ({ random }, order) => ({
      amount: random.int(
        0,
        order.lines.reduce((sum, line) => sum + line.quantity * line.price, 0),
      ),
    })),
  },
  step('fulfilment.allocated', 2),
  step('fulfilment.picked', 5),
  step('fulfilment.packed', 4),
  {
    type: 'fulfilment.dispatched',
    weight: 14,
    say: ofOrder(
      'fulfilment.dispatched',
      (_, order) => warehouseOf(order.node),
      (company, order) => {
        const lines = someLines(company, order, (line) => Math.max(0, line.quantity - line.shipped));
        if (lines.length === 0) return undefined;
        for (const { line, quantity } of lines) {
          const known = order.lines.find((one) => one.line === line);
          if (known !== undefined) known.shipped += quantity;
        }
        return { node: order.node || company.random.pick(nodes), shipment: `s${company.next('shipment')}`, lines };
      },
    ),
  },
  {
    type: 'fulfilment.delivered',
    weight: 2,
    say: ofOrder(
      'fulfilment.delivered',
      () => 'carrier',
      (_, order) => {
        const lines = order.lines.filter((line) => line.shipped > 0);
        return lines.length === 0
          ? undefined
          : { lines: lines.map(({ line, shipped }) => ({ line, quantity: shipped })) };
      },
    ),
  },
  {
    type: 'return.received',
    weight: 2,
    say(company) {
      const order = anOrder(company);
      const line = order?.lines.find((one) => one.shipped > 0);
      if (order === undefined || line === undefined) return undefined;
      const { node, source } = atNode(company);
      const quantity = company.random.int(1, line.shipped);
      const known = { return: `r${company.next('return')}`, node, sku: line.sku, quantity };
      addUnderWay(company, 'return', known);
      const reason = company.random.pick(['damaged', 'unwanted', 'wrong-item', 'unstated']);
      const lines = [{ line: line.line, sku: line.sku, quantity, reason }];
      return { source, type: 'return.received', data: { return: known.return, node, order: order.order, lines } };
    },
  },
  {
    type: 'return.judged',
    weight: 1,
    say(company) {
      const known = takeUnderWay(company, 'return', 1) as {
        return: string;
        node: string;
        sku: string;
        quantity: number;
      };
      if (known === undefined) return undefined;
      const to = company.random.pick(['sellable', 'damaged', 'quarantined', 'loss']);
      const lines = [{ sku: known.sku, quantity: known.quantity, to }];
      return {
        source: warehouseOf(known.node),
        type: 'return.judged',
        data: { return: known.return, node: known.node, lines },
      };
    },
  },
  {
    type: 'item.defined',
    weight: 1,
    say: ({ random }) => {
      const sku = random.pick(skus);
      const data = { sku, name: sku, unitCost: random.int(100, 900), unitPrice: 900, safetyStock: random.int(0, 3) };
      return { source: 'erp', type: 'item.defined', data };
    },
  },
  {
    type: 'source.defined',
    weight: 1,
    say: ({ random }) => {
      const source = random.pick(['web', 'market', 'wms', 'wms-south', 'carrier']);
      return {
        source: 'erp',
        type: 'source.defined',
        data: { source, name: source, silentAfterMinutes: random.int(1, 30) },
      };
    },
  },
  ...stockEntries,
  ...promiseEntries,
  ...workEntries,
];
