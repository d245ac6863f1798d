/** Whatever happens to nodes and orders, in whatever order it is said, the states stay sound and no byte depends on batches. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import type { Event } from '../../streams/events/index.ts';
import { proposeReroute } from '../../streams/operations/nodes/reroute-proposal.ts';
import { proposeWave } from '../../streams/operations/nodes/wave-proposal.ts';
import { beginBatch, processBatch } from '../../streams/processing/process-batch.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, openShop, orderOf, T0, type World } from '../support/fold.ts';

const nodes = ['north', 'south', 'east'];
const node = fc.constantFrom(...nodes);
const index = fc.nat(29);
const id = (number: number) => `O${String(number).padStart(2, '0')}`;
const lines = (quantity: number) => [{ line: '1', quantity }];

/** What happens next; it is worked out from the states as they are then. */
type Step = (world: World, at: number, number: number) => Event[];
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(index, fc.integer({ min: 1, max: 4 }), fc.integer({ min: -2, max: 60 }), fc.option(node))
      .map(placed),
  },
  { weight: 3, arbitrary: fc.tuple(index, node, fc.constantFrom('picked', 'packed', 'dispatched')).map(fulfilled) },
  {
    weight: 1,
    arbitrary: index.map(
      (number): Step =>
        (_, at) => [said('order.cancelled', { order: id(number), reason: 'customer' }, at)],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(index, fc.constantFrom('order.held', 'order.released')).map(
      ([number, type]): Step =>
        (_, at) => [said(type, { order: id(number), hold: 'payment' }, at)],
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(node, fc.constantFrom(0, 0, 0.25, 0.5, 1), fc.option(fc.integer({ min: 1, max: 40 })))
      .map(impaired),
  },
  {
    weight: 1,
    arbitrary: node.map(
      (name): Step =>
        (_, at) => [said('node.recovered', { node: name }, at)],
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(node, fc.integer({ min: 2, max: 40 })).map(
      ([name, linesPerHour]): Step =>
        (_, at) => [defined(name, linesPerHour, at)],
    ),
  },
  { weight: 2, arbitrary: node.map(waved) },
  { weight: 5, arbitrary: node.map(proposed) },
  { weight: 5, arbitrary: fc.constantFrom(true, true, false).map(decided) },
  { weight: 4, arbitrary: fc.nat(5).map(deadline) },
);

test('after any history of nodes, waves and reroutes the states are sound', () => {
  let [released, moved, failed] = [0, 0, 0];
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const { world } = play(steps);
      expectSound(world);
      for (const reroute of world.all('reroute')) {
        const tried = reroute.done + reroute.failed;
        expect(tried).toBeLessThanOrEqual(reroute.orders);
        if (reroute.status === 'done') expect(tried).toBe(reroute.orders);
        moved += reroute.done;
        failed += reroute.failed;
      }
      const open = world.all('reroute').filter(({ status }) => status === 'proposed' || status === 'approved');
      const kept = new Set(world.all('reroute-moves').flatMap(({ moves }) => moves.map(({ order }) => order)));
      expect(kept.size > 0).toBe(open.length > 0);
      for (const order of world.all('order')) {
        expect(order.releasedAt > 0).toBe((order.releases ?? []).length > 0);
        released += (order.releases ?? []).length;
      }
    }),
    { numRuns: 100 },
  );
  console.info(`any nodes: ${released} released, ${moved} moved, ${failed} could not move`);
  // The histories reach what they are to test.
  expect(Math.min(released, moved)).toBeGreaterThan(0);
});

test('how such a history is cut into batches changes no byte', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 50 }), fc.integer({ min: 2, max: 20 }), (steps, size) => {
      const { world, events } = play(steps);
      const again = createWorld();
      let seq = 0;
      for (let from = 0; from < events.length; from += size) {
        const batch = beginBatch(again.maps, seq);
        processBatch(batch, events.slice(from, from + size), 0, catalog);
        seq = batch.seq;
      }
      // Minute buckets are summed once per batch, in the order in which their measures came first.
      expect(again.snapshot('bucket')).toEqual(world.snapshot('bucket'));
    }),
    { numRuns: 40 },
  );
});

function play(steps: Step[]): { world: World; events: Event[] } {
  const world = createWorld();
  openShop(world, { north: 40, south: 20 });
  world.apply(
    said('channel.defined', { channel: 'web', name: 'Web', kind: 'web', nodes, penalty: 500 }, T0),
    said('stock.received', { sku: 'tea', node: 'east', quantity: 8 }, T0),
    defined('north', 6, T0),
    defined('south', 20, T0),
    ...nodes.flatMap((name, from) =>
      [...Array(6)].map((_, number) =>
        orderOf(id(from * 6 + number), 1 + (number % 3), { shipBy: T0 + (6 + number) * HOUR, node: name }),
      ),
    ),
  );
  steps.forEach((next, number) => {
    world.apply(...next(world, T0 + number * 6 * MINUTE, number));
  });
  return { world, events: world.facts.map(({ event }) => event) };
}

function said(type: string, data: object, at: number, source = 'test'): Event {
  return eventOf(type as 'order.held', data as never, { at, source });
}

const defined = (name: string, linesPerHour: number, at: number): Event =>
  said('node.defined', { node: name, name, kind: 'warehouse', linesPerHour }, at);

function placed([number, quantity, hours, where]: [number, number, number, string | null]): Step {
  return (_, at) => [
    orderOf(id(number), quantity, { shipBy: at + hours * HOUR, ...(where === null ? {} : { node: where }) }, { at }),
  ];
}

function fulfilled([number, where, what]: [number, string, string]): Step {
  return (_, at) => [
    said(`fulfilment.${what}`, { order: id(number), node: where, lines: lines(1), shipment: 'S' }, at),
  ];
}

function impaired([name, capacityShare, hours]: [string, number, number | null]): Step {
  return (_, at) => [
    said(
      'node.impaired',
      { node: name, capacityShare, ...(hours === null ? {} : { expectedUntil: at + hours * HOUR }) },
      at,
    ),
  ];
}

function waved(name: string): Step {
  return (world, at, number) => {
    const orders =
      proposeWave(
        world.draft(),
        name,
        world.all('order').map(({ order }) => order),
        at,
      )?.orders ?? [];
    return orders.length === 0
      ? []
      : [said('wave.released', { wave: `W${number}`, node: name, orders }, at, 'tideline')];
  };
}

function proposed(name: string): Step {
  return (world, at, number) => {
    const plan = proposeReroute(
      world.draft(),
      name,
      world.all('order').map(({ order }) => order),
      at,
    );
    const impairment = world.get('node-load', name)?.impaired?.impairment;
    const more = impairment === undefined ? {} : { impairment };
    if (plan.moves.length === 0) return [];
    const proposal = said('reroute.proposed', { reroute: `R${number}`, node: name, ...plan, ...more }, at, 'tideline');
    // The world goes on before anybody decides.
    const { order } = plan.moves[number % plan.moves.length]!;
    return number % 3 > 0 ? [proposal] : [proposal, said('order.cancelled', { order, reason: 'customer' }, at)];
  };
}

function decided(yes: boolean): Step {
  return (world, at) =>
    world
      .all('reroute')
      .filter(({ status }) => status === 'proposed')
      .slice(-1)
      .map(({ reroute }) => said(yes ? 'reroute.approved' : 'reroute.rejected', { reroute }, at, 'tideline'));
}

/** One of the deadlines that are due by now, as the job would pass it. */
function deadline(which: number): Step {
  return (world, at) => {
    const due = [...world.deadlines].filter(([, when]) => when <= at).sort(([a], [b]) => (a < b ? -1 : 1));
    const chosen = due[which % Math.max(1, due.length)];
    if (chosen === undefined) return [];
    const [clock = '', kind = '', ...subject] = chosen[0].split('|');
    const data = { kind, subject: subject.join('|'), due: chosen[1], clock };
    return [eventOf('deadline.passed', data, { at: chosen[1], receivedAt: at, source: 'tideline' })];
  };
}
