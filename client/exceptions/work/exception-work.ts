/**
 * Work on exceptions as one sees it at once: a step is laid over the row until the server has said yes, or is taken back
 * with the reason. Rows themselves are never changed here; what is live replaces what was laid over it.
 */
import { defineStore } from 'pinia';
import { shallowReactive, shallowRef } from 'vue';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { useToasts } from '../../notices/toasts.ts';
import { usePeople } from '../../people/people.ts';
import { type Outcome, sendWork } from './send-work.ts';
import { overlayOf, type WorkStep, wayBack, wordsOf } from './steps.ts';

/** Without an answer for so long, the row says that it is being saved. */
const SAVING_AFTER_MS = 5_000;
/** So long a confirmed step stays over the row if the live row does not come with it: it left the list. */
const CONFIRMED_MS = 6_000;

/** `version`: of the live row, from which on it says itself what was laid over it. */
export type Pending = {
  step: WorkStep;
  state: 'sent' | 'saving' | 'confirmed';
  overlay: Partial<ExceptionLine>;
  version: number;
};
export type WorkRefusal = {
  reason: string;
  step: WorkStep;
  /** How it stands now; absent when it is over. */
  row?: ExceptionLine;
  /** What somebody else did in between. */
  theirs?: NonNullable<ExceptionLine['lastWork']>;
};
export type Dialog = 'assign' | 'snooze' | 'resolve' | 'dismiss' | 'comment';
export type WorkResult = { done: string[]; refused: string[] };

export const useExceptionWork = defineStore('exception-work', () => {
  const people = usePeople();
  const toasts = useToasts();
  const pending = shallowReactive(new Map<string, Pending>());
  const refusals = shallowReactive(new Map<string, WorkRefusal>());
  /** Counts the steps that were answered, for whoever shows what was done. */
  const answered = shallowRef(0);
  const asking = shallowRef<{ dialog: Dialog; rows: readonly ExceptionLine[] } | null>(null);
  /** What we know to stand from our own steps, before the live row tells it. */
  const standing = new Map<string, ExceptionLine>();
  const waiting = new Map<string, Promise<unknown>>();

  return { pending, refusals, answered, asking, shown, isPending, take, assignToMe, ask, close, useMine, keepTheirs };

  /** The row as it will be. Follows this one row only. */
  function shown<R extends ExceptionLine>(row: R): R {
    const entry = pending.get(row.id);
    if (entry === undefined || (entry.state === 'confirmed' && row.version >= entry.version)) return row;
    const { assignee, ...rest } = { ...row, ...entry.overlay };
    return (assignee ? { ...rest, assignee } : rest) as R;
  }

  function isPending(id: string): boolean {
    const state = pending.get(id)?.state;
    return state === 'sent' || state === 'saving';
  }

  function ask(dialog: Dialog, rows: readonly ExceptionLine[]): void {
    if (rows.length > 0) asking.value = { dialog, rows };
  }

  function close(): void {
    asking.value = null;
  }

  function assignToMe(rows: readonly ExceptionLine[]): Promise<WorkResult> {
    return take(rows, { action: 'assign', to: people.me });
  }

  function keepTheirs(id: string): void {
    refusals.delete(id);
  }

  async function useMine(id: string): Promise<void> {
    const refusal = refusals.get(id);
    if (refusal?.row !== undefined) await take([refusal.row], refusal.step);
  }

  /** Lays the step over the rows at once, sends it, and says what became of it, with the way back. */
  async function take(live: readonly ExceptionLine[], step: WorkStep): Promise<WorkResult> {
    // Lists change their rows in place: what was looked at is kept as it was.
    const rows = live.map((row) => ({ ...row }));
    const before = new Map(rows.map((row) => [row.id, shown(row)]));
    const outcomes = await run(rows, step);
    const ids = (all: readonly Outcome[]) => all.map(({ id }) => id);
    const [done, refused] = [ids(outcomes.filter(isDone)), ids(outcomes.filter((one) => !isDone(one)))];
    const text = wordsFor(step, done, refused);
    const stood = outcomes
      .filter(isDone)
      .map((one) => ({ ...before.get(one.id)!, version: versionAfter(one, before.get(one.id)!, step) }));
    const undoable = stood.some((row) => wayBack(row, step).length > 0);
    const undo = undoable ? { undo: () => void takeBack(stood, step) } : {};
    if (text !== '') toasts.say({ text, tone: done.length === 0 ? 'problem' : 'done', ...undo });
    return { done, refused };
  }

  /** One that was overtaken is told beside itself, with the choice; it needs no second message. */
  function wordsFor(step: WorkStep, done: string[], refused: string[]): string {
    const told = done.length === 0 ? '' : wordsOf(step, done, people.nameOf);
    if (refused.length === 0) return told;
    const overtaken = refused.filter((id) => refusals.get(id)?.theirs !== undefined).length;
    if (done.length + refused.length === 1) {
      return overtaken === 1
        ? ''
        : `${refused[0]}: ${people.withNames(refusals.get(refused[0]!)?.reason ?? 'refused')}`;
    }
    const others = refused.length - overtaken;
    return [
      told === '' ? 'None done' : told,
      overtaken > 0 ? `${overtaken} changed by others` : '',
      others > 0 ? `${others} refused` : '',
    ]
      .filter(Boolean)
      .join(', ');
  }

  /** Rows that were alike go back alike, in one request per step of the way. */
  async function takeBack(rows: readonly ExceptionLine[], step: WorkStep): Promise<void> {
    const ways = new Map<string, { way: WorkStep[]; rows: ExceptionLine[] }>();
    for (const row of rows) {
      const way = wayBack(row, step);
      const key = JSON.stringify(way);
      const group = ways.get(key);
      if (group === undefined) ways.set(key, { way, rows: [row] });
      else group.rows.push(row);
    }
    let failed: Outcome | undefined;
    for (const { way, rows: alike } of ways.values()) {
      let left = alike;
      for (const back of way) {
        const outcomes = await run(left, back);
        failed ??= outcomes.find(({ outcome }) => outcome === 'refused');
        left = left.filter((_, index) => outcomes[index]?.outcome !== 'refused');
      }
    }
    toasts.say(
      failed === undefined
        ? { text: 'Undone' }
        : { text: `Not undone: ${people.withNames(failed.reason ?? '')}`, tone: 'problem' },
    );
  }

  async function run(rows: readonly ExceptionLine[], step: WorkStep): Promise<Outcome[]> {
    const entries = rows.map((row) => lay(row, step));
    const slow = setTimeout(() => {
      for (const [index, entry] of entries.entries()) replace(rows[index]!.id, entry, { state: 'saving' });
    }, SAVING_AFTER_MS);
    // One's own steps follow each other: the second names the version that the first has made.
    const earlier = rows.map(({ id }) => waiting.get(id)).filter((one) => one !== undefined);
    const sending = Promise.all(earlier).then(() =>
      sendWork(
        rows.map((row) => ({ row, version: Math.max(row.version, standing.get(row.id)?.version ?? 0) })),
        step,
      ),
    );
    for (const { id } of rows) waiting.set(id, sending);
    const outcomes = await sending;
    clearTimeout(slow);
    for (const [index, outcome] of outcomes.entries()) settle(rows[index]!, outcome, step, sending);
    answered.value += 1;
    return outcomes;
  }

  function lay(row: ExceptionLine, step: WorkStep): Pending {
    refusals.delete(row.id);
    const known = pending.get(row.id);
    const overlay = { ...known?.overlay, ...overlayOf(shown(row), step, people.me) };
    const entry: Pending = { step, state: 'sent', overlay, version: row.version };
    pending.set(row.id, entry);
    return entry;
  }

  function settle(row: ExceptionLine, outcome: Outcome, step: WorkStep, sending: Promise<unknown>): void {
    const { id } = row;
    const isLast = waiting.get(id) === sending;
    if (isLast) waiting.delete(id);
    const stands = outcome.exception as ExceptionLine | undefined;
    if (outcome.outcome === 'refused') {
      if (isLast) pending.delete(id);
      refusals.set(id, refusalOf(outcome, step, row, stands));
      return;
    }
    if (stands !== undefined) standing.set(id, stands);
    if (!isLast) return;
    const version =
      outcome.outcome === 'stored' && step.action !== 'comment' ? row.version + 1 : (stands?.version ?? 0);
    const confirmed: Pending = { ...pending.get(id)!, state: 'confirmed', version };
    pending.set(id, confirmed);
    setTimeout(() => {
      if (pending.get(id) === confirmed) pending.delete(id);
      standing.delete(id);
    }, CONFIRMED_MS);
  }

  function refusalOf(
    outcome: Outcome,
    step: WorkStep,
    row: ExceptionLine,
    stands: ExceptionLine | undefined,
  ): WorkRefusal {
    const { reason = 'It was refused.' } = outcome;
    const theirs = stands !== undefined && stands.version !== row.version ? stands.lastWork : undefined;
    return {
      reason,
      step,
      ...(stands === undefined ? {} : { row: stands }),
      ...(theirs === undefined ? {} : { theirs }),
    };
  }

  function replace(id: string, entry: Pending, change: Partial<Pending>): void {
    if (pending.get(id) === entry) pending.set(id, { ...entry, ...change });
  }
});

const isDone = ({ outcome }: Outcome): boolean => outcome !== 'refused';

/** What is stored only, and not applied yet, will raise the version by one; a comment raises it never. */
function versionAfter({ outcome, exception }: Outcome, row: ExceptionLine, step: WorkStep): number {
  if (outcome === 'applied' && exception !== undefined) return exception.version;
  return step.action === 'comment' ? row.version : row.version + 1;
}
