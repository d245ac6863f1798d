/** What was done about one exception so far, and whether an offer is one of those things: doing it twice is a decision. */
import { computed, type ShallowRef, shallowRef, watch } from 'vue';
import type { ActionView } from '../../server/http/contract/actions.ts';
import { useLoad } from '../http/load.ts';
import type { RequestProblem } from '../http/request.ts';
import { type Offer, readActionsOn, undoAction } from './actions.ts';

export type Standing = { state: 'offered' } | { state: 'done'; action: ActionView };
export type RecordedActions = {
  /** Newest first; null until they were read, when nobody can say yet what was done. */
  items: Readonly<ShallowRef<readonly ActionView[] | null>>;
  problem: ShallowRef<RequestProblem | null>;
  /** What the server just answered counts at once, before the list is read again. */
  tell(about: string, action: ActionView): void;
  /** @param about the exception it was done about: a toast may take it back when another one is on the panel */
  undo(about: string, action: string): Promise<ActionView>;
};

const LOOK_AGAIN_MS = 3_000;

/**
 * Done is what was taken with all that the offer says; what a person or a default added to it makes no other action.
 * What was undone or refused is offered again.
 */
export function standingOf(offer: Offer, recorded: readonly ActionView[]): Standing {
  const action = recorded
    .filter(({ kind, status }) => kind === offer.kind && (status === 'done' || status === 'pending'))
    .filter(({ input }) => Object.entries(offer.input).every(([name, value]) => isSame(input[name], value)))
    .reduce<ActionView | null>((newest, one) => (newest === null || one.at > newest.at ? one : newest), null);
  return action === null ? { state: 'offered' } : { state: 'done', action };
}

/** Inputs hold texts, numbers and lists of plain things, and came through JSON; an absent field says nothing. */
const isSame = (taken: unknown, offered: unknown): boolean =>
  offered === undefined || JSON.stringify(taken) === JSON.stringify(offered);

/** @param version raised by every step of the exception */
export function useRecordedActions(
  exception: () => string | undefined,
  version: () => number | undefined,
): RecordedActions {
  const told = shallowRef<readonly { about: string; action: ActionView }[]>([]);
  const loaded = useLoad(
    async () => {
      const about = exception();
      if (about === undefined) return null;
      const { items } = await readActionsOn(about);
      return { about, items };
    },
    () => [exception(), version()],
  );
  const items = computed(() => {
    const { value } = loaded.data;
    const about = exception();
    if (value === null || value.about !== about) return null;
    const own = told.value.filter((one) => one.about === about).map(({ action }) => action);
    const newer = new Set(own.map(({ action }) => action));
    return [...own, ...value.items.filter(({ action }) => !newer.has(action))];
  });

  // From here on the list knows better: somebody else may undo it.
  watch(loaded.data, (value) => {
    const known = new Set(value?.items.map(({ action }) => action));
    told.value = told.value.filter(({ action }) => !known.has(action.action));
  });
  watch(items, (now, _, cleanup) => {
    if (!now?.some(({ status }) => status === 'pending')) return;
    const timer = setTimeout(() => void loaded.load(), LOOK_AGAIN_MS);
    cleanup(() => clearTimeout(timer));
  });
  return { items, problem: loaded.problem, tell, undo };

  function tell(about: string, action: ActionView): void {
    told.value = [{ about, action }, ...told.value.filter((one) => one.action.action !== action.action)];
    void loaded.load();
  }

  async function undo(about: string, action: string): Promise<ActionView> {
    try {
      const undone = await undoAction(action);
      tell(about, undone);
      return undone;
    } catch (error) {
      // Most likely it stands otherwise than the list says.
      void loaded.load();
      throw error;
    }
  }
}
