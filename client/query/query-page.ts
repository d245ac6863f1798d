/** What the page of questions does: asks as one chooses, runs, saves, and keeps the dialogs that are open. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ExportFormat, ExportSubject } from '../../server/http/contract/exports.ts';
import type { MetricQuestion } from '../../server/http/contract/questions.ts';
import type { SqlRunLine } from '../../server/http/contract/sql-runs.ts';
import { asProblem } from '../http/load.ts';
import { useToasts } from '../notices/toasts.ts';
import { useSession } from '../session/session.ts';
import { placeOf, useAddressSync } from './address-sync.ts';
import { useAnswers } from './answer/answers.ts';
import { useCatalogue } from './catalogue.ts';
import { emptyQuestion, isAskable } from './question.ts';
import { questionTitle } from './question-words.ts';
import { useChecking } from './sql/checking.ts';
import { missing } from './sql/parameters.ts';
import { parametersOf } from './sql/sql-text.ts';
import { isUnsaved, type SavedQuestion, type Tab } from './tabs/tab.ts';
import { useTabs } from './tabs/tabs.ts';

/** Somebody who chooses three measures in a row asks once. */
const ASK_AFTER_MS = 250;
export type QueryDialog =
  | { kind: 'save'; reason?: string; after?: 'link' }
  | { kind: 'browse' }
  | { kind: 'pin' }
  | { kind: 'rows'; group: (string | null)[]; measure: string }
  | { kind: 'export'; format: ExportFormat; of: ExportSubject };

export type QueryPageState = ReturnType<typeof useQueryPage>;

export function useQueryPage() {
  const session = useSession();
  const tabs = useTabs();
  const answers = useAnswers();
  const catalogue = useCatalogue();
  const toasts = useToasts();
  const dialog = shallowRef<QueryDialog | null>(null);
  const tab = computed(() => tabs.active);
  const answer = computed(() => answers.of(tabs.activeKey));
  const me = computed(() => session.state?.session?.user);
  const isAdmin = computed(() => me.value?.role === 'admin');
  const mayChange = computed(() => {
    const owner = tab.value?.saved?.owner;
    return owner !== undefined && (owner === me.value?.id || isAdmin.value);
  });
  const generated = computed(() => (isAskable(tab.value?.metrics ?? null) ? (answer.value.metrics?.sql ?? '') : ''));
  const check = useChecking(() => {
    const { sql = null, values = {} } = tab.value ?? {};
    return sql === null || sql.trim() === '' || !session.may('ask-sql') ? null : { sql, parameters: values };
  });
  const asked = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  void catalogue.load();
  useAddressSync((id, error) => say(`The question ${id} could not be opened. ${asProblem(error).message}`));
  // What the builder says is asked as it is chosen; a text waits for somebody to run it, or came with a link.
  watch(
    () => tab.value && JSON.stringify([tab.value.key, tab.value.sql === null && tab.value.metrics]),
    () => {
      clearTimeout(timer);
      const { value } = tab;
      if (value === undefined) return;
      if (value.sql !== null) {
        if (answers.of(value.key).answeredAt === null && value.saved !== null && !asked.has(value.key)) run();
        return;
      }
      const question = JSON.stringify(value.metrics);
      if (!isAskable(value.metrics) || asked.get(value.key) === question) return;
      timer = setTimeout(run, ASK_AFTER_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    tabs.keepNow();
  });

  return {
    session,
    tabs,
    tab,
    answer,
    catalogue,
    dialog,
    check,
    generated,
    me,
    isAdmin,
    mayChange,
    titleOf,
    change,
    setQuestion,
    write,
    reset,
    run,
    cancel,
    close,
    openSql,
    again,
    save,
    saved,
    theirs,
    copyLink,
    pin,
    exportAs,
    openSaved,
  };

  function titleOf(one: Tab): string {
    if (one.name !== '') return one.name;
    if (isAskable(one.metrics)) return questionTitle(one.metrics, catalogue.askable);
    return one.sql === null ? 'New question' : 'SQL';
  }

  function change(part: Partial<Tab>): void {
    tabs.change(tabs.activeKey, part);
  }

  /** What the builder says holds, whatever was written beside it. */
  function setQuestion(metrics: MetricQuestion): void {
    change({ metrics, sql: null });
  }

  /** A text that is changed no longer follows the builder; its parameters keep the values they had. */
  function write(sql: string): void {
    const { value } = tab;
    if (value === undefined) return;
    const known = value.sql === null ? (answer.value.metrics?.parameters ?? {}) : value.values;
    const words = new Map(value.parameters.map((one) => [one.name, one.words]));
    const parameters = parametersOf(sql).map((one) => ({ ...one, words: words.get(one.name) ?? '' }));
    change({ sql, values: { ...known, ...value.values }, parameters });
  }

  function reset(): void {
    asked.delete(tabs.activeKey);
    change({ sql: null, values: {}, parameters: [], columns: {} });
  }

  function run(): void {
    const { value } = tab;
    if (value === undefined) return;
    clearTimeout(timer);
    if (value.sql !== null && value.sql.trim() !== '') {
      const unset = missing(parametersOf(value.sql), value.values);
      if (unset.length > 0) return say(`Enter ${unset.join(', ')} first.`);
      asked.set(value.key, value.sql);
      void answers.askSql(value.key, value.sql, valuesAsked(value));
    } else if (isAskable(value.metrics)) {
      asked.set(value.key, JSON.stringify(value.metrics));
      void answers.askMetrics(value.key, value.metrics);
    }
  }

  function cancel(): void {
    void answers.cancel(tabs.activeKey);
  }

  function close(key: string): void {
    const one = tabs.tabs.find((other) => other.key === key);
    if (one === undefined) return;
    answers.forget(key);
    asked.delete(key);
    tabs.close(key);
    if (tabs.tabs.length === 0) tabs.open();
    if (isUnsaved(one)) {
      const { key: _, ...rest } = one;
      toasts.say({ text: `Closed “${titleOf(one)}”, which was not saved.`, undo: () => void tabs.open(rest) });
    }
  }

  function openSql(sql: string, values: Tab['values'] = {}): void {
    if (tabs.isFull) return say('Close a question first.');
    tabs.open({ metrics: null, sql, values, as: 'table' });
    if (sql !== '') run();
  }

  function again(line: SqlRunLine): void {
    dialog.value = null;
    tabs.open({ metrics: null, sql: line.sql, values: line.parameters, as: 'table' });
  }

  function openSaved(question: SavedQuestion): void {
    dialog.value = null;
    tabs.openSaved(question);
  }

  function save(): void {
    if (session.may('save-views') && tab.value !== undefined) dialog.value = { kind: 'save' };
  }

  function saved(question: SavedQuestion): void {
    const after = dialog.value?.kind === 'save' ? dialog.value.after : undefined;
    dialog.value = null;
    tabs.change(tabs.activeKey, { words: question.body.words });
    tabs.markStored(tabs.activeKey, question);
    toasts.say({ text: `“${question.name}” is saved.` });
    if (after === 'link') copyLink();
  }

  function theirs(question: SavedQuestion): void {
    dialog.value = null;
    const { activeKey } = tabs;
    answers.forget(activeKey);
    tabs.close(activeKey);
    tabs.openSaved(question);
  }

  /** What was written by hand is no part of an address: it is saved first, and the link leads there. */
  function copyLink(): void {
    const { value } = tab;
    if (value === undefined) return;
    if (value.sql !== null && isUnsaved(value)) {
      dialog.value = {
        kind: 'save',
        reason: 'A link leads to what is saved: SQL does not stand in an address.',
        after: 'link',
      };
      return;
    }
    const { path, query } = placeOf(value);
    const address = new URL(path, location.origin);
    for (const [name, text] of Object.entries(query)) address.searchParams.set(name, text);
    navigator.clipboard.writeText(address.href).then(
      () => say('The link is on the clipboard.', 'done'),
      () => say(`The browser refused the clipboard. The link: ${address.href}`),
    );
  }

  function pin(): void {
    if (tab.value !== undefined) dialog.value = { kind: 'pin' };
  }

  function exportAs(format: ExportFormat): void {
    const { value } = tab;
    if (value === undefined) return;
    const isOwn = value.sql !== null && value.sql.trim() !== '';
    const of: ExportSubject = isOwn
      ? { kind: 'sql', question: { sql: value.sql!, parameters: valuesAsked(value) } }
      : { kind: 'metrics', question: value.metrics ?? emptyQuestion };
    dialog.value = { kind: 'export', format, of };
  }

  /** Those the text asks for; of others that were entered once, nothing is sent. */
  function valuesAsked({ sql, values }: Tab): Tab['values'] {
    const names = new Set(parametersOf(sql ?? '').map(({ name }) => name));
    return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
  }

  function say(text: string, tone: 'done' | 'problem' = 'problem'): void {
    toasts.say({ text, tone });
  }
}
