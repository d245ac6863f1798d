/** The simulated company keeps its promises: reproducible, consistent with itself, and honest about its faults. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { channels, nodes } from '../../server/simulated-company/company.ts';
import { type Truth, truthKinds } from '../../server/simulated-company/ground-truth.ts';
import { DAY, HOUR, localTimeOf } from '../../server/simulated-company/local-time.ts';
import type { Delivery } from '../../server/simulated-company/outbox.ts';
import { simulateCompany, startCompany } from '../../server/simulated-company/simulate-company.ts';
import type { CompanyOptions } from '../../server/simulated-company/world.ts';
import { understandCloudEvent } from '../../streams/events/envelope.ts';
import type { Event, EventData } from '../../streams/events/index.ts';

const monday = Date.parse('2026-09-07T00:00:00Z');
const quiet: CompanyOptions = { seed: 7, from: monday, ordersPerDay: 600, faults: 'none' };

/** Runs the company for some days and then lets everything arrive that has been sent. */
function run(options: CompanyOptions, days: number) {
  const truth: Truth[] = [];
  const { world, nextDelivery } = startCompany({ ...options, onTruth: (entry) => truth.push(entry) });
  const deliveries: Delivery[] = [];
  do deliveries.push(nextDelivery());
  while (deliveries.at(-1)!.deliverAt < options.from + days * DAY);
  while (world.outbox.nextAt() < Number.POSITIVE_INFINITY) deliveries.push(world.outbox.take());
  return { world, deliveries, truth };
}

function understood({ deliverAt, event }: Delivery): Event {
  const result = understandCloudEvent(event, deliverAt);
  if ('problem' in result) throw new Error(`${event.type}: ${result.problem}`);
  return result.event;
}

/** Every event once, in the order in which it happened. */
function inOrder(deliveries: Delivery[]): Event[] {
  const once = new Map(deliveries.map((delivery) => [delivery.event.id, understood(delivery)]));
  return [...once.values()].sort((a, b) => a.occurredAt - b.occurredAt);
}

const digest = (options: CompanyOptions) =>
  simulateCompany(options)
    .take(25_000)
    .reduce((hash, delivery) => hash.update(JSON.stringify(delivery)), createHash('sha256'))
    .digest('hex');

describe('a seed', () => {
  it('gives the same bytes each time', () => {
    const options: CompanyOptions = { ...quiet, faults: 'many' };
    expect(digest(options)).toBe(digest(options));
  });
  it('gives another company when it, the start or the faults differ', () => {
    const options: CompanyOptions = { ...quiet, faults: 'normal' };
    const variants = [options, { ...options, seed: 8 }, { ...options, from: monday + DAY }, quiet];
    expect(new Set(variants.map(digest)).size).toBe(variants.length);
  });
});

describe('a company without faults', () => {
  const { world, deliveries, truth } = run(quiet, 9);
  const events = inOrder(deliveries);

  it('sends every event once, in time order, and none before it happened', () => {
    expect(new Set(deliveries.map(({ event }) => `${event.source}/${event.id}`)).size).toBe(deliveries.length);
    expect(deliveries.every(({ deliverAt, event }) => deliverAt >= Date.parse(event.time))).toBe(true);
    expect(deliveries.every((one, i) => i === 0 || one.deliverAt >= deliveries[i - 1]!.deliverAt)).toBe(true);
  });

  it('has nothing to confess but promotions, lost sales and what left late', () => {
    const kinds = new Set(truth.map(({ kind }) => kind));
    expect([...kinds].filter((kind) => !['promotion', 'lost-sale', 'late-dispatch'].includes(kind))).toEqual([]);
  });

  it('keeps books that equal what its events say', () => {
    expect(recordsFrom(events)).toEqual(recordsOf(world));
  });

  it('has on every shelf what its books say', () => {
    expect(world.stock.shelf.findIndex((_, cell) => world.stock.gap(cell) !== 0)).toBe(-1);
  });

  it('never dispatches what was not ordered before', () => {
    const open = new Map<string, number>();
    const broken: string[] = [];
    for (const { type, data } of events) {
      if (type === 'order.placed') for (const line of data.lines) open.set(`${data.order}/${line.line}`, line.quantity);
      if (type === 'order.edited') for (const line of data.lines) open.set(`${data.order}/${line.line}`, line.quantity);
      if (type !== 'fulfilment.dispatched') continue;
      for (const { line, quantity } of data.lines) {
        const left = (open.get(`${data.order}/${line}`) ?? 0) - quantity;
        if (left < 0) broken.push(`${data.order} line ${line}`);
        open.set(`${data.order}/${line}`, left);
      }
    }
    expect(broken).toEqual([]);
  });

  it('promises the same local day before the cut-off, and leaves late now and then', () => {
    const boston = localTimeOf('America/New_York');
    const placed = events
      .filter((one) => one.type === 'order.placed')
      .map(({ occurredAt, data }) => ({ occurredAt, ...data }));
    const early = placed.filter(({ occurredAt, node }) => {
      const { weekday, inDay } = boston.partsOf(occurredAt);
      return node === 'BOS-1' && weekday < 7 && inDay < 15 * HOUR;
    });
    expect(early.length).toBeGreaterThan(100);
    expect(
      early.every(({ occurredAt, shipBy }) => boston.partsOf(shipBy!).day === boston.partsOf(occurredAt).day),
    ).toBe(true);
    const late = truth.filter(({ kind }) => kind === 'late-dispatch').length;
    expect(late).toBeGreaterThan(0);
    expect(late / placed.length).toBeLessThan(0.05);
  });
});

describe('a company with many faults', () => {
  const { world, deliveries, truth } = run({ ...quiet, seed: 11, ordersPerDay: 1_500, faults: 'many' }, 12);

  it('still keeps books that equal what its events say, once all of them have arrived', () => {
    expect(recordsFrom(inOrder(deliveries))).toEqual(recordsOf(world));
  });

  it('never has less than nothing on a shelf', () => {
    const { shelf, staged, aside, allocated } = world.stock;
    for (const real of [shelf, staged, aside, allocated]) expect(real.findIndex((units) => units < 0)).toBe(-1);
  });

  it('delivers a duplicate as the same event with the same id', () => {
    const seen = new Map<string, string>();
    const again = deliveries.filter(({ event }) => {
      const known = seen.get(event.id);
      seen.set(event.id, JSON.stringify(event));
      if (known !== undefined) expect(JSON.stringify(event)).toBe(known);
      return known !== undefined;
    });
    const confessed = truth.filter(({ kind }) => kind === 'duplicate-delivery').map(({ subject }) => subject);
    expect(again.map(({ event }) => event.id).sort()).toEqual(confessed.sort());
  });

  it('writes down every kind of fault, with a time from which it can be known', () => {
    const kinds = new Set(truth.map(({ kind }) => kind));
    expect(truthKinds.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(
      truth.filter(
        ({ at, detectableAt, kind }) => detectableAt !== null && detectableAt < at && kind !== 'late-dispatch',
      ),
    ).toEqual([]);
  });

  it('holds back the events of a silent source until the silence ends', () => {
    const silences = truth.filter(({ kind }) => kind === 'source-silent');
    for (const { at, subject, details } of silences) {
      const until = details['until'] as number;
      const heard = deliveries.filter(
        ({ event, deliverAt }) =>
          deliverAt >= at && deliverAt < until && event.source === subject && Date.parse(event.time) >= at,
      );
      expect(heard.map(({ event }) => event.id)).toEqual([]);
    }
  });
});

describe('demand', () => {
  const { world, deliveries } = run({ ...quiet, ordersPerDay: 6_000 }, 7);
  const orders = deliveries
    .map(({ event }) => event)
    .filter(({ type }) => type === 'order.placed')
    .map(({ time, data }) => ({ at: Date.parse(time), ...(data as EventData<'order.placed'>) }));

  it('comes in the asked volume, with one to two lines per order', () => {
    expect(orders.length / 7).toBeGreaterThan(5_100);
    expect(orders.length / 7).toBeLessThan(7_500);
    const lines = orders.reduce((sum, order) => sum + order.lines.length, 0);
    expect(lines / orders.length).toBeGreaterThan(1.6);
    expect(lines / orders.length).toBeLessThan(2.2);
  });

  it('has the hours and weekdays of its channel', () => {
    const byHour = (channel: string) => {
      const { timeZone } = channels.find(({ id }) => id === channel)!;
      const local = localTimeOf(timeZone);
      const counts = new Array<number>(24).fill(0);
      for (const order of orders)
        if (order.channel === channel) counts[Math.floor(local.partsOf(order.at).inDay / HOUR)]!++;
      return counts;
    };
    const web = byHour('web');
    expect(web[20]!).toBeGreaterThan(4 * web[4]!);
    expect(byHour('store').slice(0, 10)).toEqual(new Array(10).fill(0));
    const newYork = localTimeOf('America/New_York');
    expect(orders.filter((order) => order.channel === 'wholesale' && newYork.partsOf(order.at).weekday === 7)).toEqual(
      [],
    );
  });

  it('is carried by few SKUs and has a long tail that sells less than once a week', () => {
    const lines = new Map<string, number>();
    for (const order of orders) for (const { sku } of order.lines) lines.set(sku, (lines.get(sku) ?? 0) + 1);
    const skus = world.assortment.items.map(({ sku }) => lines.get(sku) ?? 0).sort((a, b) => b - a);
    const share =
      skus.slice(0, 400).reduce((sum, count) => sum + count, 0) / skus.reduce((sum, count) => sum + count, 0);
    expect(share).toBeGreaterThan(0.6);
    expect(skus.filter((count) => count < 1).length / skus.length).toBeGreaterThan(0.15);
  });

  it('asks for 2,000 different things with names and prices', () => {
    const { items } = world.assortment;
    expect(new Set(items.map(({ name }) => name)).size).toBe(2_000);
    expect(items.every(({ unitPrice, unitCost }) => unitCost > 0 && unitCost < unitPrice / 2)).toBe(true);
  });
});

type Records = Record<string, { sellable: number; allocated: number }>;

/** The books, as far as they are not empty. */
function recordsOf({ stock, assortment }: ReturnType<typeof startCompany>['world']): Records {
  const records: Records = {};
  for (const [node, { id }] of nodes.entries()) {
    for (const [item, { sku }] of assortment.items.entries()) {
      const cell = stock.at(node, item);
      const [sellable, allocated] = [stock.sellable[cell]!, stock.allocated[cell]!];
      if (sellable !== 0 || allocated !== 0) records[`${sku}|${id}`] = { sellable, allocated };
    }
  }
  return records;
}

/** The smallest reading of the events that gives stock: an order takes what is free, and waits for what is not. */
function recordsFrom(events: Event[]): Records {
  const records: Records = {};
  const safety = new Map<string, number>();
  type Entry = { cell: string; quantity: number; allocated: boolean };
  const orders = new Map<string, Map<string, Entry>>();
  const lineOf = (order: string, line: string) => orders.get(order)!.get(line)!;
  const waiting: Entry[] = [];
  const at = (cell: string) => {
    records[cell] ??= { sellable: 0, allocated: 0 };
    return records[cell];
  };
  const change = (cell: string, sellable: number, allocated = 0) => {
    at(cell).sellable += sellable;
    at(cell).allocated += allocated;
    if (sellable <= 0) return;
    for (const line of waiting.filter((one) => one.cell === cell && !one.allocated && one.quantity > 0)) {
      if (at(cell).sellable < line.quantity) return;
      line.allocated = true;
      change(cell, -line.quantity, line.quantity);
    }
  };
  for (const { type, data } of events) {
    if (type === 'item.defined') safety.set(data.sku, data.safetyStock ?? 0);
    // What is promised by mistake is in no book of the company: the record is wrong, the goods are where they were.
    if (type === 'stock.adjusted' && data.bucket === 'sellable') change(`${data.sku}|${data.node}`, data.quantity);
    if (type === 'stock.received' && data.into === 'sellable') change(`${data.sku}|${data.node}`, data.quantity);
    if (type === 'stock.transferred') {
      if (data.stage === 'sent') change(`${data.sku}|${data.fromNode}`, -data.quantity);
      else change(`${data.sku}|${data.toNode}`, data.quantity);
    }
    if (type === 'stock.counted')
      change(`${data.sku}|${data.node}`, data.quantity - at(`${data.sku}|${data.node}`).sellable);
    if (type === 'stock.condition-changed') {
      if (data.from === 'sellable') change(`${data.sku}|${data.node}`, -data.quantity);
      if (data.to === 'sellable') change(`${data.sku}|${data.node}`, data.quantity);
    }
    if (type === 'return.judged') {
      for (const line of data.lines) if (line.to === 'sellable') change(`${line.sku}|${data.node}`, line.quantity);
    }
    if (type === 'order.placed') {
      const lines = new Map<string, Entry>();
      orders.set(data.order, lines);
      for (const { line, sku, quantity } of data.lines) {
        const cell = `${sku}|${data.node}`;
        const allocated = data.channel === 'store' || at(cell).sellable - safety.get(sku)! >= quantity;
        const entry = { cell, quantity, allocated };
        lines.set(line, entry);
        if (allocated) change(cell, -quantity, quantity);
        else waiting.push(entry);
      }
    }
    if (type === 'order.edited') {
      for (const { line, quantity } of data.lines) {
        const entry = lineOf(data.order, line);
        change(entry.cell, entry.quantity - quantity, quantity - entry.quantity);
        entry.quantity = quantity;
      }
    }
    if (type === 'order.cancelled') {
      const all = [...orders.get(data.order)!].map(([line, { quantity }]) => ({ line, quantity }));
      for (const { line, quantity } of data.lines ?? all) {
        const entry = lineOf(data.order, line);
        entry.quantity -= quantity;
        if (entry.allocated) change(entry.cell, quantity, -quantity);
      }
    }
    if (type === 'fulfilment.dispatched') {
      for (const { line, quantity } of data.lines) {
        const entry = lineOf(data.order, line);
        entry.quantity -= quantity;
        change(entry.cell, 0, -quantity);
      }
    }
  }
  return Object.fromEntries(
    Object.entries(records).filter(([, { sellable, allocated }]) => sellable !== 0 || allocated !== 0),
  );
}
