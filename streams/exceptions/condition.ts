/**
 * The condition of an exception: pending -> open -> recovering -> closed. It follows what the tests find and nothing else;
 * what people do about it is another machine. Pure: times come in, times go out, all epoch ms.
 */
import type { Condition } from '../events/exception-words.ts';

/** `due` is when a pending one opens and a recovering one closes; 0 when nothing is to happen by itself. */
export type ConditionState = { condition: Condition; due: number };
export type NextCondition = { condition: Condition | 'closed'; due: number };

/** @param holdMs how long it must hold before it opens; 0 opens it at once */
export function whenFound(known: ConditionState | undefined, at: number, holdMs: number): ConditionState {
  if (known === undefined)
    return holdMs === 0 ? { condition: 'open', due: 0 } : { condition: 'pending', due: at + holdMs };
  if (known.condition === 'pending' && at < known.due) return known;
  return { condition: 'open', due: 0 };
}

/** @param recoverMs how long it must be gone before it closes; 0 closes it at once */
export function whenGone(known: ConditionState, at: number, recoverMs: number): NextCondition {
  if (known.condition === 'pending') return { condition: 'closed', due: 0 };
  if (known.condition === 'open' && recoverMs > 0) return { condition: 'recovering', due: at + recoverMs };
  if (known.condition === 'recovering' && at < known.due) return known;
  return { condition: 'closed', due: 0 };
}

/** A moment that was waited for has come: nothing has spoken against it until now. */
export function whenDue(known: ConditionState, at: number): NextCondition {
  if (known.due === 0 || at < known.due) return known;
  return known.condition === 'pending' ? { condition: 'open', due: 0 } : { condition: 'closed', due: 0 };
}
