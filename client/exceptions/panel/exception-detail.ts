/** All about one exception, read again when its row changes, and not for every row that a held key runs past. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ExceptionView } from '../../../server/http/contract/exceptions.ts';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { useLoad } from '../../http/load.ts';
import { request } from '../../http/request.ts';
import { useExceptionWork } from '../work/exception-work.ts';

const SETTLED_AFTER_MS = 150;

/** @param row the live row; undefined for what is not in the list: over, put away, or not loaded yet */
export function useExceptionDetail(id: () => string, row: () => ExceptionLine | undefined) {
  const work = useExceptionWork();
  const asked = shallowRef(id());
  const round = shallowRef(0);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const loaded = useLoad(
    () => request<ExceptionView>('GET', `/v1/exceptions/${encodeURIComponent(asked.value)}`),
    () => [asked.value, round.value],
  );
  // What was answered here is there before the row comes; other people's steps come with the row.
  watch(
    () => [id(), row()?.version, row()?.updatedAt, row() === undefined, work.answered],
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        asked.value = id();
        round.value += 1;
      }, SETTLED_AFTER_MS);
    },
  );
  onScopeDispose(() => clearTimeout(timer));

  const view = computed(() => {
    const { value } = loaded.data;
    return value !== null && (value.id === id() || value.name === id()) ? value : null;
  });
  /** As it stands, with one's own steps over it; the live row knows better than what was read. */
  const line = computed<ExceptionLine | null>(() => {
    const live = row();
    const known = view.value;
    if (live === undefined) return known === null ? null : work.shown(known);
    return work.shown({ ...live, detail: live.detail || (known?.detail ?? '') });
  });
  const problem = computed(() => (asked.value === id() ? loaded.problem.value : null));
  return { view, line, problem, load: loaded.load };
}
