/** Steps of work as they look before the server has said yes, and what takes each of them back. Pure. */
import type { ExceptionLine } from '../../../server/live/contract.ts';
import type { dismissReasons } from '../../../streams/events/exception-words.ts';

export type SnoozeUntil = {
  time?: string;
  worse?: boolean;
  event?: { type: string; sku?: string; node?: string; order?: string };
};
export type WorkStep =
  | { action: 'assign'; to: string }
  | { action: 'acknowledge' }
  | { action: 'start' }
  | { action: 'comment'; comment: string }
  | { action: 'snooze'; until: SnoozeUntil; reason?: string }
  | { action: 'wake' }
  | { action: 'resolve'; reason?: string }
  | { action: 'dismiss'; because: (typeof dismissReasons)[number]; reason: string }
  | { action: 'reopen'; reason: string };

type Overlay = Partial<Pick<ExceptionLine, 'work' | 'assignee' | 'acknowledgedBy' | 'snoozedUntil'>>;

/** What the row will say once the step is done. @param me who does it, as events name people */
export function overlayOf(row: ExceptionLine, step: WorkStep, me: string): Overlay {
  switch (step.action) {
    case 'assign':
      return { assignee: step.to };
    case 'acknowledge':
      return { work: 'acknowledged', acknowledgedBy: me };
    case 'start':
      return { work: 'in-progress', acknowledgedBy: row.acknowledgedBy ?? me, assignee: row.assignee ?? me };
    case 'comment':
      return {};
    case 'snooze':
      return { work: 'snoozed', snoozedUntil: untilOf(step.until) };
    case 'wake':
      return { work: row.acknowledgedBy === undefined ? 'new' : 'acknowledged' };
    case 'resolve':
      return { work: 'resolved' };
    case 'dismiss':
      return { work: 'dismissed' };
    case 'reopen':
      return { work: 'new' };
  }
}

/** The row holds moments in milliseconds; a request names them as text. */
function untilOf({ time, ...rest }: SnoozeUntil): Record<string, unknown> {
  return { ...rest, ...(time === undefined ? {} : { time: Date.parse(time) }) };
}

function untilAsAsked(until: Record<string, unknown>): SnoozeUntil {
  const { time, worse, event } = until as { time?: number; worse?: boolean; event?: SnoozeUntil['event'] };
  return {
    ...(time === undefined ? {} : { time: new Date(time).toISOString() }),
    ...(worse === true ? { worse } : {}),
    ...(event === undefined ? {} : { event }),
  };
}

const UNDONE = 'Undone at once';

/**
 * What leads back to how it was, one after the other; nothing where there is no way back: what was seen stays seen, and
 * what was said stays said.
 * @param before the row as it stood before the step
 */
export function wayBack(before: ExceptionLine, step: WorkStep): WorkStep[] {
  switch (step.action) {
    case 'assign':
      return [{ action: 'assign', to: before.assignee ?? '' }];
    case 'snooze':
      return before.work === 'snoozed' ? againAs(before) : [{ action: 'wake' }];
    case 'wake':
      return againAs(before);
    case 'resolve':
    case 'dismiss':
      return [{ action: 'reopen', reason: UNDONE }, ...againAs(before)];
    case 'reopen':
      return before.work === 'resolved' ? [{ action: 'resolve', reason: UNDONE }] : [];
    default:
      return [];
  }
}

/** From new to where it was. */
function againAs({ work, snoozedUntil }: ExceptionLine): WorkStep[] {
  if (work === 'acknowledged') return [{ action: 'acknowledge' }];
  if (work === 'in-progress') return [{ action: 'start' }];
  if (work !== 'snoozed' || snoozedUntil === undefined) return [];
  const until = untilAsAsked(snoozedUntil);
  const isOver = until.time !== undefined && Date.parse(until.time) <= Date.now();
  return isOver ? [] : [{ action: 'snooze', until }];
}

const past: Record<WorkStep['action'], string> = {
  assign: 'assigned',
  acknowledge: 'acknowledged',
  start: 'started',
  comment: 'commented',
  snooze: 'snoozed',
  wake: 'woken',
  resolve: 'resolved',
  dismiss: 'dismissed',
  reopen: 'reopened',
};

/** `EX-17 assigned to Mei Chen`, `38 exceptions resolved`. */
export function wordsOf(step: WorkStep, ids: readonly string[], nameOf: (key: string) => string): string {
  const which = ids.length === 1 ? ids[0] : `${ids.length} exceptions`;
  if (step.action === 'assign')
    return step.to === '' ? `${which} taken off` : `${which} assigned to ${nameOf(step.to)}`;
  return `${which} ${past[step.action]}`;
}
