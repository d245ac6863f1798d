/** The flow in memory: states in maps, events one by one, and everything that must be true of the states afterwards. */
import { expect } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import { type Bucket, buckets } from '../../streams/events/fields.ts';
import { type Event, type EventData, type EventType, eventCatalog } from '../../streams/events/index.ts';
import { unitCostOf } from '../../streams/operations/costing.ts';
import { Draft, type StateMaps } from '../../streams/operations/draft.ts';
import { openUnits } from '../../streams/operations/order-life.ts';
import { type Item, ids, type Order, type States } from '../../streams/operations/states.ts';
import { hasMoved, onHand } from '../../streams/operations/stock.ts';
import { nodeAtp } from '../../streams/policies/available-to-promise.ts';
import { type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, type Fact, processBatch } from '../../streams/processing/process-batch.ts';
import { expectExceptions } from './sound-exceptions.ts';
import { expectSoundAccuracy } from './sound-accuracy.ts';
import { expectSoundNodes } from './sound-nodes.ts';
import { expectSoundOrders, standsInQueue } from './sound-orders.ts';
import { expectSoundStock } from './sound-stock.ts';

export const T0 = Date.parse('2026-03-02T08:00:00Z');
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

class AllLoaded<S> {
  readonly map = new Map<string, S | undefined>();
  has = () => true;
  get = (id: string) => this.map.get(id);
  set = (id: string, state: S | undefined) => {
    if (state === undefined) this.map.delete(id);
    else this.map.set(id, state);
  };
  forget = (id: string) => void this.map.delete(id);
}

export type World = ReturnType<typeof createWorld>;

export function createWorld() {
  const stores = Object.fromEntries(stateKinds.map((kind) => [kind, new AllLoaded()]));
  const maps = stores as unknown as StateMaps;
  const facts: Fact[] = [];
  const deadlines = new Map<string, number>();
  let seq = 0;

  function apply(...events: Event[]): Fact[] {
    const batch = beginBatch(maps, seq);
    processBatch(batch, events, 0, catalog);
    seq = batch.seq;
    facts.push(...batch.facts);
    for (const [key, { due }] of batch.draft.deadlines) {
      if (due === null) deadlines.delete(key);
      else deadlines.set(key, due);
    }
    return batch.facts;
  }

  const all = <K extends StateKind>(kind: K): States[K][] =>
    [...(stores[kind] as unknown as AllLoaded<States[K]>).map.values()].filter((state) => state !== undefined);
  const entries = <K extends StateKind>(kind: K): [string, States[K]][] =>
    [...(stores[kind] as unknown as AllLoaded<States[K]>).map].filter(([, state]) => state !== undefined) as never;
  const get = <K extends StateKind>(kind: K, id: string): States[K] | undefined =>
    (stores[kind] as unknown as AllLoaded<States[K]>).get(id);
  /** Every state as Redis would hold it. */
  const snapshot = (...without: StateKind[]) =>
    Object.fromEntries(
      stateKinds
        .filter((kind) => !without.includes(kind))
        .map((kind) => {
          const entries = [...(stores[kind] as unknown as AllLoaded<unknown>).map];
          return [
            kind,
            Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, s]) => [id, JSON.stringify(s)])),
          ];
        }),
    );
  return { maps, facts, deadlines, apply, all, entries, get, snapshot, draft: () => new Draft(maps) };
}

type When = { at?: number; receivedAt?: number; source?: string; id?: string };
let made = 0;
/** An event as it stands in the log. Business time and arrival are the same unless said. */
export function eventOf<T extends EventType>(
  type: T,
  data: Parameters<(typeof eventCatalog)[T]['parse']>[0] & object,
  { at = T0, receivedAt = at, source = 'test', id = `e${++made}` }: When = {},
): Event {
  const parsed = eventCatalog[type].parse(data) as EventData<T>;
  return { id, source, type, occurredAt: at, observedAt: at, receivedAt, data: parsed } as Event;
}

/** One SKU `tea` with stock at two nodes that serve the channel `web`. */
export function openShop(world: World, { north = 10, south = 5, safetyStock = 0 } = {}): void {
  world.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    eventOf('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes: ['north', 'south'], penalty: 500 }),
    eventOf('item.defined', { sku: 'tea', name: 'Tea', unitCost: 300, unitPrice: 900, safetyStock, abc: 'A' }),
  );
  if (north > 0) world.apply(eventOf('stock.received', { sku: 'tea', node: 'north', quantity: north }));
  if (south > 0) world.apply(eventOf('stock.received', { sku: 'tea', node: 'south', quantity: south }));
}

export const orderOf = (order: string, quantity: number, more: object = {}, when: When = {}): Event =>
  eventOf(
    'order.placed',
    { order, channel: 'web', currency: 'EUR', lines: [{ line: '1', sku: 'tea', quantity, unitPrice: 900 }], ...more },
    when,
  );

/** Checks everything that must hold of any states, however they came about. */
export function expectSound(world: World): void {
  const orders = world.all('order');
  expectConservation(world);
  for (const order of orders) {
    for (const line of order.lines) {
      const reserved = line.allocated.reduce((sum, [, units]) => sum + units, 0);
      expect(reserved + line.waiting, `open units of ${order.order}/${line.line}`).toBe(openUnits(line));
      expect(line.allocated.every(([, units]) => units > 0)).toBe(true);
    }
  }
  for (const stock of world.all('stock')) {
    expect(stock.reserved, `reserved at ${stock.node} of ${stock.sku}`).toBe(
      reservedAt(orders, stock.sku, stock.node) + heldAt(world, stock.sku, stock.node),
    );
    expect(stock.leakedBy !== null || stock.allocated === stock.reserved, `${stock.sku} leaks unnamed`).toBe(true);
  }
  for (const ledger of world.all('ledger')) {
    const waiting = orders
      .filter(standsInQueue)
      .flatMap((order) => order.lines.filter((line) => line.sku === ledger.sku && line.waiting > 0));
    expect(sum(ledger.waiting.map((entry) => entry.quantity))).toBe(sum(waiting.map((line) => line.waiting)));
    expect(ledger.waitingUnits).toBe(sum(waiting.map((line) => line.waiting)));
  }
  expectTotals(world);
  expectSoundStock(world);
  expectSoundAccuracy(world);
  expectOpenWork(world, orders);
  expectSoundNodes(world);
  expectSoundOrders(world);
  expectExceptions(world);
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

function expectConservation(world: World): void {
  for (const ledger of world.all('ledger')) {
    const inside = world.all('stock').filter((stock) => stock.sku === ledger.sku);
    const units = sum(inside.flatMap((stock) => buckets.map((bucket: Bucket) => stock[bucket])));
    expect(units + ledger.supplier + ledger.customer + ledger.loss + ledger.unknown, `units of ${ledger.sku}`).toBe(0);
  }
}

const reservedAt = (orders: Order[], sku: string, node: string): number =>
  sum(
    orders.flatMap((order) =>
      order.lines
        .filter((line) => line.sku === sku)
        .flatMap((line) => line.allocated.filter(([at]) => at === node).map(([, units]) => units)),
    ),
  );

const heldAt = (world: World, sku: string, node: string): number =>
  sum(
    world
      .all('reservation')
      .filter((reservation) => reservation.sku === sku && reservation.status === 'held')
      .flatMap((reservation) => reservation.held.filter(([at]) => at === node).map(([, units]) => units)),
  );

function expectTotals(world: World): void {
  for (const totals of world.all('totals')) {
    const records = world.all('stock').filter((stock) => stock.node === totals.node && hasMoved(stock));
    const item = (sku: string): Item | undefined => world.get('item', sku);
    expect(totals).toEqual({
      node: totals.node,
      onHand: sum(records.map(onHand)),
      value: sum(records.map((stock) => onHand(stock) * unitCostOf(world.draft(), stock.sku))),
      records: records.length,
      shortRecords: records.filter((stock) => nodeAtp(stock, item(stock.sku)) <= 0).length,
    });
  }
}

function expectOpenWork(world: World, orders: Order[]): void {
  const open = orders.filter((order) => order.open);
  expect(open).toEqual(orders.filter((order) => order.lines.some((line) => openUnits(line) > 0)));
  for (const backlog of world.all('backlog')) {
    const own = open.filter((order) => order.channel === backlog.channel && order.node === backlog.node);
    expect(backlog.orders).toBe(own.length);
    expect(backlog.heldOrders).toBe(own.filter((order) => order.holds.length > 0).length);
    expect(sum(Object.values(backlog.lines))).toBe(
      sum(own.map((order) => order.lines.filter((line) => openUnits(line) > 0).length)),
    );
  }
  expect(sum(world.all('backlog').map((backlog) => backlog.orders))).toBe(open.length);
  expect(sum(world.all('wave').map((wave) => wave.orders))).toBe(open.filter((order) => order.shipBy > 0).length);
}
