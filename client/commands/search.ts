/** Finds things by number, name or words, a moment after the last key. */
import { type ShallowRef, shallowRef, watch } from 'vue';
import type { SearchAnswer, SearchHit } from '../../server/http/contract/search.ts';
import { asProblem } from '../http/load.ts';
import { request, withQuery } from '../http/request.ts';

const PAUSE_MS = 120;
const CHARACTERS_MIN = 2;

export type Search = {
  found: ShallowRef<readonly SearchHit[]>;
  busy: ShallowRef<boolean>;
  problem: ShallowRef<string>;
  /** What could not be searched right now. */
  incomplete: ShallowRef<string>;
};

export function useSearch(text: () => string): Search {
  const found = shallowRef<readonly SearchHit[]>([]);
  const busy = shallowRef(false);
  const problem = shallowRef('');
  const incomplete = shallowRef('');
  let question = 0;

  watch(text, (wanted, _before, onCleanup) => {
    question += 1;
    problem.value = '';
    const asked = question;
    const q = wanted.trim();
    busy.value = q.length >= CHARACTERS_MIN;
    if (!busy.value) {
      found.value = [];
      incomplete.value = '';
      return;
    }
    const timer = setTimeout(async () => {
      try {
        const answer = await request<SearchAnswer>('GET', withQuery('/v1/search', { q }));
        if (asked !== question) return;
        found.value = answer.items;
        incomplete.value = answer.incomplete ?? '';
      } catch (error) {
        if (asked === question) problem.value = asProblem(error).message;
      } finally {
        if (asked === question) busy.value = false;
      }
    }, PAUSE_MS);
    onCleanup(() => clearTimeout(timer));
  });
  return { found, busy, problem, incomplete };
}
