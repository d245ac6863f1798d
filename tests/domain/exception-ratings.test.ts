/** People say whether an exception was worth telling; it changes nothing else of it. */
import { describe, expect, test } from 'vitest';
import type { EventInput } from '../../streams/events/index.ts';
import { createWorld, eventOf, MINUTE, openShop, T0, type World } from '../support/fold.ts';

const LETTERS = 'dead-letters-waiting:shop';
const open = (world: World) => world.get('exception', LETTERS);
const letter = (at: number) =>
  eventOf('delivery.rejected', { deliveryId: 'd', source: 'shop', reason: 'x' }, { at, source: 'tideline' });
const settled = (at: number) =>
  eventOf('delivery.settled', { deliveryId: 'd', source: 'shop', how: 'replayed' }, { at, source: 'tideline' });
const rating = (said: Partial<EventInput<'exception.rated'>>, at: number) =>
  eventOf(
    'exception.rated',
    { exception: LETTERS, number: 'EX-1', by: 'Ana', useful: true, ...said },
    { at, source: 'tideline' },
  );

function openWorld(): World {
  const world = createWorld();
  openShop(world);
  world.apply(letter(T0));
  expect(open(world)?.id).toBe('EX-1');
  return world;
}

describe('a rating', () => {
  test('of each person the newest holds, whatever the order of arrival', () => {
    const world = openWorld();
    world.apply(
      rating({ useful: false, reason: 'known' }, T0 + 3 * MINUTE),
      rating({ useful: true }, T0 + 2 * MINUTE),
      rating({ by: 'Ben', useful: false }, T0 + MINUTE),
      rating({ by: 'Ben', useful: true, reason: 'after all' }, T0 + 4 * MINUTE),
    );
    expect(open(world)?.ratings).toEqual([
      { by: 'Ana', at: T0 + 3 * MINUTE, useful: false, reason: 'known' },
      { by: 'Ben', at: T0 + 4 * MINUTE, useful: true, reason: 'after all' },
    ]);
  });

  test('moves neither the condition nor the work, and overwrites nobody', () => {
    const world = openWorld();
    const { ratings: _, ...before } = open(world)!;
    world.apply(rating({}, T0 + MINUTE));
    const { ratings, ...after } = open(world)!;
    expect(after).toEqual(before);
    expect(ratings).toHaveLength(1);
    expect(world.facts.at(-1)!.effects.exceptions).toEqual([]);
  });

  test('after the end is taken for history, and never lands on the one that stands there since', () => {
    const world = openWorld();
    world.apply(settled(T0 + MINUTE), rating({ useful: false }, T0 + 2 * MINUTE));
    expect(open(world)).toBeUndefined();
    world.apply(letter(T0 + 3 * MINUTE), rating({ useful: false }, T0 + 4 * MINUTE));
    expect(open(world)?.id).toBe('EX-2');
    expect(open(world)?.ratings).toBeUndefined();
    expect(world.facts.map(({ effects }) => effects.refused).filter((words) => words !== '')).toEqual([]);
  });

  test('of an exception that never was is refused', () => {
    const world = openWorld();
    world.apply(rating({ number: 'EX-2' }, T0 + MINUTE), rating({ number: 'nonsense' }, T0 + MINUTE));
    const refused = world.facts.slice(-2).map(({ effects }) => effects.refused);
    expect(refused).toEqual(['there never was an exception EX-2', 'there never was an exception nonsense']);
    expect(open(world)?.ratings).toBeUndefined();
  });

  test('is kept of fifty people, the newest of them', () => {
    const world = openWorld();
    for (let person = 1; person <= 60; person++) world.apply(rating({ by: `p${person}` }, T0 + person * MINUTE));
    expect(open(world)?.ratings?.map(({ by }) => by)).toEqual(
      Array.from({ length: 50 }, (_, index) => `p${index + 11}`),
    );
  });
});
