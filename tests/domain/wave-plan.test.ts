/** A wave takes what is due first and matters most, and never more than the node can work off. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { planWave, type ReleaseCandidate } from '../../streams/policies/wave-release.ts';
import { HOUR, MINUTE, T0 } from '../support/fold.ts';

const node = {
  timeZone: 'UTC',
  cutOff: '16:00',
  workdays: [1, 2, 3, 4, 5],
  opensAt: '08:00',
  closesAt: '18:00',
  linesPerHour: 10,
  active: true,
};
const policy = { ...defaultPolicy('wave-release'), workAheadMinutes: 60 };
const TODAY = T0 + 10 * HOUR;
const candidate = (order: string, more: Partial<ReleaseCandidate> = {}): ReleaseCandidate => ({
  order,
  lines: 1,
  due: TODAY,
  priority: 5,
  placedAt: T0 - HOUR,
  ...more,
});
const plan = (candidates: ReleaseCandidate[], more: object = {}, inWork = 0) =>
  planWave(T0 + HOUR, { ...node, ...more }, null, inWork, candidates, policy);

test('the day an order is due comes first, then its priority, then the hour, then its age', () => {
  const { orders, cutOff, ends } = plan([
    candidate('tomorrow, urgent', { due: TODAY + 12 * HOUR, priority: 0 }),
    candidate('today, later', { placedAt: T0 }),
    candidate('today'),
    candidate('today, sooner', { due: TODAY - HOUR }),
    candidate('today, urgent', { priority: 1 }),
    candidate('overdue', { due: TODAY - 24 * HOUR, priority: 9 }),
  ]);
  expect(orders).toEqual(['overdue', 'today, urgent', 'today, sooner', 'today', 'today, later', 'tomorrow, urgent']);
  expect(cutOff).toBe(T0 + 8 * HOUR - 72 * HOUR);
  expect(ends).toBe('all released');
});

test('a node gets as much as it can do ahead, less what it has in work', () => {
  const many = Array.from({ length: 20 }, (_, index) => candidate(`O${String(index).padStart(2, '0')}`));
  expect(plan(many)).toMatchObject({ lines: 10, room: 10, ends: 'no room', noRoom: 10 });
  expect(plan(many, {}, 7)).toMatchObject({ lines: 3, room: 3 });
  expect(plan(many, {}, 12)).toMatchObject({ lines: 0, room: 0, ends: 'no room', cutOff: null });
});

test('a small order does not overtake a large one, which begins when the node has nothing else in work', () => {
  const large = candidate('large', { lines: 50, priority: 1 });
  expect(plan([candidate('small'), large])).toMatchObject({ orders: ['large'], lines: 50 });
  expect(plan([candidate('small'), large], {}, 1)).toMatchObject({ orders: [], ends: 'no room' });
});

test('nothing is released at night, at a node that stands still, or before its horizon', () => {
  const one = [candidate('O1')];
  expect(planWave(T0 - HOUR, node, null, 0, one, policy)).toMatchObject({ orders: [], ends: 'closed' });
  const still = { share: 0, from: T0, until: null };
  expect(planWave(T0 + HOUR, node, still, 0, one, policy)).toMatchObject({ orders: [], ends: 'stands still' });
  const nextWeek = [candidate('O1', { due: TODAY + 100 * HOUR })];
  expect(plan(nextWeek)).toMatchObject({ orders: [], ends: 'nothing to release', tooEarly: 1 });
});

test('a wave that would be too small waits for more, unless it is urgent', () => {
  const few = { ...policy, linesMin: 5 };
  const at = T0 + HOUR;
  expect(planWave(at, node, null, 0, [candidate('O1')], few)).toMatchObject({ orders: [], ends: 'waits for more' });
  const urgent = candidate('O1', { due: at + 70 * MINUTE });
  expect(planWave(at, node, null, 0, [urgent], few)).toMatchObject({ orders: ['O1'] });
});

test('whatever is asked for, a wave fits, and nothing that was left out is more urgent than what was taken', () => {
  const candidates = fc.uniqueArray(
    fc.record({
      order: fc.string({ minLength: 1, maxLength: 4 }),
      lines: fc.integer({ min: 1, max: 15 }),
      due: fc.integer({ min: -48, max: 60 }).map((hours) => T0 + hours * HOUR),
      priority: fc.integer({ min: 0, max: 9 }),
      placedAt: fc.integer({ min: -100, max: 0 }).map((minutes) => T0 + minutes * MINUTE),
    }),
    { maxLength: 30, selector: ({ order }) => order },
  );
  fc.assert(
    fc.property(candidates, fc.integer({ min: 0, max: 20 }), (given, inWork) => {
      const found = planWave(T0 + HOUR, node, null, inWork, given, policy);
      const byId = new Map(given.map((one) => [one.order, one]));
      const taken = found.orders.map((order) => byId.get(order)!);
      expect(found.lines).toBe(taken.reduce((sum, { lines }) => sum + lines, 0));
      expect(found.lines <= found.room || (taken.length === 1 && inWork === 0)).toBe(true);
      expect(taken.length + found.noRoom + found.tooEarly).toBe(given.length);
      const rank = ({ due, priority }: ReleaseCandidate) => Math.floor(due / (24 * HOUR)) * 10 + priority;
      const worst = Math.max(...taken.map(rank));
      const left = given.filter(({ order, due }) => !found.orders.includes(order) && due <= T0 + 25 * HOUR);
      for (const one of left) expect(rank(one)).toBeGreaterThanOrEqual(worst);
    }),
    { numRuns: 300 },
  );
});
