import { describe, expect, it, vi } from 'vitest';
import { createCollection } from '../../client/live/collection.ts';
import type { Change, Entries, Snapshot } from '../../server/live/contract.ts';

const snapshot = (version: number, entries: Entries, epoch = 'first'): Snapshot => ({
  topic: 'sources',
  epoch,
  version,
  entries,
});
const change = (version: number, set: Entries, remove: string[] = [], epoch = 'first'): Change => ({
  topic: 'sources',
  epoch,
  version,
  set,
  remove,
});
const seen = (collection: { entries: Map<string, unknown> }) => Object.fromEntries(collection.entries);

describe('a topic in the browser', () => {
  it('equals the server after a snapshot and the changes that follow it', () => {
    const collection = createCollection(() => undefined);
    collection.accept(snapshot(4, { a: 1, b: 2 }));
    collection.apply(change(5, { b: 3, c: 4 }));
    collection.apply(change(6, {}, ['a']));
    expect(seen(collection)).toEqual({ b: 3, c: 4 });
    expect(collection.status.value).toBe('current');
  });

  it('asks for a new snapshot when a version is missing, and shows the last data meanwhile', () => {
    const resubscribe = vi.fn();
    const collection = createCollection(resubscribe);
    collection.accept(snapshot(1, { a: 1 }));
    expect(collection.apply(change(3, { a: 3 }))).toBe(false);
    expect(resubscribe).toHaveBeenCalledOnce();
    expect(seen(collection)).toEqual({ a: 1 });
    expect(collection.status.value).toBe('behind');
    collection.accept(snapshot(3, { a: 3 }));
    expect(seen(collection)).toEqual({ a: 3 });
    expect(collection.status.value).toBe('current');
  });

  it('asks for a new snapshot when the server speaks of another epoch, whatever the version', () => {
    const resubscribe = vi.fn();
    const collection = createCollection(resubscribe);
    collection.accept(snapshot(7, { a: 1 }));
    collection.apply(change(8, { a: 2 }, [], 'second'));
    expect(resubscribe).toHaveBeenCalledOnce();
    collection.accept(snapshot(8, { b: 9 }, 'second'));
    expect(seen(collection)).toEqual({ b: 9 });
  });

  it('ignores a change that it has already', () => {
    const resubscribe = vi.fn();
    const collection = createCollection(resubscribe);
    collection.accept(snapshot(5, { a: 5 }));
    expect(collection.apply(change(4, { a: 4 }))).toBe(false);
    expect(collection.apply(change(5, { a: 5 }))).toBe(false);
    expect(resubscribe).not.toHaveBeenCalled();
    expect(seen(collection)).toEqual({ a: 5 });
  });

  it('keeps changes that overtake the snapshot and applies those the snapshot does not hold', () => {
    const collection = createCollection(() => undefined);
    collection.apply(change(2, { a: 'old' }));
    collection.apply(change(3, { a: 'new' }));
    expect(collection.entries.size).toBe(0);
    collection.accept(snapshot(2, { a: 'old', b: 1 }));
    expect(seen(collection)).toEqual({ a: 'new', b: 1 });
  });

  it('asks again when the changes that waited for the snapshot have a gap', () => {
    const resubscribe = vi.fn();
    const collection = createCollection(resubscribe);
    collection.apply(change(9, { a: 9 }));
    collection.accept(snapshot(2, { a: 2 }));
    expect(resubscribe).toHaveBeenCalledOnce();
    expect(collection.status.value).toBe('behind');
  });

  it('paints from HTTP only as long as nothing better is there', () => {
    const collection = createCollection(() => undefined);
    collection.paint(snapshot(1, { a: 1 }));
    expect(collection.status.value).toBe('painted');
    collection.accept(snapshot(5, { a: 5 }));
    collection.paint(snapshot(2, { a: 2 }));
    expect(seen(collection)).toEqual({ a: 5 });
  });

  it('says which entries changed, so that lists need not compare', () => {
    const collection = createCollection(() => undefined);
    const told: unknown[] = [];
    collection.onApplied((applied) => told.push(applied));
    collection.accept(snapshot(1, { a: 1, b: 1 }));
    collection.apply(change(2, { a: 2 }, ['b']));
    collection.accept(snapshot(9, { c: 1 }));
    expect(told).toEqual([
      { set: ['a', 'b'], removed: [], whole: true },
      { set: ['a'], removed: ['b'], whole: false },
      { set: ['c'], removed: ['a'], whole: true },
    ]);
  });
});
