/** What a view is: how one topic's entries are worked out from the mirrored state. */
import type { Entries } from '../contract.ts';
import type { Mirror } from '../mirror.ts';

/** The changed ids per kind since the last refresh; null: anything may have changed. */
export type Changed = Map<string, Set<string> | '*'> | null;

export type View = {
  /** Whether the topic may look different now. */
  concerns(changed: Changed, topic: string): boolean;
  /** Entries also change because time passes; ms between two looks at the clock, or null. */
  everyMs: number | null;
  /** Null: there is no such thing to be looked at, or not any more. */
  entries(mirror: Mirror, topic: string): Entries | null | Promise<Entries | null>;
  /**
   * For collections that are too large to be worked out anew whenever one of them changes: what is different since the
   * last `entries` or `difference`. Null: this cannot be told from what changed, so ask for all entries.
   */
  difference?(mirror: Mirror, changed: Changed): Difference | null;
};
export type Difference = { set: Entries; remove: string[] };

export const anyOf =
  (...kinds: string[]): View['concerns'] =>
  (changed) =>
    changed === null || kinds.some((kind) => changed.has(kind));

/** The part of `stock:HP-1` behind the colon. */
export const subjectOf = (topic: string): string => topic.slice(topic.indexOf(':') + 1);
