/** Random histories of a small shop, and what processing them leaves behind. Everything follows from the commands. */
import fc from 'fast-check';
import { catalog, durationMeasures, kpis } from '../../analytics/kpis/index.ts';
import { dismissReasons } from '../../streams/events/exception-words.ts';
import type { Event } from '../../streams/events/index.ts';
import type { StateMaps } from '../../streams/operations/draft.ts';
import type { States } from '../../streams/operations/states.ts';
import { type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, type Fact, processBatch } from '../../streams/processing/process-batch.ts';

export const CHANNELS = ['web', 'amazon'] as const;
export const NODES = ['north', 'south'] as const;
const SKUS = ['chair', 'lamp', 'rug'] as const;
const CAUSES = ['customer', 'fraud', 'stock', 'fulfilment', 'other'] as const;
const WORK = [
  'exception.acknowledged',
  'exception.started',
  'exception.resolved',
  'exception.dismissed',
  'exception.reopened',
  'exception.acknowledged',
] as const;
const HOPS = ['accept', 'commit', 'push', 'display', 'event-to-screen'] as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Two days before clocks went forward in the zone of the tests, so that histories cross a day of 23 hours. */
export const HISTORY_STARTS_AT = Date.UTC(2026, 2, 27, 9, 0);
export const TIME_ZONE = 'Europe/Berlin';

/** Few enough that fulfilment, edits and cancellations nearly always meet an order, and sometimes come before it. */
const ORDERS_MAX = 12;
const CARTS_MAX = 5;
/** From which node something ships on any day, and until when. */
export const CUT_OFFS = { north: '15:00', south: '17:30' } as const;

const small = (max: number) => fc.integer({ min: 0, max });
const shared = {
  /** Minutes since the command before. */
  after: fc.oneof({ weight: 4, arbitrary: small(40) }, { weight: 1, arbitrary: small(400) }),
  /** How many later commands arrive before this one. */
  late: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: small(6) }),
  ms: small(59_999),
};
const line = fc.record({
  sku: small(2),
  quantity: fc.integer({ min: 1, max: 5 }),
  price: small(5_000),
  odd: fc.boolean(),
});
type Common = { after: number; late: number; ms: number };
const of = <K extends string, T>(kind: K, shape: { [F in keyof T]: fc.Arbitrary<T[F]> }) =>
  fc.record({ kind: fc.constant(kind), ...shared, ...shape }) as unknown as fc.Arbitrary<{ kind: K } & Common & T>;
const onOrder = { order: small(ORDERS_MAX), line: small(3), quantity: fc.integer({ min: 1, max: 4 }), node: small(1) };

const command = fc.oneof(
  {
    weight: 10,
    arbitrary: of('place', {
      order: small(ORDERS_MAX),
      channel: small(1),
      node: fc.oneof(fc.constant(-1), small(1)),
      foreign: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      promise: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })),
      delivery: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 })),
      carts: fc.oneof(fc.constant([] as number[]), fc.array(small(CARTS_MAX), { maxLength: 2 })),
      lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 8, arbitrary: of('dispatch', { ...onOrder, whole: fc.boolean() }) },
  { weight: 2, arbitrary: of('pick', onOrder) },
  { weight: 2, arbitrary: of('allocate', onOrder) },
  { weight: 3, arbitrary: of('edit', { ...onOrder, sku: small(2), price: small(5_000), promise: small(20) }) },
  { weight: 4, arbitrary: of('cancel', { ...onOrder, cause: small(4), whole: fc.boolean() }) },
  { weight: 6, arbitrary: of('deliver', { ...onOrder, whole: fc.boolean() }) },
  { weight: 2, arbitrary: of('promise', { order: small(ORDERS_MAX), ship: small(40), delivery: small(90) }) },
  { weight: 3, arbitrary: of('hold', { order: small(ORDERS_MAX), release: fc.boolean(), payment: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: of('release', { node: small(1), orders: fc.array(small(ORDERS_MAX), { minLength: 1, maxLength: 6 }) }),
  },
  {
    weight: 4,
    arbitrary: of('cart', {
      cart: small(CARTS_MAX),
      channel: small(1),
      sku: small(2),
      quantity: fc.integer({ min: 1, max: 4 }),
      order: small(ORDERS_MAX),
      forOrder: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: of('end-cart', { cart: small(CARTS_MAX), how: small(2) }) },
  { weight: 1, arbitrary: of('refund', { order: small(ORDERS_MAX), amount: small(9_000) }) },
  {
    weight: 4,
    arbitrary: of('return', {
      ...onOrder,
      sku: small(2),
      judged: fc.boolean(),
      damaged: fc.boolean(),
      sellable: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: of('receive', {
      sku: small(2),
      node: small(1),
      quantity: fc.integer({ min: 1, max: 20 }),
      cost: fc.oneof(fc.constant(-1), small(900)),
    }),
  },
  { weight: 2, arbitrary: of('count', { sku: small(2), node: small(1), quantity: small(15) }) },
  {
    weight: 1,
    arbitrary: of('assert', { sku: small(2), node: small(1), quantity: small(15), advisory: fc.boolean() }),
  },
  { weight: 1, arbitrary: of('adjust', { sku: small(2), node: small(1), quantity: fc.integer({ min: -9, max: 9 }) }) },
  {
    weight: 1,
    arbitrary: of('transfer', {
      sku: small(2),
      node: small(1),
      quantity: fc.integer({ min: 1, max: 5 }),
      arrives: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: of('item', {
      sku: small(2),
      cost: fc.oneof(fc.constant(-1), small(900)),
      safety: fc.oneof(fc.constant(-1), small(3)),
    }),
  },
  {
    weight: 3,
    arbitrary: of('confirm', { purchase: small(3), sku: small(2), node: small(1), quantity: small(9), days: small(3) }),
  },
  { weight: 3, arbitrary: of('supply', { purchase: small(3), sku: small(2), node: small(1), quantity: small(9) }) },
  { weight: 3, arbitrary: of('due', { purchase: small(3) }) },
  { weight: 6, arbitrary: of('work', { sku: small(2), node: small(1), what: small(5), because: small(4) }) },
  {
    weight: 2,
    arbitrary: of('latency', { hop: small(4), bucket: small(300), count: fc.integer({ min: 1, max: 50 }) }),
  },
);
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

export const commands = (minLength: number, maxLength: number): fc.Arbitrary<Command[]> =>
  fc.array(command, { minLength, maxLength, size: 'max' });

/** A morning on which everything happens once that chance seldom brings about: put before a random history. */
export const oneOfEach = (): Command[] => {
  const now = { after: 1, late: 0, ms: 0 };
  const chair = { sku: 0, node: 0 };
  const order = (number: number, more: object = {}) => ({
    ...now,
    kind: 'place' as const,
    order: number,
    channel: 0,
    node: -1,
    foreign: false,
    promise: 12,
    delivery: 60,
    carts: [],
    lines: [{ sku: 0, quantity: 2, price: 900, odd: false }],
    ...more,
  });
  const whole = (number: number) => ({ ...now, order: number, line: 0, quantity: 1, node: 0, whole: true });
  const cart = (number: number, more: object = {}) => ({
    ...now,
    kind: 'cart' as const,
    cart: number,
    channel: 0,
    sku: 0,
    quantity: 2,
    order: 99,
    forOrder: false,
    ...more,
  });
  return [
    { ...now, kind: 'receive', ...chair, quantity: 20, cost: -1 },
    // Kept in every respect: released and gone before the cut-off, delivered in time, sold again when it came back.
    order(50),
    { ...now, kind: 'release', node: 0, orders: [50] },
    { ...now, kind: 'dispatch', ...whole(50) },
    { ...now, kind: 'deliver', ...whole(50) },
    // In two shipments, the first promise broken and moved; refunded.
    order(51, { delivery: 1 }),
    { ...now, kind: 'hold', order: 51, release: false, payment: true },
    { ...now, after: 90, kind: 'hold', order: 51, release: true, payment: true },
    { ...now, kind: 'promise', order: 51, ship: 30, delivery: 80 },
    { ...now, kind: 'dispatch', ...whole(51), whole: false },
    ...Array.from({ length: 8 }, () => ({ ...now, kind: 'latency', hop: 0, bucket: 9, count: 1 })),
    { ...now, kind: 'dispatch', ...whole(51), whole: false },
    { ...now, kind: 'deliver', ...whole(51) },
    { ...now, kind: 'refund', order: 51, amount: 500 },
    { ...now, kind: 'return', ...whole(51), sku: 0, judged: false, damaged: false, sellable: true },
    { ...now, kind: 'return', ...whole(51), after: 50, sku: 0, judged: true, damaged: false, sellable: true },
    // Given up by us, and called off by the customer.
    order(52),
    { ...now, kind: 'cancel', ...whole(52), cause: 2 },
    order(53),
    { ...now, kind: 'cancel', ...whole(53), cause: 0 },
    // A cart that becomes an order, one that runs out, and a reservation whose order never comes.
    cart(10),
    order(54, { carts: [10] }),
    { ...now, kind: 'dispatch', ...whole(54) },
    cart(11),
    { ...now, kind: 'end-cart', cart: 11, how: 1 },
    cart(12, { forOrder: true }),
    { ...now, kind: 'end-cart', cart: 12, how: 2 },
  ] as Command[];
};

/** @param settled items never change and everything arrives in order: then the past as told now is the past as it was seen */
export function eventsOf(list: Command[], { settled = false } = {}): Event[] {
  const arrivals: { place: number; event: Event }[] = [];
  let at = HISTORY_STARTS_AT;
  const placed = new Set<number>();
  const add = (place: number, event: Omit<Event, 'id' | 'observedAt' | 'receivedAt'>) =>
    arrivals.push({ place, event: { ...event, id: `e${arrivals.length}`, observedAt: event.occurredAt } as Event });
  for (const event of opening()) add(-1, event);
  for (const [place, one] of list.entries()) {
    at += one.after * MINUTE_MS;
    const occurredAt = settled ? at : at + one.ms;
    if (settled && one.kind === 'item') continue;
    if (settled && one.kind !== 'place' && 'order' in one && !placed.has(one.order)) continue;
    if (one.kind === 'place') placed.add(one.order);
    const late = settled ? 0 : one.late;
    add(place + late + (late > 0 ? 0.5 : 0), {
      occurredAt,
      ...meaningOf(settled && one.kind === 'receive' ? { ...one, cost: -1 } : one, place, occurredAt),
    });
  }
  arrivals.sort((a, b) => a.place - b.place);
  let receivedAt = HISTORY_STARTS_AT - HOUR_MS;
  return arrivals.map(({ event }) => {
    receivedAt = Math.max(receivedAt + 7, event.occurredAt + 40);
    return { ...event, receivedAt };
  });
}

type Meaning = Pick<Event, 'source' | 'type' | 'data'>;

function opening() {
  const occurredAt = HISTORY_STARTS_AT - HOUR_MS;
  const say = (type: Event['type'], data: unknown) =>
    ({ occurredAt, source: 'erp', type, data }) as Omit<Event, 'id' | 'observedAt' | 'receivedAt'>;
  return [
    say('workspace.configured', {
      name: 'Test',
      currency: 'EUR',
      timeZone: TIME_ZONE,
      simulated: false,
      mode: 'decide',
    }),
    ...CHANNELS.map((channel) =>
      say('channel.defined', {
        channel,
        name: channel,
        kind: 'web',
        nodes: [...NODES],
        buffer: 0,
        penalty: 500,
        active: true,
      }),
    ),
    ...NODES.map((node) =>
      say('node.defined', {
        node,
        name: node,
        kind: 'warehouse',
        timeZone: TIME_ZONE,
        cutOff: CUT_OFFS[node],
        workdays: [1, 2, 3, 4, 5, 6],
        active: true,
      }),
    ),
    say('source.defined', {
      source: 'archive',
      name: 'archive',
      kind: 'replay',
      silentAfterMinutes: 15,
      riskPerMinute: 0,
    }),
    ...SKUS.slice(0, 2).map((sku, index) =>
      say('item.defined', { sku, name: sku, unitCost: 100 + index, safetyStock: index, active: true }),
    ),
    {
      occurredAt,
      source: 'archive',
      type: 'stock.received',
      data: { sku: 'chair', node: 'north', quantity: 30, from: 'supplier', into: 'sellable' },
    } as Omit<Event, 'id' | 'observedAt' | 'receivedAt'>,
  ];
}

function meaningOf(one: Command, place: number, now: number): Meaning {
  const say = (source: string, type: Event['type'], data: unknown) => ({ source, type, data }) as Meaning;
  const order = 'order' in one ? `o${one.order}` : '';
  const sku = 'sku' in one ? SKUS[one.sku]! : '';
  const node = 'node' in one ? NODES[Math.max(0, one.node)]! : '';
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  switch (one.kind) {
    case 'place':
      return say('shop', 'order.placed', {
        order,
        channel: CHANNELS[one.channel]!,
        currency: one.foreign ? 'USD' : 'EUR',
        country: one.foreign ? 'US' : 'DE',
        priority: 5,
        ...(one.node < 0 ? {} : { node }),
        ...(one.promise === 0 ? {} : { shipBy: minute + one.promise * 30 * MINUTE_MS }),
        ...(one.delivery === 0 ? {} : { deliverBy: minute + one.delivery * 30 * MINUTE_MS }),
        ...(one.carts.length === 0 ? {} : { reservations: one.carts.map((cart) => `c${cart}`) }),
        lines: one.lines.map(({ sku: index, quantity, price, odd }, at) => ({
          line: `l${at}`,
          sku: SKUS[index]!,
          quantity,
          unitPrice: price,
          ...(odd ? { amount: quantity * price + 1 } : {}),
        })),
      });
    case 'dispatch': {
      const lines = one.whole
        ? [0, 1, 2].map((at) => ({ line: `l${at}`, quantity: one.quantity + 1 }))
        : [{ line: `l${one.line}`, quantity: one.quantity }];
      return say('wms', 'fulfilment.dispatched', {
        order,
        node,
        shipment: `s${Math.floor(place / 8)}`,
        lines: one.whole ? lines.slice(0, one.line + 1) : lines,
      });
    }
    case 'pick':
      return say('wms', 'fulfilment.picked', {
        order,
        node,
        lines: [{ line: `l${one.line}`, quantity: one.quantity }],
      });
    case 'allocate':
      return say('wms', 'fulfilment.allocated', {
        order,
        node,
        lines: [{ line: `l${one.line}`, quantity: one.quantity }],
      });
    case 'edit':
      return say('shop', 'order.edited', {
        order,
        ...(one.promise === 0 ? {} : { shipBy: minute + one.promise * 30 * MINUTE_MS }),
        lines: [{ line: `l${one.line}`, sku, quantity: one.quantity - 1, unitPrice: one.price }],
      });
    case 'cancel':
      return say('shop', 'order.cancelled', {
        order,
        reason: CAUSES[one.cause]!,
        ...(one.whole ? {} : { lines: [{ line: `l${one.line}`, quantity: one.quantity }] }),
      });
    case 'deliver':
      return say('carrier', 'fulfilment.delivered', {
        order,
        lines: (one.whole ? [0, 1, 2].slice(0, one.line + 1) : [one.line]).map((at) => ({
          line: `l${at}`,
          quantity: one.quantity + (one.whole ? 1 : 0),
        })),
      });
    case 'promise':
      return say('shop', 'order.edited', {
        order,
        ...(one.ship === 0 ? {} : { shipBy: minute + one.ship * 30 * MINUTE_MS }),
        ...(one.delivery === 0 ? {} : { deliverBy: minute + one.delivery * 30 * MINUTE_MS }),
        lines: [],
      });
    case 'hold':
      return say('shop', one.release ? 'order.released' : 'order.held', {
        order,
        hold: one.payment ? 'payment' : 'fraud',
      });
    case 'release':
      return say('wms', 'wave.released', {
        wave: `w${place}`,
        node,
        orders: [...new Set(one.orders)].map((number) => `o${number}`),
      });
    case 'cart':
      return say('shop', 'reservation.held', {
        reservation: `c${one.cart}`,
        owner: one.forOrder ? 'order' : 'cart',
        ownerId: one.forOrder ? order : `basket-${place}`,
        channel: CHANNELS[one.channel]!,
        sku,
        quantity: one.quantity,
      });
    case 'end-cart':
      if (one.how === 0) return say('shop', 'reservation.released', { reservation: `c${one.cart}` });
      return say('tideline', 'deadline.passed', {
        clock: 'shop',
        kind: one.how === 1 ? 'reservation-expiry' : 'reservation-orphan',
        subject: `c${one.cart}`,
        due: now + 24 * HOUR_MS,
      });
    case 'refund':
      return say('shop', 'order.refunded', { order, amount: one.amount, lines: [] });
    case 'return':
      return one.judged
        ? say('wms', 'return.judged', {
            return: `r${one.order}-${node}`,
            node,
            lines: [{ sku, quantity: one.quantity, to: one.sellable ? 'sellable' : 'damaged' }],
          })
        : say('wms', 'return.received', {
            return: `r${one.order}-${node}`,
            node,
            order,
            lines: [
              { line: `l${one.line}`, sku, quantity: one.quantity, reason: one.damaged ? 'damaged' : 'too small' },
            ],
          });
    case 'receive':
      return say('wms', 'stock.received', {
        sku,
        node,
        quantity: one.quantity,
        from: 'supplier',
        into: 'sellable',
        ...(one.cost < 0 ? {} : { unitCost: one.cost }),
      });
    case 'count':
      return say('wms', 'stock.counted', { sku, node, bucket: 'sellable', quantity: one.quantity });
    case 'assert':
      return say('shop', 'stock.asserted', {
        sku,
        node,
        measure: 'available',
        quantity: one.quantity,
        policy: one.advisory ? 'advisory' : 'authoritative',
      });
    case 'adjust':
      return say('wms', 'stock.adjusted', {
        sku,
        node,
        bucket: 'sellable',
        quantity: one.quantity === 0 ? 1 : one.quantity,
        reason: 'x',
        against: 'unknown',
      });
    case 'transfer':
      return say('wms', 'stock.transferred', {
        transfer: `t${place}`,
        sku,
        quantity: one.quantity,
        fromNode: node,
        toNode: node === 'north' ? 'south' : 'north',
        stage: one.arrives ? 'received' : 'sent',
      });
    case 'item':
      return say('erp', 'item.defined', {
        sku,
        name: sku,
        active: true,
        ...(one.cost < 0 ? {} : { unitCost: one.cost }),
        ...(one.safety < 0 ? {} : { safetyStock: one.safety }),
      });
    case 'confirm':
      return say('erp', 'purchase-order.confirmed', {
        purchaseOrder: `p${one.purchase}`,
        supplier: one.purchase % 2 === 0 ? 'acme' : 'nord',
        lines: [{ line: sku, sku, node, quantity: one.quantity + 1, expectedAt: now + one.days * 12 * HOUR_MS }],
      });
    case 'supply':
      return say('wms', 'stock.received', {
        sku,
        node,
        quantity: one.quantity + 1,
        from: 'supplier',
        into: 'sellable',
        purchaseOrder: `p${one.purchase}`,
      });
    case 'due':
      return say('tideline', 'deadline.passed', {
        kind: 'purchase-order-due',
        subject: `p${one.purchase}`,
        due: now,
        clock: 'erp',
      });
    case 'work':
      return say('tideline', WORK[one.what]!, {
        exception: one.what % 2 === 0 ? `negative-stock:${sku}|${node}` : `oversold:${sku}`,
        by: 'Ada',
        ...(one.what === 3 ? { because: dismissReasons[one.because]! } : {}),
        reason: 'x',
      });
    case 'latency':
      return say('tideline', 'latency.measured', { hop: HOPS[one.hop]!, counts: [[one.bucket, one.count]] });
  }
}

/** Names of the sums that no minute has; of those per currency or duration, how they begin. */
const hourly = kpis
  .flatMap(({ live }) =>
    live.kind === 'count'
      ? [...live.plus, ...(live.minus ?? [])]
      : live.kind === 'ratio'
        ? [...live.part, ...live.whole]
        : [],
  )
  .concat(durationMeasures)
  .filter(({ grain }) => grain === 'hour');
export const withoutHourly = (bucket: Record<string, number>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(bucket).filter(
      ([name]) =>
        !hourly.some((measure) => name === measure.name || (measure.per && name.startsWith(`${measure.name}.`))),
    ),
  );

export type Shop = {
  facts: Fact[];
  states: StateMaps;
  /** All states of a kind that exist, by id. */
  all<K extends StateKind>(kind: K): Map<string, States[K]>;
};

/** Applies events in order, telling `after` when each is done. Everything unknown is absent. */
export function process(events: Event[], after: (shop: Shop, event: Event) => void = () => {}): Shop {
  const maps = new Map(stateKinds.map((kind) => [kind, new Map<string, unknown>()]));
  const states = Object.fromEntries(
    [...maps].map(([kind, map]) => [
      kind,
      {
        has: () => true,
        get: (id: string) => map.get(id),
        set: (id: string, state: unknown) => (state === undefined ? map.delete(id) : map.set(id, state)),
        forget: (id: string) => map.delete(id),
      },
    ]),
  ) as unknown as StateMaps;
  const batch = beginBatch(states, 0);
  const shop: Shop = { facts: batch.facts, states, all: (kind) => maps.get(kind) as Map<string, never> };
  for (const event of events) {
    const progress = processBatch(batch, [event], 0, catalog);
    if (progress.missing !== null) throw new Error('nothing can be missing here');
    after(shop, event);
  }
  return shop;
}

/** Live gauges as the states have them now. */
export const gaugesOf = (shop: Shop, now: number) => ({
  totals: [...shop.all('totals').values()],
  backlogs: [...shop.all('backlog').values()],
  waves: [...shop.all('wave').values()],
  exceptions: [...shop.all('exception').values()],
  sources: [...shop.all('source').values()],
  now,
  currency: 'EUR',
});
