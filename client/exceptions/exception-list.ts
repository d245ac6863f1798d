/** The order of the exceptions on the screen: values change in place, rows stay put while somebody is among them. */
import { type ShallowReactive, type ShallowRef, shallowReactive, shallowRef, toRaw } from 'vue';
import type { ExceptionLine } from '../../server/live/contract.ts';
import type { Compare } from './sorting.ts';

/** `gone`: over, but still shown because rows are held. */
export type ListedRow = ExceptionLine & { gone: boolean };
export type ListRules = {
  fits(row: ExceptionLine): boolean;
  compare: Compare;
  /** Whether whoever looks at the list has brought the row to where it stands. */
  isOurs(row: ExceptionLine): boolean;
};
export type ExceptionList = {
  rows: ReadonlyMap<string, ShallowReactive<ListedRow>>;
  order: ShallowRef<readonly string[]>;
  /** New ones that wait until nobody is among the rows, or until asked for. */
  waiting: ShallowRef<number>;
  /** Held rows that would stand elsewhere by now, or no longer in this list. */
  moved: ShallowRef<number>;
  /** Brings the named ones up to date with how they stand; undefined: it is over. */
  update(ids: Iterable<string>, standing: (id: string) => ExceptionLine | undefined): void;
  /** Another filter or another order. Whoever asks for it expects rows to move. */
  follow(rules: ListRules): void;
  hold(): void;
  release(): void;
  /** Inserts what waits and sorts, held or not. */
  arrange(): void;
  /**
   * The row that the keyboard is on. What one has put away oneself stays until the focus leaves it, and comes back at
   * once when it is undone: those are the only moves among rows that are held.
   */
  focus(id: string): void;
};

export function createExceptionList(first: ListRules): ExceptionList {
  const rows = new Map<string, ShallowReactive<ListedRow>>();
  const order = shallowRef<readonly string[]>([]);
  const waiting = shallowRef(0);
  const moved = shallowRef(0);
  /** Listed id to its place; worked out when it is asked for, for held rows only. */
  let places: Map<string, number> | null = null;
  const listed = new Set<string>();
  const late = new Set<string>();
  const displaced = new Set<string>();
  let rules = first;
  let focused = '';
  let held = false;

  return { rows, order, waiting, moved, update, follow, hold, release, arrange, focus };

  function update(ids: Iterable<string>, standing: (id: string) => ExceptionLine | undefined): void {
    const changed = new Set<string>();
    for (const id of ids) {
      const entry = standing(id);
      if (entry === undefined ? remove(id) : put(entry)) changed.add(id);
    }
    if (changed.size === 0) return;
    if (held && listed.size > 0) {
      for (const id of changed) note(id);
      settle(changed);
    } else insert(changed);
  }

  function follow(next: ListRules): void {
    rules = next;
    arrange();
  }

  function hold(): void {
    held = true;
  }

  function release(): void {
    if (!held) return;
    held = false;
    if (late.size > 0 || displaced.size > 0 || anyGone()) arrange();
  }

  function arrange(): void {
    for (const id of listed) if (raw(id)?.gone) rows.delete(id);
    const fitting: ListedRow[] = [];
    for (const row of rows.values()) if (rules.fits(toRaw(row))) fitting.push(toRaw(row));
    list(fitting.sort(rules.compare).map(({ id }) => id));
  }

  function focus(id: string): void {
    const left = focused;
    focused = id;
    if (left === id || !listed.has(left)) return;
    const row = raw(left);
    if (row === undefined || row.gone || (!rules.fits(row) && rules.isOurs(row))) takeOut([left]);
  }

  function takeOut(ids: readonly string[]): void {
    for (const id of ids) {
      if (raw(id)?.gone) rows.delete(id);
      listed.delete(id);
      displaced.delete(id);
    }
    places = null;
    order.value = order.value.filter((id) => listed.has(id));
    tell();
  }

  /** Merges what changed into the order without sorting the rest anew. */
  function insert(changed: ReadonlySet<string>): void {
    const coming: ListedRow[] = [];
    for (const id of changed) {
      const row = raw(id);
      if (row !== undefined && rules.fits(row)) coming.push(row);
    }
    coming.sort(rules.compare);
    const next: string[] = [];
    let at = 0;
    for (const id of order.value) {
      if (changed.has(id)) continue;
      const row = raw(id);
      if (row === undefined) continue;
      while (at < coming.length && rules.compare(coming[at]!, row) < 0) next.push(coming[at++]!.id);
      next.push(id);
    }
    while (at < coming.length) next.push(coming[at++]!.id);
    list(next);
  }

  function list(ids: string[]): void {
    const same = ids.length === order.value.length && ids.every((id, place) => order.value[place] === id);
    late.clear();
    displaced.clear();
    if (!same) {
      order.value = ids;
      places = null;
      listed.clear();
      for (const id of ids) listed.add(id);
    }
    tell();
  }

  /** Rows are held, but not against the one who works on them. */
  function settle(changed: ReadonlySet<string>): void {
    const ours = [...changed].filter((id) => {
      const row = raw(id);
      return row !== undefined && !row.gone && rules.isOurs(row);
    });
    const out = ours.filter((id) => id !== focused && listed.has(id) && !rules.fits(raw(id)!));
    if (out.length > 0) takeOut(out);
    const back = ours.filter((id) => late.has(id));
    if (back.length > 0) insertBetween(back);
    tell();
  }

  /** Puts them where they belong among rows that otherwise stay as they are. */
  function insertBetween(ids: readonly string[]): void {
    const next = [...order.value];
    for (const id of ids) {
      const row = raw(id)!;
      const place = next.findIndex((other) => rules.compare(row, raw(other) ?? row) < 0);
      next.splice(place < 0 ? next.length : place, 0, id);
      late.delete(id);
      listed.add(id);
    }
    order.value = next;
    places = null;
  }

  /** What a change means for rows that are held. */
  function note(id: string): void {
    const row = raw(id);
    if (listed.has(id)) {
      if (row === undefined || row.gone || isInPlace(row)) displaced.delete(id);
      else displaced.add(id);
    } else if (row !== undefined && rules.fits(row)) late.add(id);
    else late.delete(id);
  }

  function isInPlace(row: ListedRow): boolean {
    if (!rules.fits(row)) return false;
    places ??= new Map(order.value.map((id, place) => [id, place]));
    const place = places.get(row.id)!;
    const [before, after] = [raw(order.value[place - 1] ?? ''), raw(order.value[place + 1] ?? '')];
    return (
      (before === undefined || rules.compare(before, row) <= 0) &&
      (after === undefined || rules.compare(row, after) <= 0)
    );
  }

  function tell(): void {
    waiting.value = late.size;
    moved.value = displaced.size;
  }

  function remove(id: string): boolean {
    const row = rows.get(id);
    if (row === undefined) return false;
    if (held && listed.has(id)) row.gone = true;
    else rows.delete(id);
    return true;
  }

  /** True when its place in the order, or whether it is in this list, may be another one now. */
  function put(entry: ExceptionLine): boolean {
    const row = rows.get(entry.id);
    if (row === undefined) {
      rows.set(entry.id, shallowReactive({ ...entry, gone: false }));
      return true;
    }
    const before = toRaw(row);
    const fitted = !before.gone && rules.fits(before);
    const shifted = rules.compare(before, entry) !== 0 || before.gone;
    for (const key of Object.keys(before) as (keyof ListedRow)[])
      if (!(key in entry) && key !== 'gone') delete row[key];
    Object.assign(row, entry, { gone: false });
    return shifted || fitted !== rules.fits(before) || listed.has(entry.id) !== fitted;
  }

  function anyGone(): boolean {
    for (const id of listed) if (raw(id)?.gone) return true;
    return false;
  }

  function raw(id: string): ListedRow | undefined {
    const row = rows.get(id);
    return row === undefined ? undefined : toRaw(row);
  }
}
