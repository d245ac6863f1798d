import { describe, expect, it } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import { changeOf } from '../../server/http/contract/settings-changes.ts';
import { unknownFields } from '../../server/settings/compare.ts';
import { differencesOf, type Figures, measureFacts } from '../../server/settings/trial/compare-folds.ts';
import { foldInMemory } from '../../server/settings/trial/fold-in-memory.ts';
import { createWorld, eventOf, HOUR, MINUTE, openShop, orderOf, T0 } from '../support/fold.ts';

describe('a document of settings', () => {
  it('names every field that nothing knows, wherever it stands', () => {
    const given = {
      nodes: [{ node: 'BER-1', cutoff: '16:00' }],
      policies: { ownership: { rules: [{ owner: 'x', nod: 'y' }] } },
    };
    const checked = {
      nodes: [{ node: 'BER-1', cutOff: '16:00' }],
      policies: { ownership: { rules: [{ owner: 'x' }] } },
    };
    expect(unknownFields(given, checked)).toEqual(['nodes.0.cutoff', 'policies.ownership.rules.0.nod']);
    expect(unknownFields(checked, checked)).toEqual([]);
  });

  it('changes nothing when it says what is so already, whatever the order of its keys', () => {
    expect(changeOf('nodes', 'A', { a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBeNull();
    expect(changeOf('nodes', 'A', { a: 1, b: { c: 2 } }, { a: 1, b: { c: 3, d: 4 } })).toEqual({
      part: 'nodes',
      id: 'A',
      change: 'changed',
      fields: [
        { path: 'b.c', before: 2, after: 3 },
        { path: 'b.d', before: null, after: 4 },
      ],
    });
    expect(changeOf('nodes', 'A', undefined, { a: 1 })?.change).toBe('added');
  });
});

describe('policies', () => {
  const rules = (owner: string) => ({ policy: 'ownership' as const, body: { rules: [{ owner }] } });

  it('count their versions, and the newest by business time wins whatever comes last', () => {
    const world = createWorld();
    world.apply(
      eventOf('policy.defined', rules('Ada'), { at: T0 + HOUR }),
      eventOf('policy.defined', rules('Bob'), { at: T0 }),
    );
    expect(world.get('policy', 'ownership')).toMatchObject({ version: 1, body: rules('Ada').body });
    world.apply(eventOf('policy.defined', rules('Eve'), { at: T0 + 2 * HOUR }));
    expect(world.get('policy', 'ownership')).toMatchObject({ version: 2, body: rules('Eve').body });
  });

  it('of two changes made from the same version, one is refused', () => {
    const world = createWorld();
    const [, second] = world.apply(
      eventOf('policy.defined', { ...rules('Ada'), basedOn: 0 }, { at: T0 }),
      eventOf('policy.defined', { ...rules('Bob'), basedOn: 0 }, { at: T0 + 1 }),
    );
    expect(second!.effects.refused).toContain('at version 1');
    expect(world.get('policy', 'ownership')).toMatchObject({ version: 1, body: rules('Ada').body });
  });
});

describe('the fold in memory', () => {
  const shop = () => {
    const world = createWorld();
    openShop(world);
    return world.facts.map((fact) => fact.event);
  };

  it('does what the live flow does, and a branch goes on by itself', () => {
    const events = [...shop(), orderOf('1', 12), orderOf('2', 9)];
    const fold = foldInMemory(catalog);
    fold.apply(events.slice(0, -1));
    const branch = fold.branch();
    fold.apply(events.slice(-1));
    const world = createWorld();
    world.apply(...events);
    expect([...fold.all('stock')]).toEqual(world.all('stock'));
    expect([...fold.all('exception')]).toEqual(world.all('exception'));
    expect([...branch.all('order')].map(({ order }) => order)).toEqual(['1']);
  });

  it('lets deadlines pass before the first event that arrives after them', () => {
    const fold = foldInMemory(catalog);
    const promise = { shipBy: T0 + 3 * HOUR };
    const facts = fold.applyInTime([
      ...shop(),
      orderOf('1', 1, promise),
      eventOf('item.defined', { sku: 'rum', name: 'Rum' }, { at: T0 + 4 * HOUR }),
    ]);
    const passed = facts.filter(({ event }) => event.type === 'deadline.passed');
    expect(passed.map(({ event }) => event.data)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'ship-by-risk', due: T0 + HOUR }),
        expect.objectContaining({ kind: 'ship-by', due: T0 + 3 * HOUR }),
      ]),
    );
    expect(facts.at(-1)!.event.type).toBe('item.defined');
    expect([...fold.all('exception')].map(({ kind }) => kind)).toContain('ship-by-at-risk');
  });

  it('tells which decisions and figures differ between two folds', () => {
    const one = foldInMemory(catalog);
    one.apply(shop());
    const other = one.branch();
    // In the other world somebody takes the stock first.
    other.apply([
      eventOf('stock.adjusted', { sku: 'tea', node: 'north', quantity: -10, reason: 'gone' }, { at: T0 + MINUTE }),
    ]);
    const order = orderOf('1', 8, {}, { at: T0 + 2 * MINUTE });
    const [was, now] = [one.apply([order]), other.apply([order])];
    const figures = (facts: typeof was) => {
      const sums: Figures = {};
      measureFacts(sums, facts);
      return sums;
    };
    expect(figures(was)).toMatchObject({ 'lines accepted': 1, 'units short when accepted': 0, 'units allocated': 8 });
    expect(figures(now)).toMatchObject({ 'lines short when accepted': 1, 'units short when accepted': 3 });
    expect(differencesOf(was, was)).toEqual([]);
    expect(differencesOf(was, now)).toEqual([
      { order: '1', line: '', asItWas: 'north 8', asTried: 'south 5, missing 3' },
    ]);
  });
});
