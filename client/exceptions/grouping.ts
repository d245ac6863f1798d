/** One list out of heads and rows: what belongs together stands beneath a head that can be closed. Pure. */
import type { ExceptionLine } from '../../server/live/contract.ts';
import { readable } from './filter/filter-words.ts';

export const groupings = ['cause', 'kind', 'sku', 'node', 'channel', 'area', 'assignee', 'owner', 'source'] as const;
export type GroupingName = (typeof groupings)[number];
export const groupingWords: Record<GroupingName, string> = {
  cause: 'Cause',
  kind: 'Kind',
  sku: 'SKU',
  node: 'Node',
  channel: 'Channel',
  area: 'Area',
  assignee: 'Owner',
  owner: 'Team',
  source: 'Source',
};

/** The key of a head begins so; keys of rows are numbers like `EX-17`. */
const HEAD = 'group:';
export const isHead = (key: string): boolean => key.startsWith(HEAD);

export type Group = { key: string; value: string; ids: readonly string[] };

/** By cause: what nothing explains is a group of its own, which has no head. */
export function groupValue(row: ExceptionLine, by: GroupingName): string {
  return by === 'cause' ? (row.root ?? row.id) : (row[by] ?? '');
}

/** @param ids in the order of the list: a group stands where its first member would */
export function groupRows(
  ids: readonly string[],
  by: GroupingName,
  rowOf: (id: string) => ExceptionLine | undefined,
): Map<string, Group> {
  const members = new Map<string, string[]>();
  for (const id of ids) {
    const row = rowOf(id);
    if (row === undefined) continue;
    const value = groupValue(row, by);
    const known = members.get(value);
    if (known === undefined) members.set(value, [id]);
    else known.push(id);
  }
  return new Map(
    [...members].map(([value, grouped]) => {
      const key = HEAD + encodeURIComponent(value);
      return [key, { key, value, ids: grouped }];
    }),
  );
}

/** What stands in the list, from top to bottom: heads, and the rows beneath those that are open. */
export function itemsOf(groups: ReadonlyMap<string, Group>, by: GroupingName, closed: ReadonlySet<string>): string[] {
  return [...groups.values()].flatMap(({ key, ids }) => {
    if (by === 'cause' && ids.length === 1) return ids;
    return closed.has(key) ? [key] : [key, ...ids];
  });
}

export type GroupFigures = { count: number; money: Map<string, number>; deadline: number | null };

export function figuresOf(rows: Iterable<ExceptionLine>): GroupFigures {
  const figures: GroupFigures = { count: 0, money: new Map(), deadline: null };
  for (const row of rows) {
    figures.count += 1;
    figures.money.set(row.currency, (figures.money.get(row.currency) ?? 0) + row.moneyAtRisk);
    if (row.deadline !== null) figures.deadline = Math.min(figures.deadline ?? row.deadline, row.deadline);
  }
  return figures;
}

/** @param head the exception that is the cause, where it stands itself */
export function groupTitle(value: string, by: GroupingName, head: ExceptionLine | undefined): string {
  if (value === '') return by === 'assignee' ? 'Nobody' : `No ${groupingWords[by].toLowerCase()}`;
  if (by === 'kind' || by === 'area' || by === 'owner') return readable(value);
  if (by !== 'cause') return value;
  if (head !== undefined) return head.title;
  const cut = value.indexOf(':');
  return cut < 0 ? value : `${readable(value.slice(0, cut))}: ${value.slice(cut + 1).replaceAll('|', ', ')}`;
}
