/** The flow over states in memory, with a clock of its own: deadlines pass as the folded events reach them. */
import type { Event } from '../../../streams/events/index.ts';
import type { StateMap, StateMaps } from '../../../streams/operations/draft.ts';
import { OWN_SOURCE } from '../../../streams/operations/sources/source.ts';
import { ids, type States } from '../../../streams/operations/states.ts';
import { type StateKind, stateKinds } from '../../../streams/processing/keys.ts';
import {
  beginBatch,
  type Catalog,
  type DeadlineChange,
  type Fact,
  processBatch,
} from '../../../streams/processing/process-batch.ts';
import { clockOf } from '../../jobs/pass-deadlines.ts';

/** Whatever is not here does not exist: nothing is ever loaded. */
class InMemory<S> implements StateMap<S> {
  readonly states: Map<string, S>;
  constructor(states: Map<string, S> = new Map()) {
    this.states = states;
  }
  has(): boolean {
    return true;
  }
  get(id: string): S | undefined {
    return this.states.get(id);
  }
  set(id: string, state: S | undefined): void {
    if (state === undefined) this.states.delete(id);
    else this.states.set(id, state);
  }
  forget(id: string): void {
    this.states.delete(id);
  }
}

/** How often, in the time of arrivals, it is looked whether a deadline has passed: as often as the live job does. */
const LOOK_EVERY_MS = 1_000;

type Deadline = DeadlineChange & { due: number };
type Contents = { states: Map<string, Map<string, unknown>>; deadlines: Map<string, Deadline>; seq: number };

export type Fold = {
  readonly maps: StateMaps;
  /** @returns what each event did */
  apply(events: Event[]): Fact[];
  /** The same, and every second of arrivals what is due by then passes first. */
  applyInTime(events: Event[]): Fact[];
  all<K extends StateKind>(kind: K): Iterable<States[K]>;
  /** A second fold that goes on from here by itself. States are never changed in place, so only the maps are copied. */
  branch(): Fold;
};

const nothing = (): Contents => ({
  states: new Map(stateKinds.map((kind) => [kind, new Map()])),
  deadlines: new Map(),
  seq: 0,
});

export function foldInMemory(catalog: Catalog, contents: Contents = nothing()): Fold {
  const { states, deadlines } = contents;
  const maps = Object.fromEntries([...states].map(([kind, map]) => [kind, new InMemory(map)])) as unknown as StateMaps;
  let { seq } = contents;
  /** No deadline is due before this. */
  let nextDue = earliest(deadlines);
  let lookedAt = Number.NEGATIVE_INFINITY;

  function apply(events: Event[]): Fact[] {
    if (events.length === 0) return [];
    const batch = beginBatch(maps, seq);
    processBatch(batch, events, 0, catalog);
    seq = batch.seq;
    for (const [key, change] of batch.draft.deadlines) {
      if (change.due === null) deadlines.delete(key);
      else {
        deadlines.set(key, change as Deadline);
        nextDue = Math.min(nextDue, change.due);
      }
    }
    return batch.facts;
  }

  function applyInTime(events: Event[]): Fact[] {
    const facts: Fact[] = [];
    let from = 0;
    for (const [index, { receivedAt }] of events.entries()) {
      // What waits to be applied may set deadlines of its own.
      // A past that was poured in arrived within minutes: deadlines of its own time are always due by ours.
      const looks = receivedAt >= lookedAt + LOOK_EVERY_MS;
      if (receivedAt < events[from]!.receivedAt + LOOK_EVERY_MS && !(looks && receivedAt >= nextDue)) continue;
      facts.push(...apply(events.slice(from, index)));
      if (looks && receivedAt >= nextDue) {
        facts.push(...passDeadlines(receivedAt));
        lookedAt = receivedAt;
      }
      from = index;
    }
    return [...facts, ...apply(events.slice(from))];
  }

  function passDeadlines(now: number): Fact[] {
    const watermark = maps.workspace.get(ids.workspace)?.watermark ?? 0;
    const due = [...deadlines.values()]
      .filter((deadline) => deadline.due <= clockOf(maps.source.get(deadline.source), watermark, now))
      .sort((a, b) => a.due - b.due || (keyOf(a) < keyOf(b) ? -1 : 1));
    // Asked again with the first deadline that is still to come, or at the next event where a clock stands behind ours.
    for (const deadline of due) deadlines.delete(keyOf(deadline));
    nextDue = earliest(deadlines);
    return apply(due.map((deadline) => passed(deadline, now)));
  }

  const branch = () =>
    foldInMemory(catalog, {
      states: new Map([...states].map(([kind, map]) => [kind, new Map(map)])),
      deadlines: new Map(deadlines),
      seq,
    });
  const all = <K extends StateKind>(kind: K) => states.get(kind)!.values() as Iterable<States[K]>;
  return { maps, apply, applyInTime, all, branch };
}

/** Not by spreading: there may be more of them than a call takes arguments. */
function earliest(deadlines: ReadonlyMap<string, Deadline>): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { due } of deadlines.values()) first = Math.min(first, due);
  return first;
}

const keyOf = ({ source, kind, subject }: DeadlineChange): string => `${source}|${kind}|${subject}`;

function passed({ source, kind, subject, due }: Deadline, now: number): Event {
  return {
    id: `deadline:${kind}|${subject}:${due}`,
    source: OWN_SOURCE,
    type: 'deadline.passed',
    occurredAt: due,
    observedAt: now,
    receivedAt: now,
    data: { kind, subject, due, clock: source },
  };
}
