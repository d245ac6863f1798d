/** A proposed reroute gives nothing away twice, moves only what is worth it, and saves nearly what could be saved. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../streams/operations/policy.ts';
import { planReroute } from '../../streams/policies/reroute.ts';
import type { RerouteNode, RerouteOrder, RerouteSituation } from '../../streams/policies/reroute-situation.ts';

const policy = defaultPolicy('reroute');
const anywhere = Number.POSITIVE_INFINITY;
const node = (tea: number, more: Partial<RerouteNode> = {}): RerouteNode => ({
  available: { tea, cup: tea },
  free: [anywhere, anywhere],
  ...more,
});
const situation = (nodes: Record<string, RerouteNode>, possible = [0, 0]): RerouteSituation => ({
  horizons: [100, 200],
  possible,
  nodes,
});
const cost = (costPerShipment = 400) => ({ costPerShipment, costPerUnit: 10 });
const at = (...names: string[]) => names.map((name) => ({ node: name, ...cost() }));
const order = (id: string, more: Partial<RerouteOrder> = {}): RerouteOrder => ({
  order: id,
  due: 100,
  lines: [{ line: '1', sku: 'tea', quantity: 1 }],
  lateCost: 1_000,
  from: cost(),
  nodes: at('south', 'east'),
  shipsFrom: [],
  stays: '',
  ...more,
});
const both = [
  { line: '1', sku: 'tea', quantity: 1 },
  { line: '2', sku: 'cup', quantity: 1 },
];
const toNodes = (plan: ReturnType<typeof planReroute>) =>
  plan.moves.map((move) => [move.order, ...move.parts.map(({ toNode }) => toNode)]);

describe('a plan', () => {
  test('keeps what the node can do and moves the rest to the cheapest node', () => {
    const cheaper = { nodes: [...at('south'), { node: 'east', ...cost(300) }] };
    const nodes = { south: node(9), east: node(9) };
    const plan = planReroute(
      [order('A', cheaper), order('B', cheaper), order('C', cheaper)],
      situation(nodes, [1, 1]),
      policy,
    );
    expect(plan.kept).toEqual({ orders: 1, lines: 1 });
    expect(toNodes(plan)).toEqual([
      ['A', 'east'],
      ['B', 'east'],
    ]);
    expect(plan).toMatchObject({ saved: { orders: 2, lines: 2, amount: 2_000 }, extraShipments: 0, extraCost: -200 });
    expect(plan.late.orders).toBe(0);
  });

  test('of two orders keeps the one that cannot move', () => {
    const nodes = { south: node(9) };
    const plan = planReroute([order('A', { stays: 'picked' }), order('B')], situation(nodes, [1, 1]), policy);
    expect(toNodes(plan)).toEqual([['B', 'south']]);
    expect(plan.late.orders).toBe(0);
  });

  test('prefers the node that ships the order anyway, and splits only when no node has all of it', () => {
    const nodes = {
      south: node(9, { available: { tea: 9, cup: 0 } }),
      east: node(9, { available: { tea: 9, cup: 9 } }),
      west: node(9, { available: { tea: 0, cup: 9 } }),
    };
    const all = at('south', 'east', 'west');
    const plan = planReroute(
      [order('A', { nodes: all, shipsFrom: ['south'] }), order('B', { nodes: all, lines: both })],
      situation(nodes),
      policy,
    );
    expect(toNodes(plan)).toEqual([
      ['A', 'south'],
      ['B', 'east'],
    ]);
    expect(plan.extraShipments).toBe(-1);
    const without = { south: nodes.south, west: nodes.west };
    const split = planReroute([order('B', { nodes: all, lines: both })], situation(without), policy);
    expect(toNodes(split)).toEqual([['B', 'south', 'west']]);
    expect(split).toMatchObject({ extraShipments: 1, extraCost: 400 });
    const whole = planReroute([order('B', { nodes: all, lines: both })], situation(without), {
      ...policy,
      splits: false,
    });
    expect(whole.late.reasons).toEqual({ 'no stock elsewhere': 1 });
  });

  test('says why an order stays late: stock, room, cost, picked, or too many of them', () => {
    const late = (one: RerouteOrder, nodes: Record<string, RerouteNode>, more: object = {}) =>
      planReroute([one], situation(nodes), { ...policy, ...more }).late.reasons;
    expect(late(order('A'), { south: node(0) })).toEqual({ 'no stock elsewhere': 1 });
    expect(late(order('A'), { south: node(9, { free: [0, 5] }) })).toEqual({ 'no room elsewhere': 1 });
    const dear = order('A', { nodes: [{ node: 'south', ...cost(1_500) }] });
    expect(late(dear, { south: node(9) })).toEqual({ 'costs too much': 1 });
    expect(late(dear, { south: node(9) }, { costPercentMax: 200 })).toEqual({});
    expect(late(order('A', { stays: 'picked' }), { south: node(9) })).toEqual({ picked: 1 });
    const many = planReroute([order('A'), order('B')], situation({ south: node(9) }), { ...policy, ordersMax: 1 });
    expect(many.late.reasons).toEqual({ 'too many': 1 });
  });

  test('takes no room from work that is due later', () => {
    const full = { south: node(9, { free: [5, 1] }) };
    const plan = planReroute([order('A'), order('B')], situation(full), policy);
    expect(plan.saved.orders).toBe(1);
    expect(plan.late.reasons).toEqual({ 'no room elsewhere': 1 });
  });

  test('gives scarce stock to those whose lateness costs most', () => {
    const plan = planReroute(
      [order('cheap', { lateCost: 500 }), order('dear', { lateCost: 5_000 })],
      situation({ south: node(1) }),
      policy,
    );
    expect(toNodes(plan)).toEqual([['dear', 'south']]);
  });
});

const sizes = fc.integer({ min: 0, max: 3 });
const anyOrder = fc.record({
  due: fc.constantFrom(100, 200),
  lateCost: fc.integer({ min: 1, max: 20 }).map((amount) => amount * 100),
  lines: fc
    .uniqueArray(fc.record({ sku: fc.constantFrom('tea', 'cup'), quantity: fc.integer({ min: 1, max: 2 }) }), {
      minLength: 1,
      maxLength: 2,
      selector: ({ sku }) => sku,
    })
    .map((lines) => lines.map((line, index) => ({ line: String(index), ...line }))),
  nodes: fc.tuple(fc.constantFrom(400, 500, 900), fc.constantFrom(400, 500, 900)).map(([south, east]) => [
    { node: 'south', ...cost(south) },
    { node: 'east', ...cost(east) },
  ]),
  stays: fc.constantFrom('', '', '', 'picked'),
});
const anyOrders = fc
  .array(anyOrder, { minLength: 1, maxLength: 5 })
  .map((orders) => orders.map((one, index) => order(`O${index}`, one)));
const anyNode = fc
  .record({ tea: sizes, cup: sizes, free: fc.tuple(sizes, sizes) })
  .map(({ tea, cup, free }) => node(0, { available: { tea, cup }, free }));
const anySituation = fc
  .tuple(anyNode, anyNode, sizes, sizes)
  .map(([south, east, first, more]) => situation({ south, east }, [first, first + more]));

test('whatever the situation, no stock and no room is given away twice, and every order is told once', () => {
  fc.assert(
    fc.property(anyOrders, anySituation, (orders, given) => {
      const plan = planReroute(orders, given, policy);
      expect(plan.saved.orders + plan.kept.orders + plan.late.orders).toBe(orders.length);
      expect(plan.moves.length).toBe(plan.saved.orders);
      const byId = new Map(orders.map((one) => [one.order, one]));
      for (const [name, { available, free }] of Object.entries(given.nodes)) {
        const parts = plan.moves.flatMap((move) =>
          move.parts.filter(({ toNode }) => toNode === name).map((part) => ({ ...part, of: byId.get(move.order)! })),
        );
        for (const sku of ['tea', 'cup']) {
          const units = parts.flatMap(({ lines, of }) =>
            lines.map(({ line, quantity }) => (of.lines.find((one) => one.line === line)!.sku === sku ? quantity : 0)),
          );
          expect(sum(units)).toBeLessThanOrEqual(available[sku]!);
        }
        for (const [index, horizon] of given.horizons.entries()) {
          const lines = parts.filter(({ of }) => of.due <= horizon).map((part) => part.lines.length);
          expect(sum(lines)).toBeLessThanOrEqual(free[index]!);
        }
      }
      for (const move of plan.moves) {
        const moved = move.parts.flatMap(({ lines }) => lines);
        const one = byId.get(move.order)!;
        expect(one.stays).toBe('');
        expect(moved.sort(byLine)).toEqual(one.lines.map(({ line, quantity }) => ({ line, quantity })).sort(byLine));
      }
    }),
    { numRuns: 500 },
  );
});

test('what stays late is close to the least there can be', () => {
  let [ours, least, all, exact, runs] = [0, 0, 0, 0, 0];
  fc.assert(
    fc.property(anyOrders, anySituation, (orders, given) => {
      const late = planReroute(orders, given, { ...policy, splits: false }).late.amount;
      const best = leastLate(orders, given);
      expect(late).toBeGreaterThanOrEqual(best);
      ours += late;
      least += best;
      all += sum(orders.map(({ lateCost }) => lateCost));
      exact += late === best ? 1 : 0;
      runs += 1;
    }),
    { numRuns: 400, seed: 7 },
  );
  const savedShare = (all - ours) / (all - least);
  console.info(
    `reroute: ${((100 * exact) / runs).toFixed(1)} % exact, ${(100 * savedShare).toFixed(1)} % of what can be saved`,
  );
  expect(savedShare).toBeGreaterThan(0.9);
});

/** The least lateness there is: every order kept, moved to one node, or late, all combinations tried. */
function leastLate(orders: RerouteOrder[], given: RerouteSituation): number {
  let best = sum(orders.map(({ lateCost }) => lateCost));
  const choose = (index: number, choice: string[], late: number): void => {
    if (late >= best) return;
    if (index === orders.length) {
      if (fits(orders, given, choice)) best = late;
      return;
    }
    const one = orders[index]!;
    const choices = [
      'keep',
      ...(one.stays === ''
        ? one.nodes.filter((to) => to.costPerShipment - one.from.costPerShipment <= one.lateCost).map((to) => to.node)
        : []),
      'late',
    ];
    for (const next of choices) choose(index + 1, [...choice, next], late + (next === 'late' ? one.lateCost : 0));
  };
  choose(0, [], 0);
  return best;
}

function fits(orders: RerouteOrder[], given: RerouteSituation, choice: string[]): boolean {
  const linesAt = (name: string, horizon: number) =>
    sum(orders.map((one, index) => (choice[index] === name && one.due <= horizon ? one.lines.length : 0)));
  for (const [index, horizon] of given.horizons.entries()) {
    if (linesAt('keep', horizon) > given.possible[index]!) return false;
    for (const [name, { free }] of Object.entries(given.nodes)) {
      // Room matters only from the first horizon on at which something was added.
      if (linesAt(name, horizon) > 0 && linesAt(name, horizon) > free[index]!) return false;
    }
  }
  return Object.entries(given.nodes).every(([name, { available }]) =>
    ['tea', 'cup'].every((sku) => {
      const units = orders.map((one, index) =>
        choice[index] === name ? sum(one.lines.map((line) => (line.sku === sku ? line.quantity : 0))) : 0,
      );
      return sum(units) <= available[sku]!;
    }),
  );
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const byLine = (a: { line: string }, b: { line: string }): number => (a.line < b.line ? -1 : 1);
