/** The order of the exceptions on the screen: values change in place, rows stay put while somebody is among them. */
import { type ShallowReactive, type ShallowRef, shallowReactive, shallowRef } from 'vue';
import type { ExceptionLine } from '../../server/live/contract.ts';
import { mergeSorted } from './merge-sorted.ts';
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
  order: ShallowRef<readonly string[]>;
  /** New ones that wait until nobody is among the rows, or until asked for. */
  waiting: ShallowRef<number>;
  /** Held rows that would stand elsewhere by now, or no longer in this list. */
  moved: ShallowRef<number>;
  /** One row to be drawn: reactive, as only those are that are on the screen. */
  row(id: string): ShallowReactive<ListedRow> | undefined;
  /** The same to be read once, without following it. */
  raw(id: string): ListedRow | undefined;
  /** Everything that is known and not over, in this list or not, to be read once. */
  all(): Iterable<ListedRow>;
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
  const rows = new Map<string, ListedRow>();
  const drawn = new Map<string, ShallowReactive<ListedRow>>();
  const order = shallowRef<readonly string[]>([]);
  const waiting = shallowRef(0);
  const moved = shallowRef(0);
  const listed = new Set<string>();
  const late = new Set<string>();
  const displaced = new Set<string>();
  /** Listed id to its place; worked out when it is asked for, for held rows only. */
  let places: Map<string, number> | null = null;
  let sorted: ListedRow[] = [];
  let rules = first;
  let focused = '';
  let held = false;

  return { order, waiting, moved, row, raw: (id) => rows.get(id), all, update, follow, hold, release, arrange, focus };

  function row(id: string): ShallowReactive<ListedRow> | undefined {
    const known = rows.get(id);
    if (known === undefined) return undefined;
    const reactive = shallowReactive(known);
    drawn.set(id, reactive);
    return reactive;
  }

  function* all(): Generator<ListedRow> {
    for (const one of rows.values()) if (!one.gone) yield one;
  }

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
    if (late.size > 0 || displaced.size > 0 || sorted.some(({ gone }) => gone)) arrange();
  }

  function arrange(): void {
    for (const { id, gone } of sorted) if (gone) forget(id);
    list([...all()].filter(rules.fits).sort(rules.compare));
  }

  function focus(id: string): void {
    const left = focused;
    focused = id;
    if (left === id || !listed.has(left)) return;
    const known = rows.get(left)!;
    if (known.gone || (!rules.fits(known) && rules.isOurs(known))) takeOut([left]);
  }

  function takeOut(ids: readonly string[]): void {
    for (const id of ids) {
      if (rows.get(id)?.gone) forget(id);
      listed.delete(id);
      displaced.delete(id);
    }
    show(sorted.filter(({ id }) => listed.has(id)));
    tell();
  }

  /** Merges what changed into the order without sorting the rest anew. */
  function insert(changed: ReadonlySet<string>): void {
    const coming: ListedRow[] = [];
    for (const id of changed) {
      const known = rows.get(id);
      if (known !== undefined && rules.fits(known)) coming.push(known);
    }
    const staying = sorted.filter(({ id }) => !changed.has(id));
    for (const id of changed) listed.delete(id);
    for (const { id } of coming) listed.add(id);
    late.clear();
    displaced.clear();
    show(mergeSorted(staying, coming.sort(rules.compare), rules.compare));
    tell();
  }

  function list(next: ListedRow[]): void {
    late.clear();
    displaced.clear();
    listed.clear();
    for (const { id } of next) listed.add(id);
    show(next);
    tell();
  }

  function show(next: ListedRow[]): void {
    sorted = next;
    if (next.length === order.value.length && next.every(({ id }, place) => order.value[place] === id)) return;
    places = null;
    order.value = next.map(({ id }) => id);
  }

  /** Rows are held, but not against the one who works on them. */
  function settle(changed: ReadonlySet<string>): void {
    const ours = [...changed].flatMap((id) => {
      const known = rows.get(id);
      return known !== undefined && !known.gone && rules.isOurs(known) ? [known] : [];
    });
    const out = ours.filter((known) => known.id !== focused && listed.has(known.id) && !rules.fits(known));
    if (out.length > 0) takeOut(out.map(({ id }) => id));
    const back = ours.filter(({ id }) => late.has(id));
    for (const known of back) {
      late.delete(known.id);
      listed.add(known.id);
      const place = sorted.findIndex((other) => rules.compare(known, other) < 0);
      show(sorted.toSpliced(place < 0 ? sorted.length : place, 0, known));
    }
    tell();
  }

  /** What a change means for rows that are held. */
  function note(id: string): void {
    const known = rows.get(id);
    if (listed.has(id)) {
      if (known === undefined || known.gone || isInPlace(known)) displaced.delete(id);
      else displaced.add(id);
    } else if (known !== undefined && rules.fits(known)) late.add(id);
    else late.delete(id);
  }

  function isInPlace(known: ListedRow): boolean {
    if (!rules.fits(known)) return false;
    places ??= new Map(sorted.map(({ id }, place) => [id, place]));
    const place = places.get(known.id)!;
    const [before, after] = [sorted[place - 1], sorted[place + 1]];
    const follows = before === undefined || rules.compare(before, known) <= 0;
    return follows && (after === undefined || rules.compare(known, after) <= 0);
  }

  function tell(): void {
    waiting.value = late.size;
    moved.value = displaced.size;
  }

  function forget(id: string): void {
    rows.delete(id);
    drawn.delete(id);
  }

  function remove(id: string): boolean {
    const known = rows.get(id);
    if (known === undefined) return false;
    if (held && listed.has(id)) write(known, { ...known, gone: true });
    else forget(id);
    return true;
  }

  /** True when its place in the order, or whether it is in this list, may be another one now. */
  function put(entry: ExceptionLine): boolean {
    const known = rows.get(entry.id);
    if (known === undefined) {
      rows.set(entry.id, { ...entry, gone: false });
      return true;
    }
    const fitted = !known.gone && rules.fits(known);
    const shifted = known.gone || rules.compare(known, entry) !== 0;
    write(known, { ...entry, gone: false });
    return shifted || fitted !== rules.fits(known) || listed.has(entry.id) !== fitted;
  }

  /** In place; what nobody draws is written past the proxies, and what is the same not at all. */
  function write(known: ListedRow, next: ListedRow): void {
    const target: Record<string, unknown> = drawn.get(known.id) ?? known;
    const values: Record<string, unknown> = next;
    for (const key in known) if (!(key in values)) delete target[key];
    for (const key in values) {
      if ((known as Record<string, unknown>)[key] !== values[key]) target[key] = values[key];
    }
  }
}
