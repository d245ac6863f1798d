/** Random histories of carts, orders and leaks: what must hold of reservations holds after every event. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { availableFor, keptAt } from '../../streams/operations/reservations/availability.ts';
import { ids, type Stock } from '../../streams/operations/states.ts';
import { createWorld, eventOf, expectSound, MINUTE, openShop, T0, type World } from '../support/fold.ts';

const NODES = ['north', 'south'] as const;
const SEGMENTS = ['', 'club'] as const;
const small = (max: number) => fc.integer({ min: 0, max });
const units = fc.integer({ min: 1, max: 6 });
const of = <K extends string, T>(kind: K, shape: { [F in keyof T]: fc.Arbitrary<T[F]> }) =>
  fc.record({ kind: fc.constant(kind), ...shape }) as unknown as fc.Arbitrary<{ kind: K } & T>;

const command = fc.oneof(
  {
    weight: 6,
    arbitrary: of('hold', {
      id: small(5),
      units,
      node: small(2),
      order: fc.boolean(),
      segment: small(1),
      minutes: small(90),
    }),
  },
  { weight: 2, arbitrary: of('extend', { id: small(5), minutes: small(200) }) },
  { weight: 2, arbitrary: of('release', { id: small(5), units: small(4) }) },
  { weight: 3, arbitrary: of('deadline', { id: small(5), which: small(2) }) },
  {
    weight: 6,
    arbitrary: of('place', {
      id: small(5),
      units,
      takes: fc.subarray([0, 1, 2, 3, 4, 5]),
      node: small(2),
      segment: small(1),
    }),
  },
  { weight: 2, arbitrary: of('cancel', { id: small(5) }) },
  { weight: 3, arbitrary: of('dispatch', { id: small(5), units, node: small(1) }) },
  { weight: 3, arbitrary: of('receive', { units, node: small(1) }) },
  { weight: 1, arbitrary: of('leak', { units: fc.integer({ min: -3, max: 3 }), node: small(1) }) },
  { weight: 1, arbitrary: of('mend', { node: small(1) }) },
  {
    weight: 3,
    arbitrary: of('order', { id: small(2), units: small(5), node: small(1), days: small(4), which: small(3) }),
  },
  { weight: 1, arbitrary: of('protect', { units: small(5), rank: fc.boolean() }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function eventFor(one: Command, at: number): Event {
  const when = { at };
  const node = 'node' in one ? NODES[one.node] : undefined;
  const asked = node === undefined ? {} : { node };
  switch (one.kind) {
    case 'hold': {
      const owner = one.order ? 'order' : 'cart';
      const data = { reservation: `r${one.id}`, owner, ownerId: `o${one.id}`, channel: 'web', sku: 'tea' } as const;
      const segment = one.order ? '' : SEGMENTS[one.segment]!;
      return eventOf(
        'reservation.held',
        { ...data, segment, quantity: one.units, expiresAt: at + one.minutes * MINUTE, ...asked },
        when,
      );
    }
    case 'extend':
      return eventOf('reservation.extended', { reservation: `r${one.id}`, expiresAt: at + one.minutes * MINUTE }, when);
    case 'release':
      return eventOf(
        'reservation.released',
        { reservation: `r${one.id}`, ...(one.units === 0 ? {} : { quantity: one.units }) },
        when,
      );
    case 'deadline': {
      const kind = ['reservation-expiry', 'reservation-orphan', 'reservation-forget'][one.which]!;
      return eventOf(
        'deadline.passed',
        { kind, subject: `r${one.id}`, due: at, clock: 'test' },
        { at, source: 'tideline' },
      );
    }
    case 'place': {
      const lines = [{ line: '1', sku: 'tea', quantity: one.units, unitPrice: 900 }];
      const data = { order: `o${one.id}`, channel: 'web', currency: 'EUR', segment: SEGMENTS[one.segment]!, lines };
      return eventOf('order.placed', { ...data, reservations: one.takes.map((id) => `r${id}`), ...asked }, when);
    }
    case 'cancel':
      return eventOf('order.cancelled', { order: `o${one.id}`, reason: 'customer' }, when);
    case 'dispatch': {
      const lines = [{ line: '1', quantity: one.units }];
      return eventOf('fulfilment.dispatched', { order: `o${one.id}`, node: node!, shipment: 's', lines }, when);
    }
    case 'receive':
      return eventOf('stock.received', { sku: 'tea', node: node!, quantity: one.units }, when);
    case 'leak': {
      const quantity = one.units === 0 ? 1 : one.units;
      return eventOf('stock.adjusted', { sku: 'tea', node: node!, bucket: 'allocated', quantity, reason: 'x' }, when);
    }
    case 'mend':
      return eventOf('stock.leak-released', { sku: 'tea', node: node! }, when);
    case 'order': {
      const purchaseOrder = `p${one.id}`;
      const lines = [
        { line: '1', sku: 'tea', node: node!, quantity: one.units + 1, expectedAt: at + one.days * 6 * 60 * MINUTE },
      ];
      if (one.which === 0) return eventOf('purchase-order.cancelled', { purchaseOrder }, when);
      if (one.which === 1)
        return eventOf('purchase-order.changed', { purchaseOrder, lines: [{ line: '1', quantity: one.units }] }, when);
      if (one.which === 2)
        return eventOf('stock.received', { sku: 'tea', node: node!, quantity: one.units + 1, purchaseOrder }, when);
      return eventOf('purchase-order.confirmed', { purchaseOrder, supplier: 'kiln', lines }, when);
    }
    case 'protect': {
      const body = { rules: [{ name: 'club', segments: ['club'], quantity: one.units }] };
      const last = {
        lastUnits: [{ units: one.units, ranksUpTo: 10 }],
        ranks: [{ name: 'c', segments: ['club'], rank: 1 }],
      };
      return one.rank
        ? eventOf('policy.defined', { policy: 'allocation', body: last } as never, when)
        : eventOf('policy.defined', { policy: 'protection', body } as never, when);
    }
  }
}

const stockAt = (world: World, node: string): Stock | undefined => world.get('stock', ids.stock('tea', node));

/** Nobody but those a policy names may take what it keeps, whatever they ask for and in whatever order. */
function expectWithinPolicy(world: World, event: Event, before: Map<string, Stock | undefined>): void {
  if (event.type !== 'order.placed' && event.type !== 'reservation.held') return;
  const { segment = '' } = event.data as { segment?: string };
  const parked = event.type === 'order.placed' || (event.data as { owner: string }).owner === 'order';
  const draft = world.draft();
  const asker = { channel: 'web', segment, service: '', marginShare: 2 / 3, at: event.occurredAt };
  for (const node of NODES) {
    const [was, is] = [before.get(node), stockAt(world, node)];
    if (was === undefined || is === undefined || is.sellable >= was.sellable) continue;
    // Others in the queue, who are entitled to more, may have been served in the same event.
    const kept =
      parked && segment === '' && world.get('ledger', 'tea')!.waiting.length > 0
        ? []
        : keptAt(draft, asker, is, undefined);
    const least = Math.min(
      was.sellable,
      kept.reduce((sum, { quantity }) => sum + quantity, 0),
    );
    expect(is.sellable, `${event.type} at ${node}`).toBeGreaterThanOrEqual(least);
    expect(availableFor(draft, { buyer: asker, sku: 'tea', node })).toBeGreaterThanOrEqual(Math.min(0, was.sellable));
  }
}

it('reservations, buckets and queues agree after every event, and no policy is exceeded', { timeout: 30_000 }, () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 5, maxLength: 40, size: 'max' }), (list) => {
      const world = createWorld();
      openShop(world, { north: 6, south: 3 });
      for (const [place, one] of list.entries()) {
        const event = eventFor(one, T0 + place * MINUTE);
        const before = new Map(NODES.map((node) => [node as string, stockAt(world, node)]));
        const [fact] = world.apply(event);
        expect(fact!.effects.refused).not.toMatch(/internal fault/);
        expectSound(world);
        // Goods that have left are a fact, also when the node's report waited for this order.
        if (!fact!.effects.movements.some(({ to }) => to.place === 'customer'))
          expectWithinPolicy(world, event, before);
      }
    }),
    { numRuns: 60 },
  );
});
