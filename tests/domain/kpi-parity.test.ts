/** Live KPIs equal what anybody would count from the orders, the stock and the events themselves. */
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { boundsOf, durationBucketOf } from '../../analytics/kpis/histogram.ts';
import { flowValue, gaugeValue, kpiById, sumBuckets } from '../../analytics/kpis/index.ts';
import { isAtRisk } from '../../streams/exceptions/work-machine.ts';
import type { Order, OrderLine } from '../../streams/operations/states.ts';
import {
  CHANNELS,
  commands,
  eventsOf,
  gaugesOf,
  NODES,
  process,
  type Shop,
  TIME_ZONE,
  withoutHourly,
} from '../support/kpi-history.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const kpi = (id: string) => kpiById(id)!;

type Where = { grain: string; from?: number; to?: number; channel?: string; node?: string };

/** Sum of the live buckets of one grain within limits. */
function live(shop: Shop, { grain, from = 0, to = Number.POSITIVE_INFINITY, channel, node }: Where) {
  const within = [...shop.all('bucket')].filter(([id]) => {
    const [itsGrain, start, itsChannel, itsNode] = id.split('|');
    const fits = Number(start) >= from && Number(start) < to && itsGrain === grain;
    return fits && (channel === undefined || itsChannel === channel) && (node === undefined || itsNode === node);
  });
  return sumBuckets(within.map(([, bucket]) => bucket)) ?? {};
}

const share = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);
const openOf = (line: OrderLine) => Math.max(0, line.quantity - line.cancelled - line.dispatched);
const isOpen = (order: Order) => order.lines.some((line) => openOf(line) > 0);
const lastOf = (order: Order) =>
  isOpen(order) || !order.lines.some((line) => line.dispatched > 0) ? 0 : order.lastDispatchedAt;

/** Runs a property over random histories; the seed is in every message. */
function forAll(check: (shop: Shop, now: number) => void, runs = 60) {
  fc.assert(
    fc.property(commands(1, 160), (list) => {
      const events = eventsOf(list);
      check(process(events), Math.max(...events.map((event) => event.receivedAt)));
    }),
    { seed, numRuns: runs },
  );
}

describe(`flows equal a count of the orders (SEED=${seed})`, () => {
  test('orders, lines, units, revenue and margin, whole and by channel', () => {
    forAll((shop) => {
      for (const channel of [undefined, ...CHANNELS]) {
        const orders = [...shop.all('order').values()].filter(
          (order) => channel === undefined || order.channel === channel,
        );
        const lines = orders.flatMap((order) => order.lines.map((line) => ({ ...line, currency: order.currency })));
        const euros = lines.filter((line) => line.currency === 'EUR');
        const revenue = euros.reduce((sum, line) => sum + line.amount, 0);
        const cost = euros.reduce((sum, line) => sum + line.quantity * line.unitCost, 0);
        for (const grain of ['minute', 'hour', 'day']) {
          const bucket = live(shop, { grain, channel });
          expect(flowValue(kpi('orders'), bucket, 'EUR')).toBe(orders.length);
          expect(flowValue(kpi('order-lines'), bucket, 'EUR')).toBe(lines.length);
          expect(flowValue(kpi('units'), bucket, 'EUR')).toBe(lines.reduce((sum, line) => sum + line.quantity, 0));
          expect(flowValue(kpi('revenue'), bucket, 'EUR')).toBe(revenue);
          expect(flowValue(kpi('margin'), bucket, 'EUR')).toBe(revenue - cost);
        }
      }
    });
  });

  test('orders per local day, also on the day the clocks change', () => {
    forAll((shop) => {
      const days = Map.groupBy(shop.all('order').values(), (order) =>
        DateTime.fromMillis(order.placedAt, { zone: TIME_ZONE }).startOf('day').toMillis(),
      );
      for (const [day, orders] of days) {
        const next = DateTime.fromMillis(day, { zone: TIME_ZONE }).plus({ days: 1 }).toMillis();
        expect(flowValue(kpi('orders'), live(shop, { grain: 'day', from: day, to: day + 1 }), 'EUR')).toBe(
          orders.length,
        );
        expect(flowValue(kpi('orders'), live(shop, { grain: 'hour', from: day, to: next }), 'EUR')).toBe(orders.length);
      }
    });
  });

  test('on-time dispatch counts what was due by now, and never-shipped orders against it', () => {
    forAll((shop, now) => {
      for (const node of [undefined, ...NODES]) {
        const due = [...shop.all('order').values()].filter(
          (order) =>
            order.shipBy > 0 &&
            Math.floor(order.shipBy / MINUTE_MS) * MINUTE_MS <= now &&
            (isOpen(order) || lastOf(order) > 0) &&
            (node === undefined || order.node === node),
        );
        const onTime = due.filter((order) => lastOf(order) > 0 && lastOf(order) <= order.shipBy);
        const bucket = live(shop, { grain: 'minute', to: now + 1, node });
        expect(flowValue(kpi('on-time-dispatch'), bucket, 'EUR')).toBe(share(onTime.length, due.length));
      }
    });
  });

  test('cycle time is the nearest rank of all completed orders, to the width of a bucket', () => {
    forAll((shop) => {
      const took = [...shop.all('order').values()]
        .filter((order) => lastOf(order) > 0)
        .map((order) => lastOf(order) - order.placedAt)
        .sort((a, b) => a - b);
      for (const percent of [50, 90]) {
        const value = flowValue(kpi(`cycle-time-p${percent}`), live(shop, { grain: 'day' }), 'EUR');
        if (took.length === 0) expect(value).toBe(null);
        else {
          const exact = took[Math.ceil((percent / 100) * took.length) - 1]!;
          const [from, to] = boundsOf(durationBucketOf(exact));
          expect(value! * HOUR_MS).toBeCloseTo((from + to - 1) / 2, 3);
        }
      }
    });
  });

  test('oversell, fill and cancel rates equal a count of what happened to each line', () => {
    forAll((shop) => {
      const lines = new Map<string, { short: boolean; attempt?: boolean; cause?: string }>();
      for (const { effects } of shop.facts) {
        for (const step of effects.transitions) {
          const id = `${step.order}/${step.line}`;
          if (step.step === 'line-accepted') lines.set(id, { short: step.short > 0 });
          const line = lines.get(id);
          if (step.step === 'line-attempted') line!.attempt ??= step.short === 0;
          if (step.step === 'line-cancelled') line!.cause ??= step.cause;
        }
      }
      const all = [...lines.values()];
      const count = (test: (line: (typeof all)[number]) => boolean) => all.filter(test).length;
      const bucket = live(shop, { grain: 'hour' });
      const attempted = count((line) => line.attempt !== undefined);
      const own = count((line) => line.cause === 'stock' || line.cause === 'fulfilment');
      expect(flowValue(kpi('oversell-rate'), bucket, 'EUR')).toBe(
        share(
          count((line) => line.short),
          all.length,
        ),
      );
      expect(flowValue(kpi('line-fill-rate'), bucket, 'EUR')).toBe(
        share(
          count((line) => line.attempt === true),
          attempted,
        ),
      );
      expect(flowValue(kpi('merchant-cancel-rate'), bucket, 'EUR')).toBe(share(own, all.length));
      for (const cause of ['customer', 'fraud', 'stock', 'fulfilment', 'other']) {
        expect(flowValue(kpi(`cancelled-lines-${cause}`), bucket, 'EUR')).toBe(count((line) => line.cause === cause));
      }
      const held = [...shop.all('order').values()].flatMap((order) => order.lines);
      expect(attempted).toBe(held.filter((line) => line.attempted).length);
      expect(count((line) => line.cause !== undefined)).toBe(held.filter((line) => line.cancelled > 0).length);
    });
  });

  test('minutes add up to hours and hours to days, for every measure, channel and node', () => {
    forAll((shop) => {
      for (const channel of ['', ...CHANNELS]) {
        for (const node of ['', ...NODES]) {
          const hours = live(shop, { grain: 'hour', channel, node });
          expect(live(shop, { grain: 'minute', channel, node })).toEqual(withoutHourly(hours));
          expect(live(shop, { grain: 'day', channel, node })).toEqual(hours);
        }
      }
    });
  });

  test('latency is the nearest rank of all reported counts', () => {
    forAll((shop) => {
      const counts = shop.facts.flatMap(({ event }) =>
        event.type === 'latency.measured' && event.data.hop === 'push' ? event.data.counts : [],
      );
      const all = counts.flatMap(([bucket, count]) => Array<number>(count).fill(bucket)).sort((a, b) => a - b);
      for (const percent of [50, 95]) {
        const value = flowValue(kpi(`latency-push-p${percent}`), live(shop, { grain: 'day' }), 'EUR');
        if (all.length === 0) expect(value).toBe(null);
        else {
          const [from, to] = boundsOf(all[Math.ceil((percent / 100) * all.length) - 1]!);
          expect(value).toBe((from + to - 1) / 2);
        }
      }
    });
  });
});

describe(`levels equal a look at every order and stock record (SEED=${seed})`, () => {
  test('open orders and lines, their age, and those past their promise', () => {
    forAll((shop, now) => {
      for (const channel of [undefined, ...CHANNELS]) {
        for (const node of [undefined, ...NODES]) {
          const filter = { channel, node };
          const gauges = gaugesOf(shop, now);
          const within = [...shop.all('order').values()].filter(
            (order) =>
              (channel === undefined || order.channel === channel) && (node === undefined || order.node === node),
          );
          const open = within.filter(isOpen);
          const ages = open
            .flatMap((order) => order.lines.filter((line) => openOf(line) > 0).map(() => now - order.placedAt))
            .sort((a, b) => a - b);
          expect(gaugeValue(kpi('open-orders'), gauges, filter) ?? 0).toBe(open.length);
          expect(gaugeValue(kpi('open-lines'), gauges, filter) ?? 0).toBe(ages.length);
          const late = open.filter((order) => order.shipBy > 0 && order.shipBy < now);
          expect(gaugeValue(kpi('past-promise'), gauges, filter) ?? 0).toBe(late.length);
          for (const percent of [50, 90]) {
            const age = gaugeValue(kpi(`backlog-age-p${percent}`), gauges, filter);
            const exact = ages[Math.ceil((percent / 100) * ages.length) - 1];
            if (exact === undefined) expect(age).toBe(null);
            else expect(Math.abs(age! * HOUR_MS - exact)).toBeLessThanOrEqual(7.5 * MINUTE_MS + 1);
          }
        }
      }
    });
  });

  test('on hand, its value, and records with nothing left to promise', () => {
    forAll((shop, now) => {
      const items = shop.all('item');
      const costOf = (sku: string) => {
        const average = shop.all('ledger').get(sku)?.cost.average ?? null;
        return average === null ? (items.get(sku)?.unitCost ?? 0) : Math.round(average / 10_000);
      };
      for (const node of [undefined, ...NODES]) {
        const moved = new Set(
          shop.facts.flatMap(({ effects }) =>
            effects.movements.flatMap(({ sku, from, to }) => [`${sku}|${from.node}`, `${sku}|${to.node}`]),
          ),
        );
        const stocks = [...shop.all('stock')].filter(
          ([id, stock]) => moved.has(id) && (node === undefined || stock.node === node),
        );
        const physical = stocks.map(([, stock]) => ({
          units: stock.sellable + stock.allocated + stock.quarantined + stock.damaged + stock['return-pending'],
          cost: costOf(stock.sku),
          atp: stock.sellable - (items.get(stock.sku)?.safetyStock ?? 0),
        }));
        const gauges = gaugesOf(shop, now);
        const value = (id: string) => gaugeValue(kpi(id), gauges, { node }) ?? 0;
        expect(value('on-hand')).toBe(physical.reduce((sum, one) => sum + one.units, 0));
        expect(value('on-hand-value')).toBe(physical.reduce((sum, one) => sum + one.units * one.cost, 0));
        expect(value('atp-short')).toBe(physical.filter((one) => one.atp <= 0).length);
      }
    });
  });

  test('money at risk and the freshness of sources', () => {
    forAll((shop, now) => {
      const gauges = gaugesOf(shop, now);
      const open = [...shop.all('exception').values()].filter(isAtRisk);
      expect(gaugeValue(kpi('money-at-risk'), gauges)).toBe(open.reduce((sum, one) => sum + one.moneyAtRisk, 0));
      const heard = Object.groupBy(
        shop.facts.map(({ event }) => event).filter(({ source }) => source !== 'tideline' && source !== 'archive'),
        ({ source }) => source,
      );
      const ages = Object.entries(heard).map(([source, events]) => {
        const age = (now - Math.max(...events!.map((event) => event.receivedAt))) / MINUTE_MS;
        expect(gaugeValue(kpi('source-freshness'), gauges, { source })).toBe(age);
        return age;
      });
      expect(gaugeValue(kpi('source-freshness'), gauges)).toBe(Math.max(...ages));
    });
  });
});
