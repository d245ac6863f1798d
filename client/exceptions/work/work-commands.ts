/** The steps of work by name and key, for whatever rows a page says are meant. */
import type { ExceptionLine } from '../../../server/live/contract.ts';
import type { Command } from '../../commands/commands.ts';
import { useSession } from '../../session/session.ts';
import { type Dialog, useExceptionWork } from './exception-work.ts';
import type { WorkStep } from './steps.ts';

/** @param rows what is selected, or else the one row under the cursor; asked again with every key */
export function workCommands(rows: () => readonly ExceptionLine[]): Command[] {
  const work = useExceptionWork();
  const session = useSession();
  const can =
    (fits: (row: ExceptionLine) => boolean = () => true) =>
    () =>
      session.may('act-on-exceptions') && rows().some((row) => fits(work.shown(row)));
  const isAwake = ({ work: state }: ExceptionLine) => state !== 'resolved' && state !== 'dismissed';
  const asking = (id: string, title: string, keys: string[], dialog: Dialog, fits = isAwake): Command => ({
    id,
    title,
    group: 'Selection',
    keys,
    when: can(fits),
    run: () =>
      work.ask(
        dialog,
        rows().filter((row) => fits(work.shown(row))),
      ),
  });
  const taking = (
    id: string,
    title: string,
    keys: string[],
    step: WorkStep,
    fits: (row: ExceptionLine) => boolean,
  ) => ({
    id,
    title,
    group: 'Selection' as const,
    keys,
    when: can(fits),
    run: () =>
      void work.take(
        rows().filter((row) => fits(work.shown(row))),
        step,
      ),
  });

  return [
    asking('assign', 'Assign to somebody', ['a'], 'assign'),
    {
      id: 'assign-to-me',
      title: 'Assign to me',
      group: 'Selection',
      keys: ['i'],
      when: can(isAwake),
      run: () => void work.assignToMe(rows()),
    },
    asking('snooze', 'Snooze', ['s'], 'snooze'),
    // At once: a reason is nobody's duty here, and the way back is offered.
    taking('resolve', 'Resolve', ['e'], { action: 'resolve' }, isAwake),
    asking('resolve-with-note', 'Resolve with a note', [], 'resolve'),
    asking('dismiss', 'Dismiss with a reason', ['shift+d'], 'dismiss'),
    asking('comment', 'Comment', ['c'], 'comment', () => true),
    taking('acknowledge', 'Acknowledge', ['shift+a'], { action: 'acknowledge' }, (row) => row.work === 'new'),
    taking(
      'start',
      'Start work',
      ['w'],
      { action: 'start' },
      (row) => row.work === 'new' || row.work === 'acknowledged' || row.work === 'snoozed',
    ),
    taking('wake', 'Wake', ['shift+s'], { action: 'wake' }, (row) => row.work === 'snoozed'),
    taking(
      'reopen',
      'Take up again',
      ['shift+o'],
      { action: 'reopen', reason: 'Taken up again' },
      (row) => !isAwake(row),
    ),
  ];
}
