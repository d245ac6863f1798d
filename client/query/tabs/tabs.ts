/** The questions that are open here, kept until the browser's tab is closed: drafts survive a reload. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { afterClosing, newTab, readTabs, type SavedQuestion, stored, TABS_MAX, type Tab, tabOf } from './tab.ts';

const KEPT = 'tideline.questions';
/** Writing on every key would be heard in the fan. */
const KEEP_AFTER_MS = 300;

export const useTabs = defineStore('question-tabs', () => {
  const kept = readTabs(read());
  const tabs = shallowRef<readonly Tab[]>(kept.tabs);
  const activeKey = shallowRef(kept.active);
  const active = computed(() => tabs.value.find(({ key }) => key === activeKey.value));
  const isFull = computed(() => tabs.value.length >= TABS_MAX);
  let timer: ReturnType<typeof setTimeout> | undefined;

  return { tabs, active, activeKey, isFull, open, openSaved, activate, change, markStored, close, keepNow };

  /** @returns its key; when there are as many as there may be, the one that is looked at is what it was */
  function open(part: Partial<Tab> = {}): string {
    if (isFull.value) return activeKey.value;
    const tab = newTab(freeKey(), part);
    set([...tabs.value, tab], tab.key);
    return tab.key;
  }

  /** The one that is open already with all that was done to it, else as it is stored. */
  function openSaved(question: SavedQuestion): string {
    const known = tabs.value.find(({ saved }) => saved?.id === question.id);
    if (known !== undefined) {
      activate(known.key);
      return known.key;
    }
    return open({ ...tabOf('', question), key: freeKey() });
  }

  function freeKey(): string {
    return `t${Math.max(0, ...tabs.value.map(({ key }) => Number.parseInt(key.slice(1), 10) || 0)) + 1}`;
  }

  function activate(key: string): void {
    if (tabs.value.some((tab) => tab.key === key)) set(tabs.value, key);
  }

  function change(key: string, part: Partial<Tab>): void {
    set(
      tabs.value.map((tab) => (tab.key === key ? { ...tab, ...part, key } : tab)),
      activeKey.value,
    );
  }

  function markStored(key: string, question: SavedQuestion): void {
    set(
      tabs.value.map((tab) => (tab.key === key ? stored(tab, question) : tab)),
      activeKey.value,
    );
  }

  function close(key: string): void {
    const next = afterClosing(tabs.value, key, activeKey.value);
    set(
      tabs.value.filter((tab) => tab.key !== key),
      next,
    );
  }

  function set(next: readonly Tab[], key: string): void {
    tabs.value = next;
    activeKey.value = key;
    clearTimeout(timer);
    timer = setTimeout(keepNow, KEEP_AFTER_MS);
  }

  /** Before the page goes, too. */
  function keepNow(): void {
    clearTimeout(timer);
    try {
      sessionStorage.setItem(KEPT, JSON.stringify({ tabs: tabs.value, active: activeKey.value }));
    } catch {
      // Without storage the drafts last as long as the page.
    }
  }
});

function read(): string | null {
  try {
    return sessionStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
