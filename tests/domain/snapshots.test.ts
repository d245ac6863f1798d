import { expect, test } from 'vitest';
import type { Event } from '../../streams/events/index.ts';
import { PARTS_DEADLINE, PARTS_WITHIN_MS } from '../../streams/operations/accuracy/snapshot.ts';
import { createWorld, eventOf, expectSound, HOUR, MINUTE, T0, type World } from '../support/fold.ts';

const SKUS = Array.from({ length: 40 }, (_, index) => `sku-${String(index).padStart(2, '0')}`);
type Rows = [string, number][];

/** Forty records with ten units each. */
function openWarehouse(): World {
  const world = createWorld();
  world.apply(
    eventOf('workspace.configured', { name: 'Shop', currency: 'EUR' }),
    ...SKUS.map((sku) => eventOf('item.defined', { sku, name: sku, unitCost: 100, abc: 'A' })),
    ...SKUS.map((sku) => eventOf('stock.received', { sku, node: 'north', quantity: 10 })),
  );
  return world;
}

type Given = { at?: number; receivedAt?: number; source?: string; part?: number; parts?: number; complete?: boolean };
const snapshot = (
  id: string,
  rows: Rows,
  { at = T0 + HOUR, receivedAt = at, source = 'wms', ...more }: Given = {},
): Event =>
  eventOf(
    'stock.snapshot',
    {
      snapshot: id,
      node: 'north',
      measure: 'on-hand',
      policy: 'authoritative',
      rows: rows.map(([sku, quantity]) => ({ sku, quantity })),
      ...more,
    },
    { at, receivedAt, source },
  );
const decided = (type: 'snapshot.approved' | 'snapshot.rejected', id: string, at: number): Event =>
  eventOf(type, { snapshot: id, by: 'Ana', reason: 'asked the warehouse' }, { at, source: 'tideline' });
const all = (quantity: (sku: string, index: number) => number): Rows =>
  SKUS.map((sku, index) => [sku, quantity(sku, index)]);
const sellable = (world: World) => SKUS.map((sku) => world.get('stock', `${sku}|north`)!.sellable);
const waiting = (world: World) =>
  world.all('exception').filter((exception) => exception.kind === 'snapshot-quarantined');

test('a snapshot that changes little is believed, row by row', () => {
  const world = openWarehouse();
  world.apply(
    snapshot(
      'S1',
      all((_, index) => (index < 5 ? 8 : 10)),
    ),
  );
  expect(sellable(world)).toEqual(SKUS.map((_, index) => (index < 5 ? 8 : 10)));
  expect(world.get('snapshot', 'S1')).toBeUndefined();
  expect(world.get('snapshot-feed', 'wms|north|on-hand')).toMatchObject({ lastSnapshot: 'S1', lastRows: 40 });
  expectSound(world);
});

test('what a complete snapshot leaves out is not there', () => {
  const world = openWarehouse();
  world.apply(snapshot('S1', all(() => 10).slice(3), { complete: true }));
  expect(sellable(world).slice(0, 4)).toEqual([0, 0, 0, 10]);
  world.apply(snapshot('S2', all(() => 10).slice(4), { at: T0 + 2 * HOUR }));
  expect(sellable(world).slice(0, 5), 'one that is not complete says nothing of the rest').toEqual([0, 0, 0, 10, 10]);
  expectSound(world);
});

test.each([
  ['rows', all(() => 10).slice(0, 30), 'rows, 25 % fewer'],
  ['sum', all((_, index) => (index < 10 ? 25 : 10)), '550 units in all, 37.5 % away from our 400'],
  ['share', all((_, index) => (index < 20 ? (index % 2 === 0 ? 8 : 12) : 10)), '20 of 40 records disagree'],
] as [string, Rows, string][])('one that changes too much by %s waits as a whole for a person', (_, rows, words) => {
  const world = openWarehouse();
  world.apply(
    snapshot(
      'S1',
      all(() => 10),
    ),
  );
  world.apply(snapshot('S2', rows, { at: T0 + 2 * HOUR }));
  expect(sellable(world)).toEqual(SKUS.map(() => 10));
  expect(waiting(world)).toMatchObject([{ subject: 'S2', node: 'north', source: 'wms' }]);
  expect(waiting(world)[0]!.detail).toContain(words);
  expectSound(world);

  world.apply(decided('snapshot.rejected', 'S2', T0 + 3 * HOUR));
  expect(sellable(world)).toEqual(SKUS.map(() => 10));
  expect(waiting(world)).toEqual([]);
  expect(world.all('snapshot')).toEqual([]);
  expectSound(world);
});

test('an approved snapshot takes effect as of its own moment, so that what moved since does no harm', () => {
  const world = openWarehouse();
  world.apply(
    snapshot(
      'S1',
      all(() => 5),
    ),
  );
  const sale = { sku: 'sku-00', node: 'north', quantity: -2, reason: 'till', against: 'loss', by: 'Ana' };
  world.apply(eventOf('stock.adjusted', sale, { at: T0 + 2 * HOUR }));
  world.apply(decided('snapshot.approved', 'S1', T0 + 3 * HOUR));
  expect(sellable(world).slice(0, 2)).toEqual([3, 5]);
  expect(waiting(world)).toEqual([]);
  expectSound(world);
});

test('a snapshot is decided on once, and not after two days', () => {
  const world = openWarehouse();
  world.apply(
    snapshot(
      'S1',
      all(() => 5),
    ),
  );
  const [late] = world.apply(decided('snapshot.approved', 'S1', T0 + 60 * HOUR));
  expect(late!.effects.refused).toContain('59 hours ago');
  world.apply(decided('snapshot.rejected', 'S1', T0 + 61 * HOUR));
  const [again] = world.apply(decided('snapshot.approved', 'S1', T0 + 61 * HOUR));
  expect(again!.effects.refused).toContain('no snapshot S1 waits');
});

test('the first snapshot of a node nobody knows is its opening, however much it states', () => {
  const world = createWorld();
  world.apply(
    snapshot(
      'S1',
      all(() => 1_000),
    ),
  );
  expect(sellable(world)).toEqual(SKUS.map(() => 1_000));
});

test('the parts of a snapshot may come in any order, and it is judged as a whole', () => {
  const rows = all(() => 9);
  const parts = [rows.slice(0, 20), rows.slice(20, 30), rows.slice(30)].map((part, index) =>
    snapshot('S1', part, { part: index + 1, parts: 3, complete: true }),
  );
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
  ]) {
    const world = openWarehouse();
    for (const index of order) {
      expect(sellable(world)).toEqual(SKUS.map(() => 10));
      world.apply(parts[index]!);
    }
    // Nine instead of ten is within the tolerance of drift, but the word of the system counts.
    expect(sellable(world)).toEqual(SKUS.map(() => 9));
    expect([...world.deadlines.keys()].filter((key) => key.includes(PARTS_DEADLINE))).toEqual([]);
    expectSound(world);
  }
});

test('parts that never come are noticed, and complete the snapshot when they come after all', () => {
  const world = openWarehouse();
  const [first, second] = [all(() => 10).slice(0, 20), all(() => 10).slice(20)];
  world.apply(snapshot('S1', first!, { part: 1, parts: 2, complete: true }));
  const due = T0 + HOUR + PARTS_WITHIN_MS;
  world.apply(
    eventOf(
      'deadline.passed',
      { clock: 'wms', kind: PARTS_DEADLINE, subject: 'S1', due },
      { at: due, source: 'tideline' },
    ),
  );
  expect(waiting(world)).toMatchObject([{ subject: 'S1' }]);
  const [approved] = world.apply(decided('snapshot.approved', 'S1', due + MINUTE));
  expect(approved!.effects.refused).toContain('1 of its 2 parts');
  world.apply(snapshot('S1', second!, { part: 2, parts: 2, complete: true, receivedAt: due + HOUR }));
  expect(waiting(world)).toEqual([]);
  expect(world.all('snapshot')).toEqual([]);
  expectSound(world);
});

test('a newer snapshot takes the place of one that waits; an older one changes nothing', () => {
  const world = openWarehouse();
  world.apply(
    snapshot(
      'S1',
      all(() => 5),
    ),
  );
  world.apply(
    snapshot(
      'S2',
      all(() => 10),
      { at: T0 + 2 * HOUR },
    ),
  );
  expect(waiting(world)).toEqual([]);
  world.apply(
    snapshot(
      'S3',
      all(() => 9),
      { at: T0 + HOUR + MINUTE },
    ),
  );
  expect(sellable(world)).toEqual(SKUS.map(() => 10));
  expectSound(world);
});

test('what cannot be right in a snapshot refuses it whole', () => {
  const world = openWarehouse();
  const [twice] = world.apply(
    snapshot('S1', [
      ['sku-00', 3],
      ['sku-00', 4],
    ]),
  );
  expect(twice!.effects.refused).toContain('states sku-00 twice');
  world.apply(
    snapshot(
      'S2',
      all(() => 5),
    ),
  );
  const [other] = world.apply(
    snapshot(
      'S2',
      all(() => 5),
      { source: 'erp' },
    ),
  );
  expect(other!.effects.refused).toContain('is one of wms');
  expect(sellable(world)).toEqual(SKUS.map(() => 10));
});
