import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { DerivedEvent, Settings, Understanding } from '../../streams/connectors/connector.ts';
import { toMinorUnits } from '../../streams/connectors/shopify/fields.ts';
import { shopify } from '../../streams/connectors/shopify/index.ts';
import { understandCloudEvent } from '../../streams/events/envelope.ts';
import { readJson } from '../../streams/ingestion/lossless-json.ts';

/** A shop's memory as the worker keeps it, and every event it derived so far, by id. */
function shop(settings: Settings = {}) {
  const memory = new Map<string, string>();
  const told = new Map<string, DerivedEvent>();
  const deliver = (topic: string, body: unknown): Understanding => {
    const parsed = readJson(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    if ('problem' in parsed) throw new Error(parsed.problem);
    const recalled = new Set(shopify.recalls(topic, parsed.value));
    const understanding = shopify.understand(topic, parsed.value, {
      source: 'shopify-eu',
      settings,
      remembered: (name) => (recalled.has(name) ? memory.get(name) : undefined),
    });
    if ('problem' in understanding) return understanding;
    for (const event of understanding.events) {
      const cloudEvent = { specversion: '1.0', source: 'shopify-eu', ...event };
      expect(understandCloudEvent(cloudEvent, Date.parse('2027-01-01'))).toHaveProperty('event');
      if (!told.has(event.id)) told.set(event.id, event);
    }
    for (const { name, value } of understanding.remember ?? []) memory.set(name, value);
    return understanding;
  };
  const typesOf = (understanding: Understanding) =>
    'problem' in understanding ? understanding.problem : understanding.events.map((event) => event.type);
  return { deliver, told, typesOf };
}

const line = (differ: object = {}) => ({
  id: 466157049,
  variant_id: 39072856,
  sku: 'LAMP-01',
  quantity: 3,
  price: '19.99',
  requires_shipping: true,
  gift_card: false,
  ...differ,
});
const order = (differ: object = {}) => ({
  id: 450789469,
  created_at: '2026-10-01T10:00:00+02:00',
  updated_at: '2026-10-01T10:00:00+02:00',
  processed_at: '2026-10-01T09:59:58+02:00',
  currency: 'EUR',
  financial_status: 'paid',
  test: false,
  line_items: [line()],
  shipping_address: { country_code: 'DE' },
  customer: { id: 207119551, email: 'bob@example.com' },
  a_field_of_a_later_version: { nested: true },
  ...differ,
});
const later = (minutes: number) => new Date(Date.parse('2026-10-01T08:00:00Z') + minutes * 60_000).toISOString();

describe('a Shopify signature', () => {
  const body = Buffer.from('{"id":1}');
  const sign = (secret: string) => createHmac('sha256', secret).update(body).digest('base64');
  const headers = (signature: string) => ({ 'x-shopify-hmac-sha256': signature });

  test('of any live secret is accepted, of none other', () => {
    expect(shopify.verify(body, headers(sign('new')), ['new', 'old'])).toBe(true);
    expect(shopify.verify(body, headers(sign('old')), ['new', 'old'])).toBe(true);
    expect(shopify.verify(body, { 'shopify-hmac-sha256': sign('new') }, ['new'])).toBe(true);
    expect(shopify.verify(body, headers(sign('other')), ['new', 'old'])).toBe(false);
    expect(shopify.verify(Buffer.from('{"id":2}'), headers(sign('new')), ['new'])).toBe(false);
    expect(shopify.verify(body, headers(''), ['new'])).toBe(false);
    expect(shopify.verify(body, {}, ['new'])).toBe(false);
    expect(shopify.verify(body, headers(sign('new')), [])).toBe(false);
  });
});

describe('a Shopify order', () => {
  test('becomes a placed order with exact money, country and customer', () => {
    const { deliver, told } = shop({ channel: 'web-eu' });
    deliver('orders/create', order({ line_items: [line({ total_discount: '10.00' })] }));
    expect(told.get('order:450789469:placed')).toMatchObject({
      type: 'order.placed',
      time: '2026-10-01T09:59:58+02:00',
      data: {
        order: '450789469',
        channel: 'web-eu',
        currency: 'EUR',
        country: 'DE',
        customer: '207119551',
        lines: [{ line: '466157049', sku: 'LAMP-01', quantity: 3, unitPrice: 1666, amount: 4997 }],
      },
    });
    expect(told.size).toBe(1);
  });

  test('keeps ids above 2^53', () => {
    const { deliver, told } = shop();
    const text = JSON.stringify(order({ id: 'ID', line_items: [line({ id: 'LINE', sku: '', variant_id: 'VARIANT' })] }))
      .replace('"ID"', '820982911946154508')
      .replace('"LINE"', '866550311766439020')
      .replace('"VARIANT"', '788032119674292922');
    deliver('orders/create', text);
    expect(told.get('order:820982911946154508:placed')?.data).toMatchObject({
      order: '820982911946154508',
      lines: [{ line: '866550311766439020', sku: '788032119674292922' }],
    });
  });

  test('delivered again, or first as an update, is the same placed order', () => {
    const { deliver, told, typesOf } = shop();
    expect(typesOf(deliver('orders/updated', order({ updated_at: later(5) })))).toEqual(['order.placed']);
    const ids = [...told.keys()];
    deliver('orders/create', order());
    deliver('orders/create', order());
    deliver('orders/updated', order({ updated_at: later(5) }));
    expect([...told.keys()]).toEqual(ids);
  });

  test('edited is told once per change, and a late older body undoes nothing', () => {
    const { deliver, typesOf } = shop();
    deliver('orders/create', order());
    expect(typesOf(deliver('orders/updated', order({ updated_at: later(1), tags: 'vip' })))).toEqual(['order.placed']);
    const fewer = order({ updated_at: later(2), line_items: [line({ current_quantity: 1 })] });
    const edited = deliver('orders/updated', fewer);
    expect(typesOf(edited)).toEqual(['order.placed', 'order.edited']);
    expect(edited).toMatchObject({ events: [{}, { data: { lines: [{ line: '466157049', quantity: 1 }] } }] });
    expect(typesOf(deliver('orders/updated', fewer))).toEqual(['order.placed']);
    expect(typesOf(deliver('orders/updated', order({ updated_at: later(1) })))).toEqual(['order.placed']);
    const back = deliver('orders/updated', order({ updated_at: later(3) }));
    expect(back).toMatchObject({ events: [{}, { type: 'order.edited', data: { lines: [{ quantity: 3 }] } }] });
  });

  test('refunded units are not taken off a second time as an edit', () => {
    const { deliver, typesOf } = shop();
    deliver('orders/create', order());
    const refunds = [{ id: 1, refund_line_items: [{ line_item_id: 466157049, quantity: 2, restock_type: 'return' }] }];
    const updated = order({ updated_at: later(9), line_items: [line({ current_quantity: 1 })], refunds });
    expect(typesOf(deliver('orders/updated', updated))).toEqual(['order.placed']);
  });

  test('waiting for payment is held, and released when paid', () => {
    const { deliver, typesOf } = shop();
    const created = deliver('orders/create', order({ financial_status: 'pending' }));
    expect(typesOf(created)).toEqual(['order.placed', 'order.held']);
    expect(typesOf(deliver('orders/updated', order()))).toEqual(['order.placed', 'order.released']);
    expect(typesOf(deliver('orders/updated', order({ updated_at: later(1) })))).toEqual(['order.placed']);
  });

  test('that was paid before its creation arrives is never held', () => {
    const { deliver, typesOf } = shop();
    deliver('orders/updated', order({ updated_at: later(1) }));
    expect(typesOf(deliver('orders/create', order({ financial_status: 'pending' })))).toEqual(['order.placed']);
  });

  test.each([
    ['customer', 'customer'],
    ['inventory', 'stock'],
    ['fraud', 'fraud'],
    ['declined', 'other'],
    ['a reason of next year', 'other'],
    [null, 'other'],
  ])('cancelled for %s is cancelled for %s', (cancel_reason, reason) => {
    const { deliver, told } = shop();
    deliver('orders/cancelled', order({ cancelled_at: later(3), cancel_reason }));
    expect(told.get('order:450789469:cancelled')).toMatchObject({ time: later(3), data: { reason } });
  });

  test('without anything to ship, or a test, is counted and not an error', () => {
    const { deliver } = shop();
    const ignored = (body: object) => deliver('orders/create', body) as { events: unknown[]; ignored: string[] };
    expect(ignored(order({ test: true }))).toEqual({ events: [], ignored: ['test order'] });
    const card = order({ line_items: [line({ gift_card: true }), line({ requires_shipping: false })] });
    expect(ignored(card).events).toEqual([]);
    expect(ignored(card).ignored).toContain('order with nothing to ship');
    const mixed = order({ line_items: [line(), line({ id: 2, gift_card: true })] });
    expect(ignored(mixed).ignored).toEqual(['line that is not shipped']);
  });

  test('that misses what an order needs is a problem that says where', () => {
    const { deliver } = shop();
    expect(deliver('orders/create', order({ currency: undefined }))).toEqual({
      problem: expect.stringContaining('currency'),
    });
    expect(deliver('orders/create', order({ line_items: [line({ price: 'free' })] }))).toEqual({
      problem: expect.stringContaining('466157049'),
    });
    expect(deliver('orders/teleported', order())).toEqual({ problem: expect.stringContaining('orders/teleported') });
    expect(deliver('orders/create', null)).toHaveProperty('problem');
  });
});

describe('money', () => {
  test.each([
    ['19.99', 'EUR', 1999],
    ['398', 'USD', 39_800],
    ['1500', 'JPY', 1500],
    ['1500.00', 'JPY', 1500],
    ['1.2345', 'KWD', 1235],
    ['-5.1', 'EUR', -510],
    ['1.005', 'EUR', 101],
    ['0.00', 'EUR', 0],
    ['9007199254.99', 'EUR', 900_719_925_499],
    ['1e5', 'EUR', null],
    ['', 'EUR', null],
    ['12,50', 'EUR', null],
  ])('%s %s is %s minor units', (amount, currency, minor) => {
    expect(toMinorUnits(amount, currency)).toBe(minor);
  });
});

describe('Shopify fulfilment', () => {
  const fulfillment = (differ: object = {}) => ({
    id: 255858046,
    order_id: 450789469,
    status: 'success',
    created_at: '2026-10-02T08:00:00Z',
    updated_at: '2026-10-04T12:00:00Z',
    location_id: 905684977,
    tracking_company: 'DHL',
    tracking_number: '1Z2345',
    line_items: [line({ quantity: 2 }), line({ id: 7, requires_shipping: false })],
    ...differ,
  });

  test('that succeeded is dispatched from the mapped node, once', () => {
    const { deliver, told } = shop({ nodes: { '905684977': 'berlin' } });
    deliver('fulfillments/create', fulfillment());
    deliver('fulfillments/update', fulfillment({ tracking_number: '1Z9999' }));
    expect([...told.values()]).toEqual([
      {
        id: 'fulfillment:255858046:dispatched',
        type: 'fulfilment.dispatched',
        time: '2026-10-02T08:00:00Z',
        data: {
          order: '450789469',
          node: 'berlin',
          shipment: '255858046',
          carrier: 'DHL',
          tracking: '1Z2345',
          lines: [{ line: '466157049', quantity: 2 }],
        },
      },
    ]);
  });

  test('that arrived is delivered at the time of the update; pending and failed ones move nothing', () => {
    const { deliver, told } = shop();
    for (const status of ['pending', 'open', 'cancelled', 'failure']) {
      expect(deliver('fulfillments/create', fulfillment({ status }))).toEqual({
        events: [],
        ignored: [`fulfillment ${status}`],
      });
    }
    const unheard = deliver('fulfillments/create', fulfillment({ status: 'invented' }));
    expect(unheard).toEqual({ events: [], ignored: ['fulfillment with another status'] });
    deliver('fulfillments/update', fulfillment({ shipment_status: 'delivered' }));
    expect(told.get('fulfillment:255858046:delivered')).toMatchObject({
      time: '2026-10-04T12:00:00Z',
      data: { order: '450789469', shipment: '255858046' },
    });
    expect(told.get('fulfillment:255858046:dispatched')?.data).toMatchObject({ node: 'shopify-905684977' });
  });

  test('refunds are money, and by line a cancellation, a return, or nothing else', () => {
    const { deliver, told } = shop({ nodes: { '1': 'berlin', '2': 'paris' } });
    deliver('refunds/create', {
      id: 509562969,
      order_id: 450789469,
      created_at: '2026-10-05T10:00:00Z',
      refund_line_items: [
        { line_item_id: 11, quantity: 1, restock_type: 'cancel', location_id: 1, line_item: line({ id: 11 }) },
        {
          line_item_id: 12,
          quantity: 2,
          restock_type: 'return',
          location_id: 1,
          line_item: line({ id: 12, fulfillment_status: 'fulfilled' }),
        },
        {
          line_item_id: 13,
          quantity: 1,
          restock_type: 'return',
          location_id: 2,
          line_item: line({ id: 13, fulfillment_status: 'fulfilled' }),
        },
        {
          line_item_id: 14,
          quantity: 1,
          restock_type: 'no_restock',
          line_item: line({ id: 14, fulfillment_status: 'fulfilled' }),
        },
        {
          line_item_id: 15,
          quantity: 1,
          restock_type: 'no_restock',
          line_item: line({ id: 15, fulfillment_status: null }),
        },
        { line_item_id: 16, quantity: 1, restock_type: 'return', line_item: line({ id: 16, gift_card: true }) },
      ],
      transactions: [
        { kind: 'refund', status: 'success', amount: '209.00', currency: 'USD' },
        { kind: 'refund', status: 'failure', amount: '50.00', currency: 'USD' },
      ],
    });
    expect(told.get('refund:509562969')?.data).toMatchObject({ order: '450789469', amount: 20_900, currency: 'USD' });
    expect(told.get('refund:509562969:cancelled')?.data).toMatchObject({
      reason: 'customer',
      lines: [
        { line: '11', quantity: 1 },
        { line: '15', quantity: 1 },
      ],
    });
    expect(told.get('refund:509562969:returned:berlin')?.data).toMatchObject({
      node: 'berlin',
      lines: [{ line: '12', sku: 'LAMP-01', quantity: 2 }],
    });
    expect(told.get('refund:509562969:returned:paris')?.data).toMatchObject({ lines: [{ line: '13' }] });
    expect(told.size).toBe(4);
  });
});

describe('Shopify stock levels', () => {
  const level = (differ: object = {}) => ({
    inventory_item_id: 808950810,
    location_id: 905684977,
    available: 6,
    updated_at: later(0),
    ...differ,
  });
  const product = {
    id: 632910392,
    title: 'Harbor lamp',
    product_type: 'Lamps',
    status: 'active',
    created_at: later(-9),
    updated_at: later(4),
    variants: [
      { id: 1, title: 'Red', sku: 'LAMP-RED', price: '199.00', inventory_item_id: 808950810 },
      { id: 788032119, title: 'Default Title', sku: null, price: '1.00', inventory_item_id: 5 },
    ],
  };

  test('of an unknown item wait for its product, the newest one per location', () => {
    const { deliver, told } = shop({ currency: 'EUR' });
    deliver('inventory_levels/update', level());
    deliver('inventory_levels/update', level({ available: 4, updated_at: later(2) }));
    deliver('inventory_levels/update', level({ available: 9, updated_at: later(1) }));
    expect(told.size).toBe(0);
    deliver('products/update', product);
    expect([...told.values()].map((event) => [event.type, event.data])).toEqual([
      [
        'item.defined',
        { sku: 'LAMP-RED', name: 'Harbor lamp · Red', category: 'Lamps', active: true, unitPrice: 19_900 },
      ],
      ['stock.asserted', { sku: 'LAMP-RED', node: 'shopify-905684977', measure: 'available', quantity: 4 }],
      ['item.defined', { sku: '788032119', name: 'Harbor lamp', category: 'Lamps', active: true, unitPrice: 100 }],
    ]);
    const after = deliver('inventory_levels/update', level({ available: -2, updated_at: later(9) }));
    expect(after).toMatchObject({ events: [{ type: 'stock.asserted', data: { sku: 'LAMP-RED', quantity: -2 } }] });
  });

  test('that Shopify does not track assert nothing', () => {
    expect(shop().deliver('inventory_levels/update', level({ available: null }))).toMatchObject({
      events: [],
      ignored: [expect.any(String)],
    });
  });
});

const fixtures = fileURLToPath(new URL('../../../shared/data/payloads/shopify/', import.meta.url));

describe.skipIf(!existsSync(fixtures))(`bodies of other people's shops (${fixtures}, skipped where absent)`, () => {
  test.each([
    ['orders/create', 'order.json', ['order.placed']],
    ['refunds/create', 'refund.json', ['order.refunded']],
    ['products/update', 'product.json', ['item.defined', 'item.defined', 'item.defined', 'item.defined']],
    ['fulfillments/create', 'fulfillment.json', []],
    ['inventory_levels/update', 'inventory_level.json', []],
  ])('%s from %s', (topic, file, types) => {
    const { deliver, typesOf } = shop();
    const found = typesOf(deliver(topic, readFileSync(`${fixtures}${file}`, 'utf8')));
    expect((found as string[]).slice(0, Math.max(1, types.length))).toEqual(types);
  });
});
