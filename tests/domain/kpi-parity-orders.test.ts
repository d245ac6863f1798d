/** Figures of promises, fulfilment, reservations and returns equal a plain count of what was reported about each order. */
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { boundsOf, durationBucketOf } from '../../analytics/kpis/histogram.ts';
import { flowValue, gaugeValue, kpiById, sumBuckets } from '../../analytics/kpis/index.ts';
import { isLong } from '../support/how-much.ts';
import { commands, eventsOf, gaugesOf, NODES, oneOfEach, process, type Shop } from '../support/kpi-history.ts';
import {
  hasLeft,
  inFull,
  isOpen,
  isShipped,
  lastOf,
  type PlainOrder,
  plainOrders,
  unitsOf,
} from '../support/order-figures.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const HOUR_MS = 3_600_000;
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const share = (part: number, whole: number, times = 100) => (whole === 0 ? null : (times * part) / whole);

/** How often each figure was something else than nothing, so that a test that compares nothing with nothing is seen. */
const exercised = new Map<string, number>();
const expectFigure = (
  id: string,
  shop: Shop,
  expected: number | null,
  { to = Number.POSITIVE_INFINITY, node = '' } = {},
) => {
  const buckets = [...shop.all('bucket')].flatMap(([key, bucket]) => {
    const [grain, start, , itsNode] = key.split('|');
    return grain === 'hour' && Number(start) < to && (node === '' || itsNode === node) ? [bucket] : [];
  });
  const value = flowValue(kpiById(id)!, sumBuckets(buckets) ?? {}, 'EUR');
  if (expected === null) expect(value, id).toBe(null);
  else expect(value, id).toBeCloseTo(expected, 9);
  if (expected !== null && expected !== 0 && expected !== 100) exercised.set(id, (exercised.get(id) ?? 0) + 1);
};

/** Nearest rank of durations in hours, to the width of a bucket. */
const ranked = (durations: readonly number[], percent: number): number | null => {
  if (durations.length === 0) return null;
  const sorted = [...durations].sort((a, b) => a - b);
  const [from, to] = boundsOf(durationBucketOf(sorted[Math.ceil((percent / 100) * sorted.length) - 1]!));
  return (from + to - 1) / 2 / HOUR_MS;
};

function forAll(check: (shop: Shop, orders: PlainOrder[], now: number) => void, runs = isLong ? 40 : 20) {
  fc.assert(
    fc.property(commands(1, 260), (list) => {
      const shop = process(eventsOf([...oneOfEach(), ...list]));
      const now = Math.max(...shop.facts.map(({ event }) => event.receivedAt));
      check(shop, plainOrders(shop), now);
    }),
    { seed, numRuns: runs },
  );
}

describe(`figures of orders equal a plain count (SEED=${seed})`, () => {
  test('lines due and lines that left whole by the ship-by, never shipped against', () => {
    forAll((shop, all, now) => {
      const to = Math.floor(now / HOUR_MS) * HOUR_MS;
      for (const node of ['', ...NODES]) {
        const due = all.filter(
          ({ order }) => order.shipBy > 0 && order.shipBy < to && (node === '' || order.node === node),
        );
        const owed = due.flatMap(({ order, lines }) =>
          lines.filter((line) => line.owed > 0).map((line) => ({ order, line })),
        );
        const kept = owed.filter(({ order, line }) => inFull(line.dispatched, line.owed, order.shipBy));
        expectFigure('otif', shop, share(kept.length, owed.length), { to, node });
      }
    });
  });

  test('promises are held against what the customer was told first, and count when kept or run out', () => {
    forAll((shop, all, now) => {
      const to = Math.floor(now / HOUR_MS) * HOUR_MS;
      const judged = all.flatMap(({ order, lines, firstDeliverBy }) => {
        const owed = lines.filter((line) => line.owed > 0);
        if (firstDeliverBy === 0 || owed.length === 0) return [];
        const kept = owed.filter((line) => inFull(line.delivered, line.owed, firstDeliverBy)).length;
        const last = lastOf(lines.flatMap(({ delivered }) => delivered));
        const at = kept === owed.length ? Math.min(last, firstDeliverBy) : firstDeliverBy;
        return at < to ? [{ order, owed: owed.length, kept }] : [];
      });
      const whole = judged.filter(({ owed, kept }) => kept === owed).length;
      expectFigure('promise-accuracy', shop, share(whole, judged.length), { to });
      expectFigure(
        'otif-delivered',
        shop,
        share(sumOf(judged.map(({ kept }) => kept)), sumOf(judged.map(({ owed }) => owed))),
        { to },
      );
    });
  });

  test('an order is perfect as a whole, in quantity, time and condition', () => {
    forAll((shop, all, now) => {
      const to = Math.floor(now / HOUR_MS) * HOUR_MS;
      let [perfect, judged] = [0, 0];
      for (const one of all) {
        const { order, lines, firstDeliverBy, faulty } = one;
        const owed = lines.filter((line) => line.owed > 0);
        const isJudged = owed.length > 0 || (firstDeliverBy === 0 && (isOpen(one) || hasLeft(one)));
        if (!isJudged || (order.shipBy === 0 && firstDeliverBy === 0)) continue;
        const left = order.shipBy === 0 || owed.every((line) => inFull(line.dispatched, line.owed, order.shipBy));
        const arrived = firstDeliverBy === 0 || owed.every((line) => inFull(line.delivered, line.owed, firstDeliverBy));
        const last = lastOf(lines.flatMap(({ delivered }) => delivered));
        const at = firstDeliverBy === 0 ? order.shipBy : arrived ? Math.min(last, firstDeliverBy) : firstDeliverBy;
        if (at >= to) continue;
        judged += 1;
        if (isShipped(one) && left && arrived && !faulty) perfect += 1;
      }
      expectFigure('perfect-order', shop, share(perfect, judged), { to });
    });
  });

  test('what was released before the cut-off leaves on that day of its node', () => {
    forAll((shop, all, now) => {
      const to = Math.floor(now / HOUR_MS) * HOUR_MS;
      const due = all.filter((one) => one.leavesBy !== null && one.leavesBy < to && (isOpen(one) || hasLeft(one)));
      const kept = due.filter(
        (one) => isShipped(one) && lastOf(one.lines.flatMap((line) => line.dispatched)) <= one.leavesBy!,
      );
      expectFigure('cut-off-adherence', shop, share(kept.length, due.length), { to });
    });
  });

  test('shipments, splits, fill rates, and what left and arrived', () => {
    forAll((shop, all) => {
      const shipped = all.filter(isShipped);
      const units = (one: PlainOrder) => sumOf(one.lines.map((line) => unitsOf(line.dispatched)));
      const several = shipped.filter((one) => units(one) > 1);
      expectFigure(
        'split-shipment-rate',
        shop,
        share(several.filter((one) => one.shipments > 1).length, several.length),
      );
      expectFigure('shipments-per-order', shop, share(sumOf(shipped.map((one) => one.shipments)), shipped.length, 1));
      const givenUp = all.filter((one) => !isOpen(one) && !hasLeft(one) && one.lines.some((line) => line.owed > 0));
      const whole = shipped.filter((one) =>
        one.lines.every(({ owed, dispatched }) => {
          const first = Math.min(...dispatched.map(({ at }) => at));
          return owed === 0 || unitsOf(dispatched.filter(({ at }) => at === first)) >= owed;
        }),
      );
      expectFigure('order-fill-rate', shop, share(whole.length, shipped.length + givenUp.length));
      expectFigure('orders-given-up', shop, givenUp.length);
      const cancelled = all.filter(
        (one) => !isOpen(one) && !hasLeft(one) && one.lines.some(({ line }) => line.cancelled > 0),
      );
      expectFigure('cancelled-orders', shop, cancelled.length);
      expectFigure('order-cancel-rate', shop, share(cancelled.length, all.length));
      expectFigure('orders-shipped', shop, shipped.length);
      expectFigure('units-shipped', shop, sumOf(all.map(units)));
      expectFigure(
        'units-delivered',
        shop,
        sumOf(all.flatMap(({ lines }) => lines.map((line) => unitsOf(line.delivered)))),
      );
      const arrived = shipped.filter(
        ({ lines }) =>
          lines.every((line) => unitsOf(line.delivered) >= unitsOf(line.dispatched)) &&
          lines.some((line) => line.delivered.length > 0),
      );
      expectFigure('orders-delivered', shop, arrived.length);
      const waited = arrived.map(
        ({ order, lines }) => lastOf(lines.flatMap((line) => line.delivered)) - order.placedAt,
      );
      for (const percent of [50, 90]) expectFigure(`delivery-time-p${percent}`, shop, ranked(waited, percent));
    });
  });

  test('time on hold is apart from the time of work', () => {
    forAll((shop, all) => {
      const shipped = all.filter(isShipped);
      const took = (one: PlainOrder) => lastOf(one.lines.flatMap((line) => line.dispatched)) - one.order.placedAt;
      const held = shipped.map((one) => one.heldMs).filter((ms) => ms > 0);
      for (const percent of [50, 90]) {
        expectFigure(`hold-time-p${percent}`, shop, ranked(held, percent));
        expectFigure(
          `working-time-p${percent}`,
          shop,
          ranked(
            shipped.map((one) => took(one) - one.heldMs),
            percent,
          ),
        );
      }
    });
  });

  test('orders on hold and demand that waits for stock', () => {
    forAll((shop, all, now) => {
      const gauges = gaugesOf(shop, now);
      for (const node of [undefined, ...NODES]) {
        const here = all.filter(({ order }) => node === undefined || order.node === node);
        const value = (id: string) => gaugeValue(kpiById(id)!, gauges, { node }) ?? 0;
        expect(value('held-orders')).toBe(here.filter((one) => isOpen(one) && one.order.holds.length > 0).length);
        const waiting = here.flatMap(({ order, lines }) =>
          lines.flatMap(({ line }) =>
            line.waiting > 0
              ? [{ units: line.waiting, worth: order.currency === 'EUR' ? line.waiting * line.unitPrice : 0 }]
              : [],
          ),
        );
        expect(value('backordered-lines')).toBe(waiting.length);
        expect(value('backordered-units')).toBe(sumOf(waiting.map(({ units }) => units)));
        expect(value('backordered-value')).toBe(sumOf(waiting.map(({ worth }) => worth)));
        if (waiting.length > 0) exercised.set('backordered-units', (exercised.get('backordered-units') ?? 0) + 1);
      }
    });
  });
});

describe(`figures of reservations and returns equal a plain count (SEED=${seed})`, () => {
  test('units reserved, and what became of them, by the day they were reserved', () => {
    forAll((shop, all) => {
      const made = [...shop.all('reservation').values()].filter(
        ({ quantity, owner }) => quantity > 0 && owner !== 'transfer',
      );
      const reserved = sumOf(made.map(({ quantity }) => quantity));
      const open = sumOf(made.flatMap(({ held }) => held.map(([, units]) => units)));
      const moved = (ending: string) =>
        sumOf(
          shop.facts.flatMap(({ effects }) =>
            effects.movements.flatMap((move) =>
              move.reason.match(`^(cart|order) reservation .* ${ending}$`) ? [move.quantity] : [],
            ),
          ),
        );
      const ended = reserved - open;
      expectFigure('units-reserved', shop, reserved);
      expectFigure('reservation-expiry', shop, share(moved('expired'), ended));
      const orphaned = made.filter((one) => one.orphaned);
      // What was orphaned and given back later was a leak all the same; only what is still held can be counted from states.
      if (moved('released') + moved('expired') === 0)
        expectFigure(
          'reservation-leak',
          shop,
          share(sumOf(orphaned.flatMap(({ held }) => held.map(([, units]) => units))), reserved),
        );
      const taken = all
        .flatMap(({ lines }) => lines.map(({ line }) => line))
        .filter((line) => line.fromCart !== undefined);
      const fromCarts = (line: (typeof taken)[number]) => sumOf(line.fromCart!.map(({ quantity }) => quantity));
      expect(sumOf(taken.map(fromCarts))).toBe(ended - moved('expired') - moved('released'));
      const shipped = sumOf(taken.map((line) => Math.min(line.dispatched, fromCarts(line))));
      expectFigure('reservation-conversion', shop, share(shipped, ended));
    });
  });

  test('what came back of what was shipped, where and when it was shipped', () => {
    forAll((shop, all) => {
      for (const node of ['', ...NODES]) {
        let [back, left] = [0, 0];
        for (const { line, dispatched } of all.flatMap(({ lines }) => lines)) {
          left += unitsOf(dispatched.filter((one) => node === '' || one.node === node));
          const last = dispatched.toSorted((a, b) => a.at - b.at || (a.node < b.node ? -1 : 1)).at(-1);
          if (last !== undefined && (node === '' || last.node === node))
            back += Math.min(line.returned, line.dispatched);
        }
        expectFigure('return-rate', shop, share(back, left), { node });
      }
    });
  });

  test('how long returned goods took until they could be sold again, and how many could', () => {
    forAll((shop) => {
      const told = shop.facts.flatMap(({ event, effects }) => (effects.refused === '' ? [event] : []));
      const receipts = told.flatMap((event) => (event.type === 'return.received' ? [event] : []));
      const verdicts = told.flatMap((event) => (event.type === 'return.judged' ? [event] : []));
      const units = (events: readonly { data: { lines: readonly { quantity: number }[] } }[]) =>
        sumOf(events.flatMap(({ data }) => data.lines.map(({ quantity }) => quantity)));
      const came = (id: string) =>
        receipts.filter(({ data }) => data.return === id).map(({ occurredAt }) => occurredAt);
      const judged = verdicts.filter(({ data }) => came(data.return).length > 0);
      const sellable = judged.filter(({ data }) => data.lines[0]!.to === 'sellable');
      expectFigure('units-returned', shop, units(receipts));
      expectFigure('resale-rate', shop, share(units(sellable), units(judged)));
      const took = sellable.map(({ data, occurredAt }) => {
        const before = came(data.return).filter((at) => at <= occurredAt);
        return before.length === 0 ? 0 : occurredAt - Math.max(...before);
      });
      for (const percent of [50, 90]) expectFigure(`return-to-stock-p${percent}`, shop, ranked(took, percent));
    });
  });
});

afterAll(() => {
  const counts = [...exercised].map(([id, count]) => `${id} ${count}`);
  console.log(`figures that were neither nothing nor everything: ${counts.join(', ')}`);
});
