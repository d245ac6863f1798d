import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalog } from '../../analytics/kpis/index.ts';
import type { Event } from '../../streams/events/index.ts';
import { stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, processBatch } from '../../streams/processing/process-batch.ts';
import { createWorld, expectSound } from '../support/fold.ts';
import { commands, eventsOf } from '../support/kpi-history.ts';

const RUNS = 60;
const history = commands(1, 60).map((list) => eventsOf(list));

/** The same events in another order, chosen by a seed. */
function shuffled(events: Event[], seed: number): Event[] {
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return events
    .map((event) => ({ event, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ event }) => event);
}

test('units are conserved, reservations add up and exceptions match the states after any history', () => {
  fc.assert(
    fc.property(history, (events) => {
      const world = createWorld();
      world.apply(...events);
      expectSound(world);
    }),
    { numRuns: RUNS },
  );
});

test('the same holds in whatever order the events arrive', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 1e9 }), (events, seed) => {
      const world = createWorld();
      world.apply(...shuffled(events, seed));
      expectSound(world);
    }),
    { numRuns: RUNS },
  );
});

test('how the log is cut into batches, and whether states come from memory or from Redis, changes no byte', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 20 }), (events, size) => {
      const whole = createWorld();
      whole.apply(...events);
      const cut = createWorld();
      for (let from = 0; from < events.length; from += size) {
        cut.apply(...events.slice(from, from + size));
        // What is read back from Redis has been through JSON.
        for (const kind of stateKinds) {
          for (const [id, text] of Object.entries(cut.snapshot()[kind]!))
            cut.maps[kind].set(id, JSON.parse(text as string));
        }
      }
      expect(cut.snapshot()).toEqual(whole.snapshot());
      expect([...cut.deadlines].sort()).toEqual([...whole.deadlines].sort());
    }),
    { numRuns: 30 },
  );
});

test('a state that is fetched only when a rule asks for it changes no byte', () => {
  fc.assert(
    fc.property(
      commands(1, 25).map((list) => eventsOf(list)),
      (events) => {
        const known = createWorld();
        known.apply(...events);
        expect(lazily(events)).toEqual(known.snapshot());
      },
    ),
    { numRuns: 20 },
  );
});

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
