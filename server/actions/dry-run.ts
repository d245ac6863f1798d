/**
 * What an event would do: the flow itself, over a copy of the states it needs as they stood at one moment. Nothing is
 * written, and what comes out is what the processor would make of the same event at that moment.
 */
import type { Event } from '../../streams/events/index.ts';
import { Draft, StateMissing } from '../../streams/operations/draft.ts';
import type { States } from '../../streams/operations/states.ts';
import type { Keys, StateKind } from '../../streams/processing/keys.ts';
import { beginBatch, type Catalog, type Fact, processBatch } from '../../streams/processing/process-batch.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { preload } from '../../streams/processing/state-store.ts';
import { type Loaded, missingOr, overlay, untilNothingIsMissing, type Wanted } from '../reading/at-one-moment.ts';

export type DryRun = {
  /** The sequence of the last fact before it: what it speaks of. */
  asOf: number;
  fact: Fact;
  /** States that the event would write, with what they were and would be; undefined where there is none. */
  changes: Change[];
  /** All states as they are and as they would be; what is read here is read from Redis at the same moment. */
  before: Draft;
  after: Draft;
};
export type Change<K extends StateKind = StateKind> = {
  [P in K]: { kind: P; id: string; before: States[P] | undefined; after: States[P] | undefined };
}[K];

/** Nothing is measured: KPIs follow from what really happens. */
const noMeasures: Catalog = { measureStep: () => [], measureEvent: () => [] };

/** @param look draws from the run what the caller wants to know; called again when it reads a state nobody has loaded */
export async function dryRun<T>(redis: Redis, keys: Keys, event: Event, look: (run: DryRun) => T): Promise<T> {
  const { answer } = await untilNothingIsMissing(redis, keys, await foreseen(redis, keys, event), (loaded, asOf) => {
    const written: Loaded = new Map();
    const batch = beginBatch(overlay(loaded, written), asOf);
    const { missing } = processBatch(batch, [event], 0, noMeasures);
    if (missing !== null) return new StateMissing(missing.kind, missing.id);
    const before = new Draft(overlay(loaded, new Map()));
    const after = new Draft(overlay(loaded, written));
    const changes = [...batch.draft.dirty].flatMap(([kind, ids]) =>
      [...ids].map((id) => ({ kind, id, before: before.get(kind, id), after: after.get(kind, id) }) as Change),
    );
    return missingOr(() => look({ asOf, fact: batch.facts[0]!, changes, before, after }));
  });
  return answer as T;
}

/** What the event will surely ask for, so that few rounds are needed. */
async function foreseen(redis: Redis, keys: Keys, event: Event): Promise<Wanted> {
  const states: Loaded = new Map();
  await preload(redis, keys, [event], overlay(states, states));
  return new Map([...states].map(([kind, known]) => [kind, new Set(known.keys())]));
}
