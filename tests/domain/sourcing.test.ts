import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareScores,
  SOURCING_CANDIDATES_MAX,
  type SourcingLimits,
  type SourcingNode,
  type SourcingScore,
  sourceUnits,
} from '../../streams/policies/sourcing.ts';

const limits: SourcingLimits = { shipmentsMax: 3, onTimeFirst: true };
const nodeOf = (node: string, available: number[], more: Partial<SourcingNode> = {}): SourcingNode => ({
  node,
  available,
  late: false,
  costPerShipment: 0,
  costPerUnit: 0,
  load: 0,
  shipsAlready: false,
  ...more,
});
const named = (nodes: SourcingNode[], used: number[]) => used.map((index) => nodes[index]!.node);

/** What a share-out costs, told apart from the policy: units of each SKU from each node. */
function scoreOf(needed: number[], nodes: SourcingNode[], units: number[][], { onTimeFirst }: SourcingLimits) {
  const score: SourcingScore = { unfilled: 0, late: 0, shipments: 0, cost: 0, load: 0 };
  score.unfilled = needed.reduce((sum, need, sku) => sum + need - units.reduce((all, row) => all + row[sku]!, 0), 0);
  nodes.forEach((node, index) => {
    const given = units[index]!.reduce((a, b) => a + b, 0);
    if (given === 0) return;
    if (node.late && onTimeFirst) score.late += given;
    if (!node.shipsAlready) {
      score.shipments += 1;
      score.cost += node.costPerShipment;
    }
    score.cost += given * node.costPerUnit;
    score.load += node.load;
  });
  return score;
}

/** Every way to share out the units, tried one by one. */
function bestByTrying(needed: number[], nodes: SourcingNode[], bounds: SourcingLimits): SourcingScore {
  let best: SourcingScore | undefined;
  const units = nodes.map(() => needed.map(() => 0));
  const tryFrom = (sku: number, node: number, left: number): void => {
    if (sku === needed.length) {
      if (units.filter((row) => row.some((given) => given > 0)).length > bounds.shipmentsMax) return;
      const score = scoreOf(needed, nodes, units, bounds);
      if (best === undefined || compareScores(score, best) < 0) best = score;
      return;
    }
    if (node === nodes.length) return tryFrom(sku + 1, 0, needed[sku + 1] ?? 0);
    for (let take = 0; take <= Math.min(left, Math.max(0, nodes[node]!.available[sku]!)); take++) {
      units[node]![sku] = take;
      tryFrom(sku, node + 1, left - take);
    }
    units[node]![sku] = 0;
  };
  tryFrom(0, 0, needed[0] ?? 0);
  return best!;
}

const problem = fc.record({
  needed: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
  nodes: fc.array(
    fc.record({
      available: fc.tuple(fc.integer({ min: -1, max: 3 }), fc.integer({ min: -1, max: 3 })),
      late: fc.boolean(),
      costPerShipment: fc.integer({ min: 0, max: 4 }),
      costPerUnit: fc.integer({ min: 0, max: 2 }),
      load: fc.integer({ min: 0, max: 3 }),
      shipsAlready: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  shipmentsMax: fc.integer({ min: 1, max: 3 }),
  onTimeFirst: fc.boolean(),
});

test('no way of sharing out an order is better than the one that is chosen', () => {
  fc.assert(
    fc.property(problem, ({ needed, nodes, shipmentsMax, onTimeFirst }) => {
      const bounds = { shipmentsMax, onTimeFirst };
      const candidates = nodes.map((node, index) => ({ ...node, node: `n${index}` }));
      const { plan } = sourceUnits(needed, candidates, bounds);
      const units = candidates.map((_, index) => {
        const place = plan.nodes.indexOf(index);
        return place < 0 ? needed.map(() => 0) : plan.units[place]!;
      });
      const told: SourcingScore = scoreOf(needed, candidates, units, bounds);
      const { nodes: _, units: __, ...score } = plan;
      expect(score).toEqual(told);
      expect(told).toEqual(bestByTrying(needed, candidates, bounds));
      units.forEach((row, node) => {
        row.forEach((given, sku) => {
          expect(given).toBeLessThanOrEqual(Math.max(0, candidates[node]!.available[sku]!));
        });
      });
    }),
    { numRuns: 400 },
  );
});

test('every plan that was beaten is worse than the chosen one or equal to it, and uses other nodes', () => {
  fc.assert(
    fc.property(problem, ({ needed, nodes, shipmentsMax, onTimeFirst }) => {
      const candidates = nodes.map((node, index) => ({ ...node, node: `n${index}` }));
      const { plan, beaten } = sourceUnits(needed, candidates, { shipmentsMax, onTimeFirst });
      const sets = [plan, ...beaten].map(({ nodes: used }) => [...used].sort().join());
      expect(new Set(sets).size).toBe(sets.length);
      for (const other of beaten) expect(compareScores(plan, other)).toBeLessThanOrEqual(0);
    }),
    { numRuns: 200 },
  );
});

test('one shipment beats two cheap ones, the cheaper node beats the nearer one, the emptier one beats the fuller one', () => {
  const dear = nodeOf('dear', [2, 2], { costPerShipment: 900 });
  const halves = [nodeOf('a', [2, 0], { costPerShipment: 1 }), nodeOf('b', [0, 2], { costPerShipment: 1 })];
  const choose = (nodes: SourcingNode[]) => named(nodes, sourceUnits([2, 2], nodes, limits).plan.nodes);
  expect(choose([...halves, dear])).toEqual(['dear']);
  expect(choose([dear, nodeOf('cheap', [2, 2], { costPerShipment: 890 })])).toEqual(['cheap']);
  expect(choose([nodeOf('full', [2, 2], { load: 900 }), nodeOf('empty', [2, 2], { load: 100 })])).toEqual(['empty']);
  expect(choose([nodeOf('first', [2, 2]), nodeOf('second', [2, 2])])).toEqual(['first']);
});

test('a promise is worth a second shipment, unless the policy says otherwise', () => {
  const nodes = [nodeOf('late', [2, 2], { late: true }), nodeOf('a', [2, 0]), nodeOf('b', [0, 2])];
  expect(named(nodes, sourceUnits([2, 2], nodes, limits).plan.nodes)).toEqual(['a', 'b']);
  expect(named(nodes, sourceUnits([2, 2], nodes, { ...limits, onTimeFirst: false }).plan.nodes)).toEqual(['late']);
});

test('a node that ships part of the order anyway makes no further shipment', () => {
  const nodes = [nodeOf('new', [5]), nodeOf('known', [5], { costPerShipment: 900, shipsAlready: true })];
  const { plan } = sourceUnits([5], nodes, limits);
  expect(named(nodes, plan.nodes)).toEqual(['known']);
  expect(plan).toMatchObject({ shipments: 0, cost: 0 });
});

test('more than three shipments only when the policy allows them, and only while units are missing', () => {
  const nodes = ['a', 'b', 'c', 'd', 'e'].map((node) => nodeOf(node, [1]));
  expect(sourceUnits([4], nodes, limits).plan).toMatchObject({ unfilled: 1, shipments: 3 });
  expect(sourceUnits([4], nodes, { ...limits, shipmentsMax: 5 }).plan).toMatchObject({ unfilled: 0, shipments: 4 });
  expect(sourceUnits([5], nodes, { ...limits, shipmentsMax: 4 }).plan).toMatchObject({ unfilled: 1, shipments: 4 });
});

test('among more nodes than can be tried in threes, those that give most are tried', () => {
  const nodes = Array.from({ length: 40 }, (_, index) => nodeOf(`n${index}`, [index === 38 || index === 39 ? 5 : 1]));
  expect(nodes.length).toBeGreaterThan(SOURCING_CANDIDATES_MAX);
  expect(named(nodes, sourceUnits([10], nodes, limits).plan.nodes)).toEqual(['n38', 'n39']);
});

test('nodes that would be late are tried last, however much they have', () => {
  const late = Array.from({ length: 20 }, (_, index) => nodeOf(`late${index}`, [9], { late: true }));
  const inTime = Array.from({ length: 3 }, (_, index) => nodeOf(`n${index}`, [3]));
  expect(named([...late, ...inTime], sourceUnits([9], [...late, ...inTime], limits).plan.nodes)).toEqual([
    'n0',
    'n1',
    'n2',
  ]);
});

test('when nobody has anything, nothing is planned and everything is missing', () => {
  expect(sourceUnits([2, 1], [nodeOf('a', [0, -4])], limits).plan).toMatchObject({ unfilled: 3, nodes: [] });
});
