/** What the server thinks of a text while it is written: its faults, its parameters, what it would cost. */
import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import type { SqlCheck, SqlQuestion } from '../../../server/http/contract/sql-runs.ts';
import { request } from '../../http/request.ts';

/** Longer than the pause between two keys. */
const AFTER_MS = 400;

/** @param question null: nothing is to be checked */
export function useChecking(question: () => SqlQuestion | null): ShallowRef<SqlCheck | null> {
  const check = shallowRef<SqlCheck | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  watch(
    () => JSON.stringify(question()),
    () => {
      clearTimeout(timer);
      asked += 1;
      if (question() === null) check.value = null;
      else timer = setTimeout(ask, AFTER_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return check;

  async function ask(): Promise<void> {
    const turn = asked;
    const text = question();
    if (text === null) return;
    // Whether it is right is said again by the run: without an answer here nothing is marked.
    const answer = await request<SqlCheck>('POST', '/v1/sql/check', text).catch(() => null);
    if (turn === asked) check.value = answer;
  }
}
