/** The order of the exceptions on the screen: values change in place, rows stay put while somebody is among them. */
import { type ShallowReactive, type ShallowRef, shallowReactive, shallowRef, toRaw } from 'vue';
import type { ExceptionRow } from '../../server/live/contract.ts';
import type { Applied } from '../live/collection.ts';
import { severityRank } from '../status/states.ts';

/** `gone`: over, but still shown because rows are held. `touched` counts changes, for the fading mark. */
export type ListedRow = ExceptionRow & { gone: boolean };
export type ExceptionList = {
  rows: ReadonlyMap<string, ShallowReactive<ListedRow>>;
  order: ShallowRef<string[]>;
  /** New ones that wait until nobody is among the rows, or until asked for. */
  waiting: ShallowRef<string[]>;
  /** True when held rows would stand in another order by now. */
  moved: ShallowRef<boolean>;
  apply(applied: Applied, entries: ReadonlyMap<string, ExceptionRow>): void;
  hold(): void;
  release(): void;
  /** Inserts what waits and sorts, held or not. */
  arrange(): void;
};

/** Worst first: severity, then money at risk, then age. */
export function compareExceptions(a: ExceptionRow, b: ExceptionRow): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    b.moneyAtRisk - a.moneyAtRisk ||
    a.since - b.since ||
    (a.id < b.id ? -1 : 1)
  );
}

export function createExceptionList(): ExceptionList {
  const rows = new Map<string, ShallowReactive<ListedRow>>();
  const order = shallowRef<string[]>([]);
  const waiting = shallowRef<string[]>([]);
  const moved = shallowRef(false);
  const listed = new Set<string>();
  let held = false;

  return { rows, order, waiting, moved, apply, hold, release, arrange };

  function apply(applied: Applied, entries: ReadonlyMap<string, ExceptionRow>): void {
    let rankChanged = false;
    for (const id of applied.removed) rankChanged = remove(id) || rankChanged;
    for (const id of applied.set) {
      const entry = entries.get(id);
      if (entry !== undefined) rankChanged = put(entry) || rankChanged;
    }
    if (!rankChanged) return;
    if (held && listed.size > 0) {
      moved.value = !sorted(order.value.map(raw));
      waiting.value = [...rows.keys()].filter((id) => !listed.has(id));
    } else arrange();
  }

  function hold(): void {
    held = true;
  }

  function release(): void {
    if (!held) return;
    held = false;
    arrange();
  }

  function arrange(): void {
    for (const [id, row] of rows) if (toRaw(row).gone) rows.delete(id);
    order.value = [...rows.keys()]
      .map(raw)
      .sort(compareExceptions)
      .map((row) => row.id);
    listed.clear();
    for (const id of order.value) listed.add(id);
    waiting.value = [];
    moved.value = false;
  }

  function remove(id: string): boolean {
    const row = rows.get(id);
    if (row === undefined) return false;
    if (held && listed.has(id)) row.gone = true;
    else rows.delete(id);
    return true;
  }

  /** True when the place of the row in the order may be another one now. */
  function put(entry: ExceptionRow): boolean {
    const row = rows.get(entry.id);
    if (row === undefined) {
      rows.set(entry.id, shallowReactive({ ...entry, gone: false }));
      return true;
    }
    const before = toRaw(row);
    const rankChanged = before.severity !== entry.severity || before.moneyAtRisk !== entry.moneyAtRisk || before.gone;
    for (const key of Object.keys(before) as (keyof ListedRow)[]) if (!(key in entry)) delete row[key];
    Object.assign(row, entry, { gone: false });
    return rankChanged;
  }

  function raw(id: string): ListedRow {
    return toRaw(rows.get(id)!);
  }
}

function sorted(rows: ListedRow[]): boolean {
  return rows.every((row, index) => index === 0 || compareExceptions(rows[index - 1]!, row) <= 0);
}
