/** The picture of an order's life: what it tells follows from what happened, and nothing in it hides anything else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reasonsOf } from '../../client/orders/decision-words.ts';
import { storyOf } from '../../client/orders/order-story.ts';
import { drawTimeline, scaleOf } from '../../client/orders/timeline-geometry.ts';
import type { OrderView } from '../../server/http/contract.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PLACED = Date.UTC(2026, 2, 2, 8);
const startOfDay = (at: number) => Math.floor(at / DAY) * DAY;

const entry = (type: string, hours: number, summary = type) => ({
  seq: hours,
  occurredAt: PLACED + hours * HOUR,
  receivedAt: PLACED + hours * HOUR,
  source: 'shop',
  type,
  summary,
});
const orderOf = (differ: Partial<OrderView>): OrderView =>
  ({
    status: 'allocated',
    placedAt: PLACED,
    shipBy: PLACED + 10 * HOUR,
    deliverBy: null,
    dispatchedAt: null,
    releasedAt: null,
    openUnits: 1,
    timeline: [entry('order.placed', 0)],
    ...differ,
  }) as OrderView;

describe('the story of an order', () => {
  test('tells a promise as kept, missed or open by what came, and how late it was', () => {
    const standing = (order: OrderView, hours: number) => {
      const story = storyOf(order, [], PLACED + hours * HOUR);
      return [story.promises[0]?.standing, story.late === null ? 0 : (story.late.to - story.late.from) / HOUR];
    };
    const left = (hours: number) =>
      orderOf({ status: 'dispatched', openUnits: 0, dispatchedAt: PLACED + hours * HOUR });
    expect(standing(orderOf({}), 5)).toEqual(['open', 0]);
    expect(standing(orderOf({}), 13)).toEqual(['missed', 3]);
    expect(standing(left(9), 50)).toEqual(['kept', 0]);
    expect(standing(left(14), 50)).toEqual(['missed', 4]);
    expect(standing(orderOf({ status: 'cancelled', openUnits: 0 }), 50)).toEqual(['open', 0]);
  });

  test('a hold lasts from when it was put on to its own release, and is open until then', () => {
    const timeline = [
      entry('order.placed', 0),
      entry('order.held', 1, 'held: fraud'),
      entry('order.held', 2, 'held: payment'),
      entry('order.held', 3, 'held: fraud'),
      entry('order.released', 4, 'released: fraud'),
    ];
    const { holds } = storyOf(orderOf({ timeline }), [], PLACED + 6 * HOUR);
    expect(
      holds.map(({ hold, from, until }) => [hold, (from - PLACED) / HOUR, until && (until - PLACED) / HOUR]),
    ).toEqual([
      ['fraud', 1, 4],
      ['payment', 2, null],
    ]);
  });

  test('what was refused did not happen', () => {
    const timeline = [entry('order.placed', 0), entry('fulfilment.picked', 1, 'picked at X: 1 unit — refused: twice')];
    expect(storyOf(orderOf({ timeline }), [], PLACED + HOUR).steps.map(({ key }) => key)).toEqual(['placed']);
  });
});

describe('the line of time', () => {
  const marksOf = fc
    .uniqueArray(fc.integer({ min: 0, max: 60 * DAY }), { minLength: 1, maxLength: 14 })
    .map((hours) => hours.sort((a, b) => a - b).map((ms) => PLACED + ms));

  test('later is always further right, and all of it fits', () => {
    fc.assert(
      fc.property(marksOf, fc.integer({ min: 300, max: 2_000 }), (marks, width) => {
        const x = scaleOf(marks, width);
        const places = marks.map(x);
        for (let index = 1; index < places.length; index++) expect(places[index]!).toBeGreaterThan(places[index - 1]!);
        expect(places[0]!).toBeGreaterThanOrEqual(0);
        expect(places.at(-1)!).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('a longer gap is never narrower than a shorter one', () => {
    fc.assert(
      fc.property(marksOf, (marks) => {
        const x = scaleOf(marks, 900);
        const gaps = marks.slice(1).map((at, index) => [at - marks[index]!, x(at) - x(marks[index]!)] as const);
        const byLength = gaps.sort(([a], [b]) => a - b);
        for (let index = 1; index < byLength.length; index++)
          expect(byLength[index]![1]).toBeGreaterThanOrEqual(byLength[index - 1]![1] - 1e-6);
      }),
    );
  });

  test('no words lie on other words', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 320, max: 1_400 }),
        (hours, width) => {
          const types = ['fulfilment.allocated', 'fulfilment.picked', 'fulfilment.packed', 'fulfilment.dispatched'];
          const timeline = hours.map((hour, index) => entry(types[index % types.length]!, hour));
          const story = storyOf(orderOf({ timeline }), [], PLACED + 220 * HOUR);
          const words = story.steps.map(({ title }) => `${title} 00:00`);
          const { steps } = drawTimeline(story, { steps: words, promises: [] }, width, startOfDay);
          const boxes = steps.map(({ x, level, anchor }, index) => {
            const length = words[index]!.length * 6.6;
            const left = anchor === 'start' ? x : x - length;
            return { left, right: left + length, level };
          });
          for (const [index, a] of boxes.entries())
            for (const b of boxes.slice(index + 1))
              expect(a.level !== b.level || a.right < b.left || b.right < a.left).toBe(true);
        },
      ),
    );
  });
});

test('the first difference that decided is told of what sourcing turned down', () => {
  const words = reasonsOf({
    chosen: [0, 0, 1, 520, 0],
    beaten: [
      ['BER-1', 1, 0, 1, 490, 0],
      ['MUC-2', 0, 0, 1, 600, 0],
    ],
  });
  expect(words).toEqual([
    'all units, in time, one more shipment',
    'Beat BER-1: 1 missing units instead of 0',
    'Beat MUC-2: its cost is 80 minor units higher',
  ]);
  expect(reasonsOf({ daysToRestock: 3, nodes: [] })).toEqual(['days to restock: 3']);
});
