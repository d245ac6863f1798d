/** What random producers say about promises: carts, purchase orders, and the policies that decide who gets what. */
import { channels, nodes, skus } from './random-company.ts';
import { addUnderWay, type Entry, takeUnderWay } from './random-entries.ts';

const MINUTE_MS = 60_000;
const iso = (at: number) => new Date(at).toISOString();

type Cart = { reservation: string; channel: string };
type PurchaseOrder = { purchaseOrder: string; lines: { line: string; sku: string; node: string; quantity: number }[] };

/** Bodies a planner might choose; an empty one is what holds by default. */
const policies: { policy: string; body: object }[] = [
  { policy: 'allocation', body: {} },
  { policy: 'allocation', body: { shortage: 'refuse' } },
  {
    policy: 'allocation',
    body: {
      ranks: [{ name: 'web first', channels: ['web'], rank: 10 }],
      lastUnits: [{ units: 3, ranksUpTo: 20 }],
      cartMinutes: 1,
    },
  },
  { policy: 'protection', body: {} },
  { policy: 'protection', body: { rules: [{ name: 'kept for market', channels: ['market'], quantity: 4 }] } },
  { policy: 'protection', body: { rules: [{ name: 'tea', sku: 'tea', channels: ['web'], share: 0.3 }] } },
  { policy: 'assertion', body: { rules: [{ source: 'wms', treat: 'authoritative' }], otherwise: 'advisory' } },
  { policy: 'sourcing', body: { shipmentsMax: 1 } },
  { policy: 'orders', body: { scannedNodes: ['*'], proofWithinMinutes: 1, unallocatedAfterMinutes: 1 } },
  { policy: 'orders', body: { holds: { fraud: { agesAfterMinutes: 1, givesBackAfterMinutes: 2 } } } },
  { policy: 'exceptions', body: { kinds: { 'negative-stock': { holdMinutes: 1, recoverMinutes: 1 } } } },
  { policy: 'exceptions', body: {} },
  {
    policy: 'disposition',
    body: { rules: [{ reason: 'unwanted', to: 'sellable', inspect: false }], otherwise: { to: 'quarantined' } },
  },
];

export const promiseEntries: Entry[] = [
  {
    type: 'reservation.held',
    weight: 6,
    say(company) {
      const { random, now } = company;
      const cart: Cart = { reservation: `c${company.next('cart')}`, channel: random.pick(channels) };
      addUnderWay(company, 'cart', cart);
      const data = {
        reservation: cart.reservation,
        owner: random.chance(0.9) ? 'cart' : 'order',
        ownerId: cart.reservation,
        channel: cart.channel,
        sku: random.pick(skus),
        quantity: random.int(1, 4),
        ...(random.chance(0.5) ? { node: random.pick(nodes) } : {}),
        ...(random.chance(0.6) ? { expiresAt: iso(now + random.int(-5, 60) * MINUTE_MS) } : {}),
      };
      return { source: cart.channel, type: 'reservation.held', data };
    },
  },
  {
    type: 'reservation.extended',
    weight: 1,
    say(company) {
      const cart = takeUnderWay(company, 'cart') as Cart | undefined;
      if (cart === undefined) return undefined;
      const expiresAt = iso(company.now + company.random.int(0, 90) * MINUTE_MS);
      return { source: cart.channel, type: 'reservation.extended', data: { reservation: cart.reservation, expiresAt } };
    },
  },
  {
    type: 'reservation.released',
    weight: 2,
    say(company) {
      const cart = takeUnderWay(company, 'cart', 0.7) as Cart | undefined;
      if (cart === undefined) return undefined;
      const part = company.random.chance(0.3) ? { quantity: 1 } : {};
      return { source: cart.channel, type: 'reservation.released', data: { reservation: cart.reservation, ...part } };
    },
  },
  {
    type: 'purchase-order.confirmed',
    weight: 2,
    say(company) {
      const { random, now } = company;
      const order: PurchaseOrder = {
        purchaseOrder: `po${company.next('purchase order')}`,
        lines: [{ line: '1', sku: random.pick(skus), node: random.pick(nodes), quantity: random.int(1, 30) }],
      };
      addUnderWay(company, 'purchase order', order);
      const lines = order.lines.map((line) => ({ ...line, expectedAt: iso(now + random.int(1, 72) * 60 * MINUTE_MS) }));
      return {
        source: 'erp',
        type: 'purchase-order.confirmed',
        data: { purchaseOrder: order.purchaseOrder, supplier: 'sup', lines },
      };
    },
  },
  {
    type: 'purchase-order.changed',
    weight: 1,
    say(company) {
      const order = takeUnderWay(company, 'purchase order') as PurchaseOrder | undefined;
      if (order === undefined) return undefined;
      const expectedAt = iso(company.now + company.random.int(1, 100) * 60 * MINUTE_MS);
      const lines = [{ line: '1', quantity: company.random.int(0, 30), expectedAt }];
      return { source: 'erp', type: 'purchase-order.changed', data: { purchaseOrder: order.purchaseOrder, lines } };
    },
  },
  {
    type: 'purchase-order.cancelled',
    weight: 0.5,
    say(company) {
      const order = takeUnderWay(company, 'purchase order', 1) as PurchaseOrder | undefined;
      if (order === undefined) return undefined;
      return { source: 'erp', type: 'purchase-order.cancelled', data: { purchaseOrder: order.purchaseOrder } };
    },
  },
  {
    type: 'stock.received',
    weight: 2,
    say(company) {
      const order = takeUnderWay(company, 'purchase order', 0.5) as PurchaseOrder | undefined;
      const line = order?.lines[0];
      if (order === undefined || line === undefined) return undefined;
      const quantity = company.random.chance(0.6) ? line.quantity : company.random.int(1, line.quantity + 2);
      const data = { sku: line.sku, node: line.node, quantity, purchaseOrder: order.purchaseOrder };
      return { source: line.node === 'north' ? 'wms' : 'wms-south', type: 'stock.received', data };
    },
  },
  {
    type: 'policy.defined',
    weight: 2,
    say: ({ random }) => ({
      source: 'tideline',
      type: 'policy.defined',
      data: { ...random.pick(policies), by: 'ann' },
    }),
  },
];
