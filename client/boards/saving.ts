/** Storing a board, and what to do when somebody else stored it meanwhile. */
import { type ShallowRef, shallowRef } from 'vue';
import { useRouter } from 'vue-router';
import type { BoardSummary } from '../../server/http/contract/boards.ts';
import { asProblem } from '../http/load.ts';
import { useToasts } from '../notices/toasts.ts';
import { readBoard, saveBoard } from './boards.ts';
import type { Drafting } from './draft.ts';

export type Saving = {
  busy: ShallowRef<boolean>;
  /** What stands there by now, when it is not what this began from. */
  conflict: ShallowRef<BoardSummary | null>;
  /** @returns whether it is stored */
  save(): Promise<boolean>;
  saveCopy(): Promise<void>;
  takeTheirs(): void;
};

export function useSaving(drafting: Drafting, board: Pick<BoardSummary, 'id' | 'version'>): Saving {
  const router = useRouter();
  const toasts = useToasts();
  const busy = shallowRef(false);
  const conflict = shallowRef<BoardSummary | null>(null);
  let { version } = board;

  return { busy, conflict, save, saveCopy, takeTheirs };

  async function save(): Promise<boolean> {
    if (busy.value) return false;
    const draft = drafting.draft.value;
    busy.value = true;
    try {
      const stored = await saveBoard({ id: board.id, version, ...draft });
      version = stored.version;
      drafting.stored(draft);
      drafting.say('Saved.');
      toasts.say({ text: `“${draft.name}” is saved.` });
      return true;
    } catch (error) {
      await explain(error);
      return false;
    } finally {
      busy.value = false;
    }
  }

  async function explain(error: unknown): Promise<void> {
    const { status, message, problem } = asProblem(error);
    if (status === 409) conflict.value = await readBoard(board.id).catch(() => null);
    if (conflict.value !== null) return;
    const wrong = problem.errors?.map((one) => one.message).join(' ') ?? '';
    toasts.say({ text: `Not saved. ${message} ${wrong || (problem.remedy ?? '')}`.trim(), tone: 'problem' });
  }

  async function saveCopy(): Promise<void> {
    const draft = { ...drafting.draft.value, name: `${drafting.draft.value.name} (mine)`, shared: false };
    try {
      const stored = await saveBoard({ version: 0, ...draft });
      conflict.value = null;
      drafting.restart(drafting.draft.value);
      toasts.say({ text: `Yours is saved as “${draft.name}”.` });
      await router.replace(`/boards/${stored.id}`);
    } catch (error) {
      toasts.say({ text: `Not saved. ${asProblem(error).message}`, tone: 'problem' });
    }
  }

  function takeTheirs(): void {
    const theirs = conflict.value;
    if (theirs === null) return;
    version = theirs.version;
    drafting.restart({ name: theirs.name, shared: theirs.shared, body: theirs.body });
    drafting.say('Loaded the stored version.');
    conflict.value = null;
  }
}
