/** A board while somebody changes it: every step can be taken back, and what was done is said in words. */
import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue';
import type { BoardBody, BoardTile } from '../../server/http/contract/boards.ts';

const STEPS_KEPT_MAX = 100;

export type Draft = { name: string; shared: boolean; body: BoardBody };
export type Drafting = {
  draft: ShallowRef<Draft>;
  tiles: ComputedRef<readonly BoardTile[]>;
  dirty: ComputedRef<boolean>;
  canUndo: ComputedRef<boolean>;
  canRedo: ComputedRef<boolean>;
  /** What was done last, for those who do not see it. */
  said: ShallowRef<string>;
  say(words: string): void;
  change(next: Draft, words: string): void;
  /** Null: there was no room for it. */
  arrange(tiles: BoardTile[] | null, words: string): boolean;
  undo(): void;
  redo(): void;
  /** What is stored now; later steps can still be taken back. */
  stored(as: Draft): void;
  /** Begins anew from what somebody else stored. */
  restart(from: Draft): void;
};

type Step = { draft: Draft; words: string };

export function useDraft(from: Draft): Drafting {
  const draft = shallowRef(from);
  const saved = shallowRef(JSON.stringify(from));
  const past = shallowRef<readonly Step[]>([]);
  const future = shallowRef<readonly Step[]>([]);
  const said = shallowRef('');

  return {
    draft,
    tiles: computed(() => draft.value.body.tiles),
    dirty: computed(() => JSON.stringify(draft.value) !== saved.value),
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    said,
    say,
    change,
    arrange,
    undo,
    redo,
    stored: (as) => (saved.value = JSON.stringify(as)),
    restart,
  };

  /** The same words twice are news too: a screen reader reads only what differs. */
  function say(words: string): void {
    said.value = said.value === words ? `${words}\u00a0` : words;
  }

  function change(next: Draft, words: string): void {
    if (JSON.stringify(next) === JSON.stringify(draft.value)) return;
    past.value = [...past.value, { draft: draft.value, words }].slice(-STEPS_KEPT_MAX);
    future.value = [];
    draft.value = next;
    say(words);
  }

  function arrange(tiles: BoardTile[] | null, words: string): boolean {
    if (tiles === null) {
      say('No room there.');
      return false;
    }
    change({ ...draft.value, body: { ...draft.value.body, tiles } }, words);
    return true;
  }

  function undo(): void {
    const step = past.value.at(-1);
    if (step === undefined) return;
    past.value = past.value.slice(0, -1);
    future.value = [...future.value, { draft: draft.value, words: step.words }];
    draft.value = step.draft;
    say(`Taken back: ${step.words}`);
  }

  function redo(): void {
    const step = future.value.at(-1);
    if (step === undefined) return;
    future.value = future.value.slice(0, -1);
    past.value = [...past.value, { draft: draft.value, words: step.words }];
    draft.value = step.draft;
    say(`Done again: ${step.words}`);
  }

  function restart(other: Draft): void {
    draft.value = other;
    saved.value = JSON.stringify(other);
    past.value = [];
    future.value = [];
  }
}
