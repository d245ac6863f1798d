/** Steps in the life of an exception, as they are counted: what the KPIs of exceptions are made of. */
import type { Draft } from '../operations/draft.ts';
import type { Transition } from '../operations/effects.ts';
import type { OpenException } from '../operations/exception-state.ts';
import { stepOfNoOrder } from '../operations/step.ts';
import { isSettled, type WorkStep } from './work-machine.ts';

type Counted = Extract<Transition['step'], `exception-${string}`>;

export const countOpened = (draft: Draft, opened: OpenException, at: number): void =>
  count(draft, opened, 'exception-opened', at);

/** Its condition is over. What people had settled before has ended already. */
export function countClosed(draft: Draft, known: OpenException, at: number): void {
  if (!isSettled(known)) count(draft, known, 'exception-ended', at);
}

/** It got worse after it was settled: somebody has to look again. */
export const countReopened = (draft: Draft, known: OpenException, at: number): void =>
  count(draft, known, 'exception-reopened', at);

/** @param known as it stood before the step; @param because of a dismissal */
export function countWork(draft: Draft, known: OpenException, step: WorkStep, at: number, because: string): void {
  const isSeen = step === 'acknowledged' || step === 'started';
  if (isSeen && known.acknowledgedAt === undefined) count(draft, known, 'exception-acknowledged', at);
  if (step === 'reopened') count(draft, known, 'exception-reopened', at);
  if (step !== 'resolved' && step !== 'dismissed') return;
  count(draft, known, 'exception-ended', at);
  if (step === 'dismissed') count(draft, known, 'exception-dismissed', at, because === 'false-alarm' ? 1 : 0);
}

/** A snooze stops no clock: it is always the time since it opened, or since somebody opened it again. */
function count(draft: Draft, exception: OpenException, step: Counted, at: number, short = 0): void {
  const { kind, openedAt, reopenedAt: since = openedAt, deadline, moneyAtRisk } = exception;
  const { sku = '', node = '', channel = '' } = exception;
  const { currency } = exception;
  draft.transition(
    stepOfNoOrder({
      step,
      at,
      line: exception.id,
      sku,
      node,
      channel,
      currency,
      quantity: 1,
      amount: moneyAtRisk,
      short,
      placedAt: since,
      shipBy: deadline,
      durationMs: Math.max(0, at - since),
      cause: kind,
    }),
  );
}
