/** Shape of what people did. Times are epoch ms. */
import type { ActionKind } from '../../events/actions.ts';

export type ActionRecord = {
  action: string;
  kind: ActionKind;
  /** What it does, in words, with its numbers. */
  words: string;
  input: Record<string, unknown>;
  by: string;
  at: number;
  /** `kind:subject` of the exception it was meant to help with; empty when none. */
  exception: string;
  /** Its number for people. */
  exceptionNumber: string;
  note: string;
  status: 'done' | 'refused' | 'undone';
  /** Why it was refused, or why it could not be undone. */
  reason: string;
  /** Its place in the log of actions. */
  number: number;
  instructions: string[];
  /** What undoing needs to know and the input does not say. */
  remembered: Record<string, unknown>;
  undoneAt: number;
  undoneBy: string;
};
