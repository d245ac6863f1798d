/**
 * An exception as it stands. Two machines that never mix: `condition` follows the states alone (does it hold?), `work`
 * follows people (what is done about it?).
 */

import type { Suggestion } from '../events/actions.ts';
import type { Condition, Severity, WorkState } from '../events/exception-words.ts';
import type { EventOf } from '../events/index.ts';

/** An event by its identity, with what it meant in a few words. */
export type Evidence = { source: string; id: string; type: string; at: number; words: string };

export type Snooze = {
  until: EventOf<'exception.snoozed'>['data']['until'];
  reason: string;
  by: string;
  at: number;
  /** Where the work goes on afterwards. */
  from: 'new' | 'acknowledged' | 'in-progress';
};

/** Whether somebody found it worth telling. */
export type ExceptionRating = { by: string; at: number; useful: boolean; reason: string };

export type OpenException = {
  /** Its number for people, such as `EX-17`; empty while it is pending. */
  id: string;
  kind: string;
  subject: string;
  title: string;
  detail: string;
  severity: Severity;
  /** When it was first seen. */
  since: number;
  updatedAt: number;
  deadline: number;
  moneyAtRisk: number;
  currency: string;
  formula: string;
  inputs: Record<string, number | string | null>;
  advice: string;
  sku?: string;
  node?: string;
  channel?: string;
  order?: string;
  source?: string;
  /** What it follows from, as `kind:subject`: exceptions of one cause are shown as one line with the summed amount. */
  cause?: string;
  /** Why, in lines: of an unusual figure, which values made the change. */
  because?: string[];
  /** Sources whose silence makes this finding doubtful. */
  dependsOn?: string[];
  /** What could be done about it, best first: actions of the catalog with their input filled in. */
  suggests?: Suggestion[];

  condition: Condition;
  /** When a pending one opens, or a recovering one closes; 0 while it is open. */
  conditionDue: number;
  /** The source whose clock `conditionDue` follows. */
  clock: string;
  /** 0 while it is pending. */
  openedAt: number;
  /** What made a recovering one seem over; absent while it holds, for then it is seen now. */
  ended?: Evidence;
  /** When it was opened again after it had been settled; absent when it never was. */
  reopenedAt?: number;
  /** How often it came back while it recovered. */
  returns: number;

  work: WorkState;
  /** Counts the changes of the work, for those who must not overwrite each other. */
  version: number;
  /** Who takes care of it, by the ownership policy. */
  owner: string;
  acknowledgedBy?: string;
  acknowledgedAt?: number;
  assignee?: string;
  snooze?: Snooze;
  /** How it stood when its work was last settled or snoozed: what is worse than this brings it back. */
  settled?: { by: string; at: number; reason: string; because: string; moneyAtRisk: number; severity: Severity };
  /** The last event that changed its work. */
  lastWork?: { event: string; what: string; by: string; at: number };
  /** `event` is the one it came with. */
  comments: { by: string; at: number; comment: string; event: string }[];
  /** The newest of each person; absent while nobody has said anything. */
  ratings?: ExceptionRating[];
};

/** Which exceptions sleep until an event of some type comes: event type -> ids of exceptions, sorted. */
export type Awaited = { types: Record<string, string[]> };
