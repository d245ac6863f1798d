/** One question that is being worked on: what it asks, how it is drawn, and where it is kept. Pure. */
import type { MetricQuestion } from '../../../server/http/contract/questions.ts';
import type { SavedThing } from '../../../server/http/contract/saved.ts';
import type { ChartKind, QuestionBody } from '../../../server/http/contract/saved-question.ts';
import type { SqlParameters } from '../../../server/http/contract/sql-runs.ts';
import { emptyQuestion } from '../question.ts';

export type SavedQuestion = SavedThing<QuestionBody>;
export type Tab = {
  key: string;
  /** Empty: called after what it asks. */
  name: string;
  words: string;
  /** What is stored of it, and what it was then; null: nowhere. */
  saved: { id: string; version: number; owner: string; shared: boolean; body: string } | null;
  metrics: MetricQuestion | null;
  /** Null while it follows the builder. */
  sql: string | null;
  parameters: QuestionBody['parameters'];
  values: SqlParameters;
  as: ChartKind;
  /** Which columns of an answer to SQL are drawn: `x`, `y`, `series`. */
  columns: Record<string, string>;
  /** The measure that is drawn, and the group that stands out; null: the first. */
  measure: string | null;
  highlight: string | null;
};

export const TABS_MAX = 20;

export const newTab = (key: string, change: Partial<Tab> = {}): Tab => ({
  key,
  name: '',
  words: '',
  saved: null,
  metrics: emptyQuestion,
  sql: null,
  parameters: [],
  values: {},
  as: 'line',
  columns: {},
  measure: null,
  highlight: null,
  ...change,
});

export const bodyOf = (tab: Tab): QuestionBody => ({
  words: tab.words,
  metrics: tab.metrics?.measures.length ? tab.metrics : null,
  sql: tab.sql,
  parameters: tab.parameters,
  values: tab.sql === null ? {} : tab.values,
  show: { as: tab.as, columns: tab.columns },
});

export function tabOf(key: string, question: SavedQuestion): Tab {
  const { body } = question;
  const tab = newTab(key, {
    name: question.name,
    words: body.words,
    metrics: body.metrics ?? (body.sql === null ? emptyQuestion : null),
    sql: body.sql,
    parameters: body.parameters,
    values: body.values,
    as: body.show.as,
    columns: body.show.columns,
  });
  return stored(tab, question);
}

/** As it is once it has been stored: nothing of it is lost by closing it. */
export function stored(tab: Tab, { id, version, owner, shared, name }: SavedQuestion): Tab {
  return {
    ...tab,
    name,
    saved: { id, version, owner, shared, body: JSON.stringify({ name, ...bodyOf({ ...tab, name }) }) },
  };
}

export const isBlank = ({ metrics, sql }: Tab): boolean => (metrics?.measures.length ?? 0) === 0 && !sql?.trim();
/** Whether closing it would lose something. */
export const isUnsaved = (tab: Tab): boolean =>
  tab.saved === null ? !isBlank(tab) : tab.saved.body !== JSON.stringify({ name: tab.name, ...bodyOf(tab) });

/** What was kept over a reload; whatever else stands there is not ours. */
export function readTabs(text: string | null): { tabs: Tab[]; active: string } {
  const kept = parse(text);
  const tabs = (Array.isArray(kept?.tabs) ? kept.tabs : [])
    .filter((tab): tab is Tab => typeof tab === 'object' && tab !== null && typeof (tab as Tab).key === 'string')
    .map((tab) => newTab(tab.key, tab))
    .slice(0, TABS_MAX);
  const active = tabs.find(({ key }) => key === kept?.active)?.key ?? tabs[0]?.key ?? '';
  return { tabs, active };
}

function parse(text: string | null): { tabs?: unknown; active?: unknown } | null {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Which one is looked at after one is closed: the one behind it, else the one before. */
export function afterClosing(tabs: readonly Tab[], key: string, active: string): string {
  if (active !== key) return active;
  const place = tabs.findIndex((tab) => tab.key === key);
  return (tabs[place + 1] ?? tabs[place - 1])?.key ?? '';
}
