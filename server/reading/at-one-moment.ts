/** Reading several states as they stood together: a commit lies before all of them or after all of them. */
import { Draft, type StateMaps, StateMissing } from '../../streams/operations/draft.ts';
import type { States } from '../../streams/operations/states.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import { type Keys, type StateKind, stateKinds } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';

export type Wanted = Map<StateKind, Set<string>>;
export type Loaded = Map<StateKind, Map<string, unknown>>;
export type Moment<T> = {
  answer: T;
  /** The sequence of the last fact in these states. */
  asOf: number;
  /** Every state that was looked at, undefined where there is none. */
  seen<K extends StateKind>(kind: K): Map<string, States[K] | undefined>;
};

/** A rule asks for states one after the other; each round brings at least one more. */
const ROUNDS_MAX = 400;

/**
 * Answers a question over states, whichever they turn out to be.
 * @param ask is called again from the beginning whenever it needs a state that was not read; it must change nothing else
 * @param wanted what it will surely need, so that few rounds are needed; grows by what it asks for
 * @throws Error when it asks for states without end
 */
export async function atOneMoment<T>(
  redis: Redis,
  keys: Keys,
  ask: (draft: Draft) => T,
  wanted: Wanted = new Map(),
): Promise<Moment<T>> {
  const { answer, asOf, loaded } = await untilNothingIsMissing(redis, keys, wanted, (states) =>
    missingOr(() => ask(new Draft(overlay(states, new Map())))),
  );
  const seen = (kind: StateKind) => (loaded.get(kind) ?? new Map()) as Map<string, never>;
  return { answer: answer as T, asOf, seen };
}

/** What the question answers, or which state it lacks. */
export function missingOr<T>(ask: () => T): T | StateMissing {
  try {
    return ask();
  } catch (error) {
    if (error instanceof StateMissing) return error;
    throw error;
  }
}

/** @param tryIt answers, or says which state is missing */
export async function untilNothingIsMissing<T>(
  redis: Redis,
  keys: Keys,
  wanted: Wanted,
  tryIt: (loaded: Loaded, asOf: number) => T | StateMissing,
): Promise<{ answer: T; asOf: number; loaded: Loaded }> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { loaded, asOf } = await readAtOnce(redis, keys, wanted);
    const answer = tryIt(loaded, asOf);
    if (!(answer instanceof StateMissing)) return { answer, asOf, loaded };
    want(wanted, answer.kind, answer.id);
  }
  throw new Error(`a question asked for more than ${ROUNDS_MAX} rounds of states`);
}

export function want(wanted: Wanted, kind: StateKind, id: string): void {
  const known = wanted.get(kind);
  if (known === undefined) wanted.set(kind, new Set([id]));
  else known.add(id);
}

/** In one transaction, so that no commit lies between two of the states. */
async function readAtOnce(redis: Redis, keys: Keys, wanted: Wanted): Promise<{ loaded: Loaded; asOf: number }> {
  const transaction = redis.multi().get(keys.checkpoint);
  const asked = [...wanted].filter(([, ids]) => ids.size > 0).map(([kind, ids]) => ({ kind, ids: [...ids] }));
  for (const { kind, ids } of asked) transaction.hmGet(keys.state(kind), ids);
  const [checkpoint, ...answers] = (await transaction.exec()) as unknown as [string | null, ...(string | null)[][]];
  const loaded: Loaded = new Map();
  for (const [index, { kind, ids }] of asked.entries()) {
    const values = answers[index]!;
    loaded.set(kind, new Map(ids.map((id, place) => [id, values[place] ? JSON.parse(values[place]) : undefined])));
  }
  return { loaded, asOf: checkpointOf(checkpoint).seq };
}

/** States as they were read, with what is written kept apart. */
export function overlay(loaded: Loaded, written: Loaded): StateMaps {
  const entries = stateKinds.map((kind) => {
    const map = {
      has: (id: string) => written.get(kind)?.has(id) || (loaded.get(kind)?.has(id) ?? false),
      get: (id: string) => (written.get(kind)?.has(id) ? written.get(kind)!.get(id) : loaded.get(kind)?.get(id)),
      set(id: string, state: unknown) {
        const own = written.get(kind);
        if (own === undefined) written.set(kind, new Map([[id, state]]));
        else own.set(id, state);
      },
      forget: (id: string) => void written.get(kind)?.delete(id),
    };
    return [kind, map];
  });
  return Object.fromEntries(entries) as StateMaps;
}
