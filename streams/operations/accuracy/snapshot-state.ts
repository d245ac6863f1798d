/** Snapshots that are not settled, and what is remembered of those that were. Times are epoch ms. */
import type { Treatment } from '../../events/accuracy-policies.ts';
import type { SnapshotFigures } from '../../policies/snapshot.ts';
import type { Assertion } from './accuracy-state.ts';

/** One snapshot, from its first part until it has taken effect or was turned down. */
export type Snapshot = {
  snapshot: string;
  source: string;
  node: string;
  measure: Assertion['measure'];
  complete: boolean;
  treat: Treatment;
  /** The moment it speaks of. */
  at: number;
  receivedAt: number;
  parts: number;
  /** The parts that have come. */
  came: number[];
  /** What it states: the parts that have come and, once it is judged, what a complete one leaves out as zero. */
  rows: [string, number][];
  status: 'gathering' | 'quarantined' | 'settled';
  /** Why it is not believed. */
  doubts: string[];
  figures: SnapshotFigures | null;
  /** Worth of what it would change, at unit cost in minor units; known once it is judged. */
  worth: number;
  openExceptions: string[];
};

/** The snapshots of one source about one measure at one node. */
export type SnapshotFeed = {
  source: string;
  node: string;
  measure: Assertion['measure'];
  /** The newest one that took effect: the next is compared with it. */
  lastSnapshot: string;
  lastAt: number;
  lastRows: number;
  /** The one that waits, for its parts or for a person; empty when none does. */
  waiting: string;
};

/** The SKUs that have a record at a node, spread over many states so that none gets long. */
export type NodeSkus = { skus: string[] };
