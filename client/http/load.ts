/** Reading from the HTTP API: keeps the last data when a later reading fails, and says as of when it is. */
import { getCurrentScope, onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import { RequestProblem } from './request.ts';

export type Loaded<T> = {
  data: ShallowRef<T | null>;
  problem: ShallowRef<RequestProblem | null>;
  loading: ShallowRef<boolean>;
  /** This browser's clock when the data came. */
  loadedAt: ShallowRef<number | null>;
  load(): Promise<void>;
};

/** Loads at once, again whenever what `read` depends on (`dependencies`) changes, and every `everyMs` while seen. */
export function useLoad<T>(read: () => Promise<T>, dependencies: () => unknown = () => 0, everyMs = 0): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<RequestProblem | null>(null);
  const loading = shallowRef(false);
  const loadedAt = shallowRef<number | null>(null);
  let question = 0;

  watch(dependencies, load, { immediate: true });
  if (everyMs > 0 && getCurrentScope()) {
    const timer = setInterval(() => document.hidden || loading.value || load(), everyMs);
    onScopeDispose(() => clearInterval(timer));
  }
  return { data, problem, loading, loadedAt, load };

  async function load(): Promise<void> {
    question += 1;
    const asked = question;
    loading.value = true;
    try {
      const answer = await read();
      if (asked !== question) return;
      data.value = answer;
      problem.value = null;
      loadedAt.value = Date.now();
    } catch (error) {
      if (asked !== question) return;
      problem.value = asProblem(error);
    } finally {
      if (asked === question) loading.value = false;
    }
  }
}

export function asProblem(error: unknown): RequestProblem {
  if (error instanceof RequestProblem) return error;
  return new RequestProblem({ type: 'about:blank', title: 'Something went wrong', status: 500, detail: String(error) });
}
