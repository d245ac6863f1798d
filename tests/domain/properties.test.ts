/** What holds of every history, whatever is in it and however it arrives. A failure names its seed. */
import { describe, expect, test } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import { randomOf } from '../../server/simulated-company/random.ts';
import type { Event } from '../../streams/events/index.ts';
import { ids } from '../../streams/operations/states.ts';
import { type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, type Fact, processBatch } from '../../streams/processing/process-batch.ts';
import { createWorld, expectSound, type World } from '../support/fold.ts';
import { logOf, shuffled } from '../support/random-log.ts';

const seedsUpTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe('of every history it is true that', () => {
  test('units are conserved, what is allocated is reserved, and open exceptions are what the states show', () => {
    for (const seed of seedsUpTo(40)) {
      const world = createWorld();
      world.apply(...logOf(seed, { overtakes: seed % 3 === 0 ? 30 : 0 }));
      withSeed(seed, () => expectSound(world));
    }
  });

  test('how the log is cut into batches, and when states come from Redis, changes no byte', () => {
    for (const seed of seedsUpTo(15)) {
      const events = logOf(seed);
      const random = randomOf(seed, 'cuts');
      const whole = createWorld();
      whole.apply(...events);
      const cut = createWorld();
      for (let from = 0; from < events.length; ) {
        const to = from + random.int(1, 25);
        cut.apply(...events.slice(from, to));
        throughJson(cut);
        from = to;
      }
      withSeed(seed, () => expectSame(cut, whole));
    }
  });

  test('a state that is fetched only when a rule asks for it changes no byte', () => {
    for (const seed of seedsUpTo(8)) {
      const events = logOf(seed, { events: 70 });
      const known = createWorld();
      known.apply(...events);
      withSeed(seed, () => expect(lazily(events)).toEqual(known.snapshot()));
    }
  });

  test('no rule fails: what is not done is refused with a reason that names something', () => {
    for (const seed of seedsUpTo(60)) {
      const world = createWorld();
      world.apply(...logOf(seed, { overtakes: 10 }));
      const faults = world.facts.filter(({ effects }) => effects.refused.startsWith('internal fault'));
      expect(faults.map(({ event, effects }) => `seed ${seed}: ${event.type} ${effects.refused}`)).toEqual([]);
    }
  });

  test('a refused event changes no stock, no order and no reservation', () => {
    const watched: StateKind[] = ['stock', 'ledger', 'order', 'reservation', 'totals', 'backlog', 'wave'];
    const others = stateKinds.filter((kind) => !watched.includes(kind));
    for (const seed of seedsUpTo(12)) {
      const world = createWorld();
      for (const event of logOf(seed, { overtakes: 15 })) {
        const before = world.snapshot(...others);
        const [fact] = world.apply(event);
        // A parent takes effect although one of its parked children is refused.
        if (fact!.effects.refused === '' || event.type === 'order.placed') continue;
        withSeed(seed, () => expect(world.snapshot(...others), event.type).toEqual(before));
      }
    }
  });
});

describe('what we promise', () => {
  test('is never more than what is on sale beyond safety stock, in whatever order demand arrives', () => {
    for (const seed of seedsUpTo(40)) {
      const world = createWorld();
      for (const event of logOf(seed, { overtakes: 20 })) {
        // With a placed order its parked children take effect too, and those are words of others.
        const children = event.type === 'order.placed' && world.get('parked', event.data.order) !== undefined;
        const [fact] = world.apply(event);
        if (!children) withSeed(seed, () => expectWithinPolicy(world, fact!));
      }
    }
  });
});

/** Others may allocate what we would not, and people may move what they like: only our own grants are judged. */
const ours: ReadonlySet<Event['type']> = new Set([
  'order.placed',
  'order.edited',
  'reservation.held',
  'stock.received',
]);

function expectWithinPolicy(world: World, { event, effects }: Fact): void {
  if (!ours.has(event.type) || world.get('workspace', ids.workspace)?.mode !== 'decide') return;
  if (event.type === 'reservation.held' && event.data.owner === 'order') return;
  // Backwards from what is there now, so that each grant is judged by what it left itself.
  const now = new Map<string, number>();
  for (const { sku, from, to, quantity, order } of effects.movements.toReversed()) {
    const record = (node: string) =>
      now.get(ids.stock(sku, node)) ?? world.get('stock', ids.stock(sku, node))!.sellable;
    if (from.place === 'sellable') {
      const left = record(from.node);
      now.set(ids.stock(sku, from.node), left + quantity);
      if (to.place !== 'allocated') continue;
      const kept = keptFrom(world, event, order, sku);
      const words = `${event.type} took ${quantity} of ${sku} at ${from.node}, of which ${kept} were to be kept`;
      expect(left, words).toBeGreaterThanOrEqual(kept);
    }
    if (to.place === 'sellable') now.set(ids.stock(sku, to.node), record(to.node) - quantity);
  }
}

/** Units that this buyer must leave, read from the policies without the code that applies them. */
function keptFrom(world: World, event: Event, order: string, sku: string): number {
  const channel = event.type === 'reservation.held' ? event.data.channel : world.get('order', order)?.channel;
  const safety = world.get('item', sku)?.safetyStock ?? 0;
  const protection = world.get('policy', 'protection')?.body as { rules: Protection[] } | undefined;
  const forOthers = (protection?.rules ?? [])
    .filter((rule) => !rule.channels.includes(channel ?? '') && (rule.sku ?? sku) === sku)
    .map((rule) => rule.quantity);
  const allocation = world.get('policy', 'allocation')?.body as { lastUnits: { units: number }[] } | undefined;
  // The one ranking of these histories lets `web` take the last units and nobody else.
  const last = channel === 'web' ? [] : (allocation?.lastUnits ?? []).map(({ units }) => units);
  return safety + Math.max(0, ...forOthers, ...last);
}
type Protection = { channels: string[]; sku?: string; quantity: number };

describe('in whatever order they arrive', () => {
  /** Facts about goods alone: nothing is promised, so nothing depends on who came first. */
  const goods: Event['type'][] = ['stock.received', 'stock.adjusted', 'stock.condition-changed', 'stock.voided'];

  test('movements and their corrections give the same stock, the same costs and the same totals', () => {
    for (const seed of seedsUpTo(50)) {
      const [opening, told] = ofTypes(logOf(seed, { events: 160, lateShare: 0 }), goods);
      const events = correctedOnce(told);
      const [inOrder, mixed] = [createWorld(), createWorld()];
      inOrder.apply(...opening, ...events);
      mixed.apply(...opening, ...shuffled(events, randomOf(seed, 'order')));
      withSeed(seed, () => expect(goodsOf(mixed)).toEqual(goodsOf(inOrder)));
    }
  });

  test('counts and authoritative statements among movements give the same stock', () => {
    const types: Event['type'][] = ['stock.received', 'stock.adjusted', 'stock.counted', 'stock.asserted'];
    for (const seed of seedsUpTo(50)) {
      const [opening, told] = ofTypes(logOf(seed, { events: 160, lateShare: 0 }), types);
      const events = farApart(told);
      const [inOrder, mixed] = [createWorld(), createWorld()];
      inOrder.apply(...opening, ...events);
      mixed.apply(...opening, ...shuffled(events, randomOf(seed, 'order')));
      withSeed(seed, () => expect(bucketsOf(mixed)).toEqual(bucketsOf(inOrder)));
    }
  });

  test('master data and policies end as they were defined last', () => {
    const defined: Event['type'][] = ['item.defined', 'node.defined', 'channel.defined', 'source.defined'];
    for (const seed of seedsUpTo(40)) {
      const [, events] = ofTypes(logOf(seed, { events: 200, lateShare: 0 }), [...defined, 'policy.defined']);
      const [inOrder, mixed] = [createWorld(), createWorld()];
      inOrder.apply(...events);
      mixed.apply(...shuffled(events, randomOf(seed, 'order')));
      const kinds: StateKind[] = ['item', 'node', 'channel'];
      for (const kind of kinds)
        withSeed(seed, () =>
          expect(sorted(mixed.all(kind).map(withoutVersion))).toEqual(sorted(inOrder.all(kind).map(withoutVersion))),
        );
      withSeed(seed, () =>
        expect(sorted(mixed.all('policy').map(({ policy, body }) => ({ policy, body })))).toEqual(
          sorted(inOrder.all('policy').map(({ policy, body }) => ({ policy, body }))),
        ),
      );
    }
  });
});

function withSeed(seed: number, check: () => void): void {
  try {
    check();
  } catch (error) {
    (error as Error).message = `seed ${seed}: ${(error as Error).message}`;
    throw error;
  }
}

function throughJson(world: World): void {
  for (const [kind, states] of Object.entries(world.snapshot())) {
    for (const [id, text] of Object.entries(states)) world.maps[kind as StateKind].set(id, JSON.parse(text as string));
  }
}

function expectSame(one: World, other: World): void {
  expect(one.snapshot()).toEqual(other.snapshot());
  expect([...one.deadlines].sort()).toEqual([...other.deadlines].sort());
}

/** Applies events with nothing loaded: every state has to be asked for, one by one. */
function lazily(events: Event[]) {
  const stored = createWorld();
  let seq = 0;
  for (const event of events) {
    const loaded = new Set<string>();
    const maps = Object.fromEntries(
      stateKinds.map((kind) => [
        kind,
        {
          has: (id: string) => loaded.has(`${kind} ${id}`),
          get: (id: string) => (loaded.has(`${kind} ${id}`) ? stored.maps[kind].get(id) : undefined),
          set: (id: string, state: never) => {
            loaded.add(`${kind} ${id}`);
            stored.maps[kind].set(id, state);
          },
          forget: (id: string) => void loaded.delete(`${kind} ${id}`),
        },
      ]),
    ) as never;
    const batch = beginBatch(maps, seq);
    for (let from = 0; ; ) {
      const { next, missing } = processBatch(batch, [event], from, catalog);
      from = next;
      if (missing === null) break;
      loaded.add(`${missing.kind} ${missing.id}`);
    }
    seq = batch.seq;
  }
  return stored.snapshot();
}

/** @returns what sets the scene, and the events of these types */
function ofTypes(events: Event[], types: Event['type'][]): [Event[], Event[]] {
  const scene: Event['type'][] = ['workspace.configured', 'channel.defined', 'item.defined'];
  const first = events.slice(0, 9).filter(({ type }) => scene.includes(type));
  return [first, events.filter((event) => types.includes(event.type) && !first.includes(event))];
}

const bucketsOf = (world: World) =>
  sorted(
    world.all('stock').map(({ sku, node, sellable, allocated, quarantined, damaged }) => ({
      sku,
      node,
      sellable,
      allocated,
      quarantined,
      damaged,
    })),
  );

const goodsOf = (world: World) => ({
  buckets: bucketsOf(world),
  ledgers: sorted(
    world.all('ledger').map(({ sku, supplier, loss, unknown, cost }) => ({ sku, supplier, loss, unknown, cost })),
  ),
  totals: sorted(world.all('totals')),
});

const withoutVersion = (state: object) => ({ ...state, version: 0 });
const sorted = <T>(list: T[]): T[] => list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Which of two corrections of the same event holds is decided by who comes first: that is what the domain orders. */
function correctedOnce(events: Event[]): Event[] {
  const corrected = new Set<string>();
  const corrections = new Set(events.filter(({ corrects }) => corrects !== undefined).map(({ id }) => id));
  return events.filter(({ corrects }) => {
    if (corrects === undefined) return true;
    if (corrected.has(corrects) || corrections.has(corrects)) return false;
    corrected.add(corrects);
    return true;
  });
}

const APART_MS = 4 * 3_600_000 + 60_000;
const TOLD_MAX = 16;

/** Far enough apart that a record tells them apart for the three days it does so: each record's first few events. */
function farApart(events: Event[]): Event[] {
  const told = new Map<string, number>();
  return events.flatMap((event): Event[] => {
    const { sku, node, countedAt: _, ...data } = event.data as { sku: string; node: string; countedAt?: number };
    const place = told.get(`${sku}|${node}`) ?? 0;
    told.set(`${sku}|${node}`, place + 1);
    if (place >= TOLD_MAX || event.corrects !== undefined) return [];
    const at = event.receivedAt - (event.receivedAt % APART_MS) + place * APART_MS;
    const treated = event.type === 'stock.asserted' ? { policy: 'authoritative' } : {};
    const moved = { ...event, occurredAt: at, observedAt: at, data: { ...data, sku, node, ...treated } };
    return [moved as unknown as Event];
  });
}
