/**
 * What an event would do: the flow itself, over a copy of the states it needs as they stood at one moment. Nothing is
 * written, and what comes out is what the processor would make of the same event at that moment.
 */
import type { Event } from '../../streams/events/index.ts';
import type { StateMaps } from '../../streams/operations/draft.ts';
import type { States } from '../../streams/operations/states.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { type Keys, type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import { beginBatch, type Catalog, type Fact, processBatch } from '../../streams/processing/process-batch.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { preload } from '../../streams/processing/state-store.ts';

export type DryRun = {
  /** The sequence of the last fact before it: what it speaks of. */
  asOf: number;
  fact: Fact;
  /** States that the event would write, with what they were and would be; undefined where there is none. */
  changes: Change[];
  /** Any state as it was, if it was looked at. */
  before<K extends StateKind>(kind: K, id: string): States[K] | undefined;
  after<K extends StateKind>(kind: K, id: string): States[K] | undefined;
};
export type Change<K extends StateKind = StateKind> = {
  [P in K]: { kind: P; id: string; before: States[P] | undefined; after: States[P] | undefined };
}[K];

type Wanted = Map<StateKind, Set<string>>;
type Loaded = Map<StateKind, Map<string, unknown>>;

/** Nothing is measured: KPIs follow from what really happens. */
const noMeasures: Catalog = { measureStep: () => [], measureEvent: () => [] };

/** A rule asks for states one after the other; each round brings at least one more. */
const ROUNDS_MAX = 400;

/**
 * @param also states to look at besides, for comparing before and after
 * @throws Error when the event asks for states without end
 */
export async function dryRun(redis: Redis, keys: Keys, event: Event, also: Wanted = new Map()): Promise<DryRun> {
  const wanted = await foreseen(redis, keys, event);
  for (const [kind, ids] of also) for (const id of ids) want(wanted, kind, id);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { loaded, asOf } = await readAtOnce(redis, keys, wanted);
    const written: Loaded = new Map();
    const batch = beginBatch(overlay(loaded, written), asOf);
    const { missing } = processBatch(batch, [event], 0, noMeasures);
    if (missing !== null) {
      want(wanted, missing.kind, missing.id);
      continue;
    }
    const before = (kind: StateKind, id: string) => loaded.get(kind)?.get(id);
    const after = (kind: StateKind, id: string) => {
      const own = written.get(kind);
      return own?.has(id) ? own.get(id) : before(kind, id);
    };
    const changes = [...batch.draft.dirty].flatMap(([kind, ids]) =>
      [...ids].map((id) => ({ kind, id, before: before(kind, id), after: after(kind, id) }) as Change),
    );
    return { asOf, fact: batch.facts[0]!, changes, before, after } as DryRun;
  }
  throw new Error(`${event.type} asked for more than ${ROUNDS_MAX} rounds of states`);
}

/** What the event will surely ask for, so that few rounds are needed. */
async function foreseen(redis: Redis, keys: Keys, event: Event): Promise<Wanted> {
  const wanted: Wanted = new Map();
  const states = new Map<StateKind, Map<string, unknown>>();
  const maps = overlay(states, states);
  await preload(redis, keys, [event], maps);
  for (const [kind, known] of states) for (const id of known.keys()) want(wanted, kind, id);
  return wanted;
}

function want(wanted: Wanted, kind: StateKind, id: string): void {
  const known = wanted.get(kind);
  if (known === undefined) wanted.set(kind, new Set([id]));
  else known.add(id);
}

/** In one transaction, so that no commit lies between two of the states. */
async function readAtOnce(redis: Redis, keys: Keys, wanted: Wanted): Promise<{ loaded: Loaded; asOf: number }> {
  const transaction = redis.multi().get(keys.checkpoint);
  const asked = [...wanted].map(([kind, ids]) => ({ kind, ids: [...ids] }));
  for (const { kind, ids } of asked) transaction.hmGet(keys.state(kind), ids);
  const [checkpoint, ...answers] = (await transaction.exec()) as unknown as [string | null, ...(string | null)[][]];
  const loaded: Loaded = new Map();
  for (const [index, { kind, ids }] of asked.entries()) {
    const values = answers[index]!;
    loaded.set(kind, new Map(ids.map((id, at) => [id, values[at] ? JSON.parse(values[at]) : undefined])));
  }
  return { loaded, asOf: checkpointOf(checkpoint).seq };
}

/** States as they were read, with what is written kept apart. */
function overlay(loaded: Loaded, written: Loaded): StateMaps {
  const entries = stateKinds.map((kind) => {
    const own = new Map<string, unknown>();
    const map = {
      has: (id: string) => written.get(kind)?.has(id) || (loaded.get(kind)?.has(id) ?? false),
      get: (id: string) => (written.get(kind)?.has(id) ? written.get(kind)!.get(id) : loaded.get(kind)?.get(id)),
      set(id: string, state: unknown) {
        if (!written.has(kind)) written.set(kind, own);
        written.get(kind)!.set(id, state);
      },
      forget: (id: string) => void written.get(kind)?.delete(id),
    };
    return [kind, map];
  });
  return Object.fromEntries(entries) as StateMaps;
}
