/**
 * The states one event may read and write while it is being applied. A rule that needs a state nobody has loaded throws
 * `StateMissing`; the event is undone, the state is fetched, and the event is applied again: rules never wait.
 */

import type { Bucket } from '../events/fields.ts';
import type { Event } from '../events/index.ts';
import type { StateKind } from '../processing/keys.ts';
import type { Decision, Effects, ExceptionChange, Instruction, Movement, Transition } from './effects.ts';
import type { States } from './states.ts';

export class StateMissing extends Error {
  readonly kind: StateKind;
  readonly id: string;
  constructor(kind: StateKind, id: string) {
    super(`state ${kind} ${id} is not loaded`);
    this.kind = kind;
    this.id = id;
  }
}

/** The business refuses this event: the reason is shown, and nothing of the event is applied. */
export class Refused extends Error {}

/** Loaded states; `undefined` as a value means: known to be absent. */
export type StateMaps = { [K in StateKind]: StateMap<States[K]> };
export type StateMap<S> = {
  has(id: string): boolean;
  get(id: string): S | undefined;
  set(id: string, state: S | undefined): void;
  /** Makes the state unknown again, as if it had never been loaded. */
  forget(id: string): void;
};

/** `setBy` is the id of the event that did it: a deadline set anew for the same moment is another deadline. */
export type DeadlineChange = { source: string; kind: string; subject: string; due: number | null; setBy: string };

/** A change of one bucket that became known after somebody stated what was there later. */
export type LateChange = { sku: string; node: string; bucket: Bucket; delta: number; crossing: boolean; at: number };

type Undo = { kind: StateKind; id: string; loaded: boolean; before: unknown };

export class Draft {
  /** States written since the last commit, per kind. */
  readonly dirty: Map<StateKind, Set<string>> = new Map();
  readonly deadlines: Map<string, DeadlineChange> = new Map();
  effects: Effects = noEffects();
  /** Set by rules during one event, read when it has been applied. */
  touched: Map<StateKind, Set<string>> = new Map();
  /** `sku|node` whose sellable stock grew. */
  replenished: Set<string> = new Set();
  /** Changes of stock from before a count or an assertion that already speaks of them. */
  late: LateChange[] = [];

  readonly #states: StateMaps;
  #undo: Undo[] = [];
  #newDeadlines: DeadlineChange[] = [];
  /** When the event at hand was received: the newest moment a rule may know of. */
  now = 0;
  /** The event at hand, for states that name what changed them. */
  event: Event | undefined;

  constructor(states: StateMaps) {
    this.#states = states;
  }

  begin(now: number, event?: Event): void {
    this.now = now;
    this.event = event;
    this.effects = noEffects();
    this.#undo = [];
    this.#newDeadlines = [];
    this.touched = new Map();
    this.replenished = new Set();
    this.late = [];
  }

  /** Takes back everything the event at hand has written. */
  abort(): void {
    this.#takeBack(this.#undo);
    this.begin(this.now, this.event);
  }

  /**
   * Applies a part of an event that may be refused by itself: then only this part is taken back.
   * @returns why it was refused; null when it was not
   */
  attempt(part: () => void): Refused | null {
    const { movements, transitions, exceptions, decisions, instructions } = this.effects;
    const lists: unknown[][] = [movements, transitions, exceptions, decisions, instructions];
    const lengths = lists.map((list) => list.length);
    const [undoFrom, deadlinesFrom, lateFrom] = [this.#undo.length, this.#newDeadlines.length, this.late.length];
    const orders = new Set(this.effects.orders);
    const replenished = new Set(this.replenished);
    try {
      part();
      return null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#takeBack(this.#undo.splice(undoFrom));
      this.#newDeadlines.length = deadlinesFrom;
      this.late.length = lateFrom;
      for (const [index, list] of lists.entries()) list.length = lengths[index]!;
      this.effects.orders = orders;
      this.replenished = replenished;
      return error;
    }
  }

  #takeBack(undo: Undo[]): void {
    for (const { kind, id, loaded, before } of undo.reverse()) {
      const states = this.#states[kind] as StateMap<unknown>;
      if (loaded) states.set(id, before);
      else states.forget(id);
    }
  }

  /** Keeps what the event has written. */
  accept(): void {
    for (const { kind, id } of this.#undo) {
      const ids = this.dirty.get(kind);
      if (ids === undefined) this.dirty.set(kind, new Set([id]));
      else ids.add(id);
    }
    for (const change of this.#newDeadlines) {
      this.deadlines.set(`${change.source}|${change.kind}|${change.subject}`, change);
    }
    this.#undo = [];
    this.#newDeadlines = [];
  }

  get<K extends StateKind>(kind: K, id: string): States[K] | undefined {
    const states = this.#states[kind] as StateMap<States[K]>;
    const state = states.get(id);
    if (state === undefined && !states.has(id)) throw new StateMissing(kind, id);
    return state;
  }

  /** @param before the state as it was, where the caller has read it already */
  put<K extends StateKind>(kind: K, id: string, state: States[K], before = this.get(kind, id)): void {
    this.#undo.push({ kind, id, loaded: true, before });
    (this.#states[kind] as StateMap<States[K]>).set(id, state);
  }

  /** Removes a state; it need not be loaded. */
  remove(kind: StateKind, id: string): void {
    const states = this.#states[kind] as StateMap<unknown>;
    this.#undo.push({ kind, id, loaded: states.has(id), before: states.get(id) });
    states.set(id, undefined);
  }

  /** Asks for this state to be judged by the exception rules that watch its kind, once the event has been applied. */
  touch(kind: StateKind, id: string): void {
    const ids = this.touched.get(kind);
    if (ids === undefined) this.touched.set(kind, new Set([id]));
    else ids.add(id);
  }

  setDeadline(source: string, kind: string, subject: string, due: number): void {
    this.#newDeadlines.push({ source, kind, subject, due, setBy: this.event?.id ?? '' });
  }

  clearDeadline(source: string, kind: string, subject: string): void {
    this.#newDeadlines.push({ source, kind, subject, due: null, setBy: '' });
  }

  movement(movement: Movement): void {
    this.effects.movements.push(movement);
  }

  transition(transition: Transition): void {
    this.effects.transitions.push(transition);
  }

  decision(decision: Decision): void {
    this.effects.decisions.push(decision);
  }

  instruct(instruction: Instruction): void {
    this.effects.instructions.push(instruction);
  }

  exceptionChange(change: ExceptionChange): void {
    this.effects.exceptions.push(change);
  }
}

function noEffects(): Effects {
  return {
    movements: [],
    transitions: [],
    exceptions: [],
    decisions: [],
    instructions: [],
    orders: new Set(),
    refused: '',
  };
}
