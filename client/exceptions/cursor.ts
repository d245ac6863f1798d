/** Where the keyboard is in the list, what is selected, and which exception is open beside it. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ExceptionLine } from '../../server/live/contract.ts';
import { useAddress } from '../navigation/address.ts';
import { isHead } from './grouping.ts';
import { kept, type Selection, toggled, withRange } from './selection.ts';
import type { Triage } from './triage.ts';

/** The open exception follows the cursor once it rests so long: a held key does not open every row on its way. */
const FOLLOW_AFTER_MS = 120;

export type Cursor = ReturnType<typeof useCursor>;
/** The grid, as far as the cursor moves it. */
export type GridHandle = { scrollTo(index: number): void; focus(): void; rowsOnScreen(): number };

export function useCursor(triage: Triage, grid: () => GridHandle | null | undefined) {
  const { items, list } = triage;
  const open = useAddress('ex');
  const cursor = shallowRef(open.value);
  const selection = shallowRef<Selection>(new Set());
  const place = computed(() => items.value.indexOf(cursor.value));
  let lastPlace = 0;
  /** Where a range begins: the last single row that was chosen. */
  let anchor = '';
  let follow: ReturnType<typeof setTimeout> | undefined;

  watch(open, (id) => {
    if (id !== '') cursor.value = id;
  });
  watch(place, (now) => {
    if (now >= 0) lastPlace = now;
  });
  watch(list.order, () => {
    selection.value = kept(selection.value, (id) => triage.rowOf(id) !== undefined);
  });
  onScopeDispose(() => clearTimeout(follow));

  /** What a step of work is meant for: the selected ones, or else the one under the cursor. */
  const meant = computed<readonly ExceptionLine[]>(() => {
    void list.order.value;
    const ids = selection.value.size > 0 ? [...selection.value] : [cursor.value];
    return ids.flatMap((id) => triage.rowOf(id) ?? []);
  });

  return {
    open,
    cursor,
    selection,
    place,
    meant,
    move,
    movePage,
    moveToEnd,
    choose,
    show,
    close,
    toggle,
    selectTo,
    selectAll,
    clear,
    fold,
  };

  function moveTo(index: number, extend = false): void {
    const bounded = Math.min(items.value.length - 1, Math.max(0, index));
    const key = items.value[bounded];
    if (key === undefined) return;
    if (extend) selection.value = withRange(selection.value, items.value, cursor.value || key, key);
    if (extend) dropHeads();
    stand(key);
    grid()?.scrollTo(items.value.indexOf(key));
    grid()?.focus();
  }

  function stand(key: string): void {
    cursor.value = key;
    list.hold();
    list.focus(key);
    if (open.value === '' || isHead(key)) return;
    clearTimeout(follow);
    follow = setTimeout(() => (open.value = key), FOLLOW_AFTER_MS);
  }

  /** From a row that went away, the one that took its place is the next. */
  function move(by: number, extend = false): void {
    const from = place.value >= 0 ? place.value : cursor.value === '' ? -1 : lastPlace - (by > 0 ? 1 : 0);
    moveTo(from + by, extend);
  }

  function movePage(direction: 1 | -1): void {
    move(direction * (grid()?.rowsOnScreen() ?? 1));
  }

  function moveToEnd(end: 'first' | 'last'): void {
    moveTo(end === 'first' ? 0 : items.value.length - 1);
  }

  /** By pointer: opens it, or selects with the key held that does so everywhere. */
  function choose(id: string, event?: MouseEvent): void {
    if (event?.shiftKey) return selectTo(id);
    if (event?.ctrlKey || event?.metaKey) return toggle(id);
    stand(id);
    anchor = id;
    show(id);
  }

  function show(id = cursor.value): void {
    clearTimeout(follow);
    if (isHead(id)) fold(id);
    else if (id !== '') open.value = id;
  }

  function close(): void {
    clearTimeout(follow);
    open.value = '';
    grid()?.focus();
  }

  function toggle(id = cursor.value): void {
    if (id === '') return;
    cursor.value = id;
    anchor = id;
    const members = triage.groups.value?.get(id)?.ids;
    if (members === undefined) selection.value = toggled(selection.value, id);
    else {
      const all = members.every((member) => selection.value.has(member));
      const rest = [...selection.value].filter((one) => !members.includes(one));
      selection.value = new Set(all ? rest : [...rest, ...members]);
    }
  }

  function selectTo(id = cursor.value): void {
    selection.value = withRange(selection.value, items.value, anchor || id, id);
    dropHeads();
    stand(id);
  }

  function selectAll(): void {
    const all = list.order.value;
    selection.value = selection.value.size === all.length ? new Set() : new Set(all);
  }

  function clear(): void {
    selection.value = new Set();
  }

  /** Opens or closes a group. */
  function fold(key: string, to?: 'open' | 'closed'): void {
    const closed = new Set(triage.closed.value);
    if (to === 'open' || (to === undefined && closed.has(key))) closed.delete(key);
    else closed.add(key);
    triage.closed.value = closed;
  }

  function dropHeads(): void {
    selection.value = kept(selection.value, (key) => !isHead(key));
  }
}
