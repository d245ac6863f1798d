/**
 * Rows that are read page by page in the order of the server. What is on the screen is read again every few seconds and
 * changed in place: rows never move under the hand, only a new question puts them in another order.
 */
import { onScopeDispose, type ShallowRef, shallowReactive, shallowRef, triggerRef, watch } from 'vue';
import type { StockLine } from '../../server/http/contract/inventory.ts';
import { asProblem } from '../http/load.ts';
import { type RequestProblem, request, withQuery } from '../http/request.ts';

const PAGE_ROWS = 100;
const REFRESH_MS = 3_000;
/** Sums are over everything there is, so they are asked for less often. */
const REFRESHES_PER_SUM = 5;
/** Of one question; the server takes no more. */
const LINES_MAX = 200;

type Answer<T> = { items: T[]; next: string | null };
type Query = Record<string, string | number | boolean | null>;

export type StockRows<T, A> = {
  rows: ShallowRef<T[]>;
  /** Everything else in the newest answer: sums, how many there are, nodes. */
  whole: ShallowRef<Omit<A, 'items' | 'next'> | null>;
  problem: ShallowRef<RequestProblem | null>;
  loadedAt: ShallowRef<number | null>;
  loadMore(): Promise<void>;
  reload(): Promise<void>;
  see(first: number, last: number): void;
};

/**
 * @param idsOf the records a row is made of, as `SKU|NODE`
 * @param renew changes a row in place to what its records say now
 */
export function useStockRows<T extends object, A extends Answer<T>>(
  path: string,
  query: () => Query,
  idsOf: (row: T) => string[],
  renew: (row: T, lines: ReadonlyMap<string, StockLine>) => void,
): StockRows<T, A> {
  const rows = shallowRef<T[]>([]);
  const whole = shallowRef<Omit<A, 'items' | 'next'> | null>(null);
  const problem = shallowRef<RequestProblem | null>(null);
  const loadedAt = shallowRef<number | null>(null);
  let next: string | null = null;
  let seen = { first: 0, last: 30 };
  let question = 0;
  let reading = false;
  let refreshes = 0;

  watch(() => JSON.stringify(query()), reload, { immediate: true });
  const timer = setInterval(() => document.hidden || reading || refresh(), REFRESH_MS);
  onScopeDispose(() => {
    clearInterval(timer);
    question += 1;
  });
  return {
    rows,
    whole,
    problem,
    loadedAt,
    loadMore,
    reload,
    see(first, last) {
      seen = { first, last };
    },
  };

  async function reload(): Promise<void> {
    question += 1;
    await guarded(async (current) => {
      const answer = await read(null, PAGE_ROWS);
      if (!current()) return;
      rows.value = answer.items.map((row) => shallowReactive(row));
      next = answer.next;
    });
  }

  async function loadMore(): Promise<void> {
    if (next === null || reading) return;
    await guarded(async (current) => {
      const answer = await read(next, PAGE_ROWS);
      if (!current()) return;
      rows.value = [...rows.value, ...answer.items.map((row) => shallowReactive(row))];
      next = answer.next;
    });
  }

  async function refresh(): Promise<void> {
    await guarded(async (current) => {
      const shown = rows.value.slice(seen.first, seen.last + 1);
      const ids = shown.flatMap(idsOf).slice(0, LINES_MAX);
      refreshes += 1;
      const { items } = await request<{ items: StockLine[] }>(
        'GET',
        withQuery('/v1/stock-lines', { ids: ids.join('\n') }),
      );
      if (refreshes % REFRESHES_PER_SUM === 0) await read(null, 1);
      if (!current()) return;
      const lines = new Map(items.map((line) => [`${line.sku}|${line.node}`, line]));
      for (const row of shown) renew(row, lines);
      triggerRef(rows);
    });
  }

  async function read(cursor: string | null, limit: number): Promise<A> {
    const asked = question;
    const answer = await request<A>('GET', withQuery(path, { ...query(), cursor, limit }));
    const { items: _, next: __, ...rest } = answer;
    if (asked === question) whole.value = rest;
    return answer;
  }

  /** A later question makes the answers to earlier ones worthless. */
  async function guarded(work: (current: () => boolean) => Promise<void>): Promise<void> {
    const asked = question;
    const current = () => asked === question;
    reading = true;
    try {
      await work(current);
      if (!current()) return;
      problem.value = null;
      loadedAt.value = Date.now();
    } catch (error) {
      if (current()) problem.value = asProblem(error);
    } finally {
      if (current()) reading = false;
    }
  }
}
