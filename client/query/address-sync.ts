/** The address and the open questions say the same: a link opens what its sender saw, and the way back leads there. */
import { onScopeDispose, watch } from 'vue';
import { type LocationQuery, useRoute, useRouter } from 'vue-router';
import { isAskable } from './question.ts';
import { addressed, addressNames, addressOf } from './question-address.ts';
import { readQuestion } from './saved/saved-questions.ts';
import { isBlank, type Tab } from './tabs/tab.ts';
import { useTabs } from './tabs/tabs.ts';

const PATH = '/query';

/** Where a tab is found: its saved question, and what of it the address says. */
export function placeOf(tab: Tab): { path: string; query: Record<string, string> } {
  const path = tab.saved === null ? PATH : `${PATH}/${encodeURIComponent(tab.saved.id)}`;
  // What was written by hand is found by what is stored, never by the address.
  const metrics = tab.sql === null && isAskable(tab.metrics) ? tab.metrics : null;
  return { path, query: addressOf({ metrics, as: tab.as, measure: tab.measure, highlight: tab.highlight }) };
}

/** @param failed a link to what is not there, or not for everybody */
export function useAddressSync(failed: (id: string, error: unknown) => void): void {
  const tabs = useTabs();
  const route = useRoute();
  const router = useRouter();
  let settled = false;
  let closed = false;
  onScopeDispose(() => (closed = true));

  void take().finally(() => {
    settled = true;
    if (!closed) put(true);
  });
  watch(
    () => tabs.active && JSON.stringify([tabs.active.key, placeOf(tabs.active)]),
    () => settled && put(false),
  );
  watch(
    () => route.fullPath,
    () => {
      if (settled && route.path.startsWith(PATH) && !says()) void take();
    },
  );

  /** Whether the address says what the active tab is. */
  function says(): boolean {
    const { active } = tabs;
    if (active === undefined) return false;
    const { path, query } = placeOf(active);
    return route.path === path && sameQuery(ownOf(route.query), query);
  }

  function put(replace: boolean): void {
    const { active } = tabs;
    if (active === undefined || says()) return;
    const { path, query } = placeOf(active);
    const others = Object.fromEntries(
      Object.entries(route.query).filter(([name]) => !addressNames.some((own) => own === name)),
    );
    const to = { path, query: { ...others, ...query }, state: { tab: active.key } };
    void (replace ? router.replace(to) : router.push(to));
  }

  /** From the address into a tab: the one that made this entry of history, the saved question, or a new one. */
  async function take(): Promise<void> {
    const id = typeof route.params['question'] === 'string' ? route.params['question'] : '';
    const { state } = window.history;
    const known = tabs.tabs.find(({ key, saved }) => key === state?.tab && (saved?.id ?? '') === id);
    const said = addressed(route.query);
    const asks = said.metrics !== null;
    if (known !== undefined) tabs.activate(known.key);
    else if (id !== '') await openStored(id);
    else if (asks) openAsked();
    else if (tabs.active === undefined) tabs.open();
    const { active } = tabs;
    if (active === undefined) return;
    const isOwn = active.sql !== null;
    if (id !== '' && active.saved?.id !== id) return;
    const carries = Object.keys(ownOf(route.query)).length > 0;
    if (!carries) return;
    const { as, measure, highlight, metrics } = said;
    tabs.change(active.key, { as, measure, highlight, ...(metrics === null || isOwn ? {} : { metrics }) });
  }

  async function openStored(id: string): Promise<void> {
    try {
      tabs.openSaved(await readQuestion(id));
    } catch (error) {
      if (tabs.active === undefined) tabs.open();
      failed(id, error);
    }
  }

  function openAsked(): void {
    const { active } = tabs;
    const query = ownOf(route.query);
    const same = tabs.tabs.find((tab) => tab.saved === null && sameQuery(placeOf(tab).query, query));
    if (same !== undefined) tabs.activate(same.key);
    else if (active === undefined || !isBlank(active) || active.saved !== null) tabs.open();
  }
}

const ownOf = (query: LocationQuery): Record<string, string> =>
  Object.fromEntries(
    addressNames.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );

const sameQuery = (a: Record<string, string>, b: Record<string, string>): boolean =>
  addressNames.every((name) => (a[name] ?? '') === (b[name] ?? ''));
