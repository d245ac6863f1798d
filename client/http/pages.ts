/** A list that is read page by page with a cursor, and read again in the places that are on the screen. */
import { type ComputedRef, computed, onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue';
import { asProblem } from './load.ts';
import { type RequestProblem, request, withQuery } from './request.ts';

const PAGE_ROWS = 100;
const REFRESH_PAGES_MAX = 3;

type Query = Record<string, string | number | boolean | null | undefined>;
type Page<T> = { items: T[]; next: string | null };
export type Pages<T> = {
  items: ComputedRef<T[]>;
  /** Whether there is more than what was read so far. */
  more: ComputedRef<boolean>;
  problem: ShallowRef<RequestProblem | null>;
  loading: ShallowRef<boolean>;
  loadedAt: ShallowRef<number | null>;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
  /** Tells which rows are on the screen. */
  see(first: number, last: number): void;
};

export function usePages<T>(path: string, query: () => Query, everyMs = 0): Pages<T> {
  const pages = shallowRef<(Page<T> & { cursor: string | null })[]>([]);
  const problem = shallowRef<RequestProblem | null>(null);
  const loading = shallowRef(false);
  const loadedAt = shallowRef<number | null>(null);
  const items = computed(() => pages.value.flatMap((page) => page.items));
  const more = computed(() => pages.value.at(-1)?.next != null);
  let seen = { first: 0, last: 0 };
  let question = 0;

  watch(() => JSON.stringify(query()), reload, { immediate: true });
  if (everyMs > 0) {
    const timer = setInterval(() => document.hidden || loading.value || refresh(), everyMs);
    onScopeDispose(() => clearInterval(timer));
  }
  return { items, more, problem, loading, loadedAt, loadMore, reload, see };

  function see(first: number, last: number): void {
    seen = { first, last };
  }

  async function reload(): Promise<void> {
    await guarded(async (current) => {
      const page = await read(null);
      if (current()) pages.value = [page];
    });
  }

  async function loadMore(): Promise<void> {
    const cursor = pages.value.at(-1)?.next ?? null;
    if (cursor === null || loading.value) return;
    await guarded(async (current) => {
      const page = await read(cursor);
      if (current()) pages.value = [...pages.value, page];
    });
  }

  async function refresh(): Promise<void> {
    await guarded(async (current) => {
      for (const index of pagesOnScreen()) {
        const page = await read(pages.value[index]?.cursor ?? null);
        if (!current()) return;
        pages.value = pages.value.map((old, place) => (place === index ? page : old));
      }
    });
  }

  function pagesOnScreen(): number[] {
    const found: number[] = [];
    let start = 0;
    pages.value.forEach((page, index) => {
      const end = start + page.items.length;
      if (start <= seen.last && end >= seen.first) found.push(index);
      start = end;
    });
    return found.slice(0, REFRESH_PAGES_MAX);
  }

  async function read(cursor: string | null) {
    return { ...(await request<Page<T>>('GET', withQuery(path, { ...query(), cursor, limit: PAGE_ROWS }))), cursor };
  }

  /** A later question makes the answers to earlier ones worthless. */
  async function guarded(work: (current: () => boolean) => Promise<void>): Promise<void> {
    question += 1;
    const asked = question;
    loading.value = true;
    try {
      await work(() => asked === question);
      if (asked !== question) return;
      problem.value = null;
      loadedAt.value = Date.now();
    } catch (error) {
      if (asked === question) problem.value = asProblem(error);
    } finally {
      if (asked === question) loading.value = false;
    }
  }
}
