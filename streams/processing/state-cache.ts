/**
 * The states the lease holder keeps in memory. Two generations: what was used since the last turn, and what was used
 * before; a state that nobody asks for falls out after two turns.
 */
import type { StateMap, StateMaps } from '../operations/draft.ts';
import { stateKinds } from './keys.ts';

/** States per kind in one generation. */
const GENERATION_MAX = 120_000;

class Generations<S> implements StateMap<S> {
  #young = new Map<string, S | undefined>();
  #old = new Map<string, S | undefined>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  get(id: string): S | undefined {
    const young = this.#young.get(id);
    if (young !== undefined) return young;
    const old = this.#old.get(id);
    if (old !== undefined) this.#young.set(id, old);
    return old;
  }

  set(id: string, state: S | undefined): void {
    this.#young.set(id, state);
    if (this.#old.size > 0) this.#old.delete(id);
  }

  forget(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }

  /** Only between commits: a state that was changed but not stored must never fall out. */
  turn(): void {
    if (this.#young.size < this.#max) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

export type StateCache = { maps: StateMaps; turn(): void };

/** @param generationMax states per kind in one generation */
export function createStateCache(generationMax = GENERATION_MAX): StateCache {
  const maps = Object.fromEntries(stateKinds.map((kind) => [kind, new Generations(generationMax)]));
  return {
    maps: maps as unknown as StateMaps,
    turn() {
      for (const kind of stateKinds) (maps[kind] as Generations<unknown>).turn();
    },
  };
}
