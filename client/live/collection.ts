/** One topic as this browser knows it: a snapshot, kept current by ordered changes. Knows the rule, not the socket. */
import { type ShallowReactive, type ShallowRef, shallowReactive, shallowRef } from 'vue';
import type { Change, Snapshot } from '../../server/live/contract.ts';

/** Changes that arrive while a snapshot is on its way; more than this and the snapshot is asked for again. */
const HELD_CHANGES_MAX = 200;

export type Applied = { set: string[]; removed: string[]; whole: boolean };
export type CollectionStatus = 'empty' | 'painted' | 'current' | 'behind';
export type Collection<T> = {
  entries: ShallowReactive<Map<string, T>>;
  /** `painted`: shown from the HTTP snapshot, not live yet. `behind`: waits for a new snapshot, keeps the last data. */
  status: ShallowRef<CollectionStatus>;
  paint(snapshot: Snapshot): void;
  accept(snapshot: Snapshot): void;
  /** True when the change was applied, so that painting it can be measured. */
  apply(change: Change): boolean;
  /** The connection went away: whatever comes next must begin with a snapshot. */
  lose(): void;
  onApplied(listener: (applied: Applied) => void): () => void;
};

/** `resubscribe` is called when a version is missing or the epoch is another one. */
export function createCollection<T>(resubscribe: () => void): Collection<T> {
  const entries = shallowReactive(new Map<string, T>());
  const status = shallowRef<CollectionStatus>('empty');
  const listeners = new Set<(applied: Applied) => void>();
  let position: { epoch: string; version: number } | null = null;
  let held: Change[] = [];

  return { entries, status, paint, accept, apply, lose, onApplied };

  function paint(snapshot: Snapshot): void {
    if (status.value !== 'empty') return;
    replaceAll(snapshot);
    status.value = 'painted';
  }

  function accept(snapshot: Snapshot): void {
    replaceAll(snapshot);
    position = { epoch: snapshot.epoch, version: snapshot.version };
    status.value = 'current';
    const waiting = held;
    held = [];
    for (const change of waiting) {
      apply(change);
      if (position === null) return;
    }
  }

  function apply(change: Change): boolean {
    if (position === null) {
      held.push(change);
      if (held.length > HELD_CHANGES_MAX) held.shift();
      return false;
    }
    if (change.epoch === position.epoch && change.version <= position.version) return false;
    if (change.epoch !== position.epoch || change.version !== position.version + 1) {
      lose();
      resubscribe();
      return false;
    }
    position = { epoch: change.epoch, version: change.version };
    for (const key of change.remove) entries.delete(key);
    for (const [key, entry] of Object.entries(change.set)) entries.set(key, entry as T);
    tell({ set: Object.keys(change.set), removed: change.remove, whole: false });
    return true;
  }

  function lose(): void {
    position = null;
    held = [];
    if (status.value === 'current') status.value = 'behind';
  }

  function replaceAll(snapshot: Snapshot): void {
    const removed = [...entries.keys()].filter((key) => !Object.hasOwn(snapshot.entries, key));
    for (const key of removed) entries.delete(key);
    for (const [key, entry] of Object.entries(snapshot.entries)) entries.set(key, entry as T);
    tell({ set: Object.keys(snapshot.entries), removed, whole: true });
  }

  function tell(applied: Applied): void {
    for (const listener of listeners) listener(applied);
  }

  function onApplied(listener: (applied: Applied) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }
}
