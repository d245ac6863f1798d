/** What may be meant at a place of a text of SQL, and what a word in it means. Pure; knows nothing of the editor. */
import type { SqlSchema } from '../../../server/http/contract/sql-runs.ts';
import { isInText, namesGiven, parametersOf, sourcesOf, wordsOf } from './sql-text.ts';
import { typeWords } from './type-words.ts';

export type Meaning = {
  label: string;
  kind: 'view' | 'column' | 'alias' | 'function' | 'keyword' | 'parameter';
  detail: string;
  words: string;
};
export type Completions = { from: number; options: Meaning[] };
type View = SqlSchema['views'][number];

export const keywords =
  'AS SELECT FROM WHERE GROUP BY ORDER LIMIT HAVING JOIN LEFT INNER FULL CROSS ASOF ON USING WITH AND OR NOT IN BETWEEN LIKE ILIKE IS NULL CASE WHEN THEN ELSE END DISTINCT UNION ALL ASC DESC PREWHERE ARRAY ANY INTERVAL DAY HOUR MINUTE WEEK MONTH QUARTER YEAR OVER PARTITION WINDOW QUALIFY TOTALS ROLLUP CUBE OFFSET FILL NULLS FIRST LAST EXCEPT INTERSECT TRUE FALSE'.split(
    ' ',
  );
const BEFORE_VIEW = new Set(['from', 'join']);

/** @param whole asked for by key: also where nothing has been typed yet */
export function completionsAt(sql: string, at: number, schema: SqlSchema, whole: boolean): Completions | null {
  if (isInText(sql, at)) return null;
  const typed = /[A-Za-z_]\w*$/.exec(sql.slice(0, at))?.[0] ?? '';
  const from = at - typed.length;
  const before = sql.slice(0, from);
  const owner = /([A-Za-z_]\w*)\.$/.exec(before)?.[1];
  if (owner !== undefined) return { from, options: columnsOf(owner, sql, schema) };
  if (/\{\s*$/.test(before)) return { from, options: parametersOf(sql).map(parameterMeaning) };
  if (typed === '' && !whole) return null;
  const last = wordsOf(before).at(-1);
  const givenNames = (kind: Meaning['kind'], detail: string) =>
    namesGiven(sql).map((label): Meaning => ({ label, kind, detail, words: '' }));
  if (last !== undefined && BEFORE_VIEW.has(last.text.toLowerCase())) {
    return { from, options: [...schema.views.map(viewMeaning), ...givenNames('alias', 'this query')] };
  }
  const sources = sourcesOf(sql);
  const aliases = sources.map(
    ({ view, alias }): Meaning => ({ label: alias, kind: 'alias', detail: view === alias ? 'view' : view, words: '' }),
  );
  const read = readViews(sql, schema);
  // Before anything is read, every column there is may be meant.
  const columns = (read.length > 0 ? read : schema.views).flatMap((view) =>
    view.columns.map((column) => columnMeaning(column, view)),
  );
  const options: Meaning[] = [
    ...columns,
    ...aliases,
    ...givenNames('alias', 'this query'),
    ...schema.functions.map((label): Meaning => ({ label, kind: 'function', detail: '', words: '' })),
    ...keywords.map((label): Meaning => ({ label, kind: 'keyword', detail: '', words: '' })),
  ];
  return { from, options: once(options) };
}

/** What stands for the word at a place: the column of the view it belongs to, a view, a parameter. */
export function meaningAt(sql: string, at: number, schema: SqlSchema): (Meaning & { from: number; to: number }) | null {
  const words = wordsOf(sql);
  const place = words.findIndex(
    ({ from, to, kind }) => at >= from && at <= to && (kind === 'word' || kind === 'parameter'),
  );
  const word = words[place];
  if (word === undefined) return null;
  const found = meaningOf(word.text, words[place - 1]?.text === '.' ? words[place - 2]?.text : undefined, sql, schema);
  return found === null ? null : { ...found, from: word.from, to: word.to };
}

function meaningOf(text: string, owner: string | undefined, sql: string, schema: SqlSchema): Meaning | null {
  if (text.startsWith('{')) {
    const parameter = parametersOf(text)[0];
    return parameter === undefined ? null : parameterMeaning(parameter);
  }
  if (owner !== undefined) return columnsOf(owner, sql, schema).find(({ label }) => label === text) ?? null;
  const column = readViews(sql, schema).flatMap((view) => {
    const one = view.columns.find(({ name }) => name === text);
    return one === undefined ? [] : [columnMeaning(one, view)];
  })[0];
  if (column !== undefined) return column;
  const source = sourcesOf(sql).find(({ alias }) => alias === text);
  const view = schema.views.find(({ name }) => name === (source?.view ?? text));
  return view === undefined ? null : viewMeaning(view);
}

function columnsOf(owner: string, sql: string, schema: SqlSchema): Meaning[] {
  const name = sourcesOf(sql).find(({ alias }) => alias === owner)?.view ?? owner;
  const view = schema.views.find((one) => one.name === name);
  return view?.columns.map((column) => columnMeaning(column, view)) ?? [];
}

function readViews(sql: string, schema: SqlSchema): View[] {
  const names = new Set(sourcesOf(sql).map(({ view }) => view));
  return schema.views.filter(({ name }) => names.has(name));
}

const columnMeaning = ({ name, type, words }: View['columns'][number], view: View): Meaning => ({
  label: name,
  kind: 'column',
  detail: typeWords(type),
  words: `${words} (${view.name}, ${type})`,
});
const viewMeaning = ({ name, words, grain }: View): Meaning => ({
  label: name,
  kind: 'view',
  detail: 'view',
  words: `${words} One row: ${grain}.`,
});
const parameterMeaning = ({ name, type }: { name: string; type: string }): Meaning => ({
  label: name,
  kind: 'parameter',
  detail: type,
  words: 'A parameter: its value is entered below the text.',
});

/** Two views with a column of the same name offer it once. */
function once(options: readonly Meaning[]): Meaning[] {
  const seen = new Set<string>();
  return options.filter(({ label }) => {
    const isNew = !seen.has(label);
    seen.add(label);
    return isNew;
  });
}
