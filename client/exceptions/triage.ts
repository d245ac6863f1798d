/** The state of the triage desk: what the address asks for, the rows that fit it, and what is known of them as a whole. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ExceptionLine } from '../../server/live/contract.ts';
import { useAddress } from '../navigation/address.ts';
import { usePeople } from '../people/people.ts';
import { useWorkspace } from '../workspace/workspace.ts';
import { summarizeDue } from './due.ts';
import { createExceptionList, type ListRules } from './exception-list.ts';
import { type Filter, filterText, followsClock, matches, nothing, parseFilter } from './filter/filter.ts';
import { type GroupingName, groupings, groupRows, itemsOf } from './grouping.ts';
import { useLiveRows } from './live-rows.ts';
import { useReader } from './reader.ts';
import { compareBy } from './sorting.ts';

/** How often time alone may bring rows in and out of a list that follows the clock. */
const CLOCK_EVERY_MS = 5_000;

export type Triage = ReturnType<typeof useTriage>;

export function useTriage() {
  const people = usePeople();
  const workspace = useWorkspace();
  const reader = useReader();
  const text = useAddress('q', 'push');
  const typed = useAddress('q');
  const due = useAddress('due', 'push');
  const sort = useAddress('sort', 'push');
  const group = useAddress('group', 'push');
  const filter = computed(() => parseFilter(text.value, due.value));

  const list = createExceptionList(rules());
  const live = useLiveRows((ids, standing) => list.update(ids, standing));
  const { attend, isAttended } = useAttention(list);
  watch([filter, sort], () => list.follow(rules()));
  const timer = setInterval(() => followsClock(filter.value) && !isAttended() && list.arrange(), CLOCK_EVERY_MS);
  onScopeDispose(() => clearInterval(timer));

  const by = computed(() => (groupings.includes(group.value as GroupingName) ? (group.value as GroupingName) : null));
  const closed = shallowRef<ReadonlySet<string>>(new Set());
  const groups = computed(() => (by.value === null ? null : groupRows(list.order.value, by.value, list.raw)));
  const items = computed(() =>
    groups.value === null || by.value === null ? list.order.value : itemsOf(groups.value, by.value, closed.value),
  );

  const some = computed(() => list.order.value.length > 0);
  // Once a second from the raw rows: a computed over reactive rows would follow every field of every row.
  const summary = computed(() => {
    void some.value;
    const { now } = workspace;
    const wide: Filter = { ...filter.value, due: '' };
    return summarizeDue(fitting(wide), now);
  });

  return {
    text,
    due,
    sort,
    group,
    filter,
    reader,
    list,
    live,
    attend,
    by,
    closed,
    groups,
    items,
    summary,
    rowOf: list.raw,
    fitting,
    setFilter,
    clear,
  };

  function rules(): ListRules {
    const wanted = filter.value;
    return {
      fits: (row) => matches(wanted, row, reader),
      compare: compareBy(sort.value),
      isOurs: (row) => row.lastWork?.by === people.me,
    };
  }

  function* fitting(wanted: Filter): Generator<ExceptionLine> {
    for (const row of list.all()) if (matches(wanted, row, reader)) yield row;
  }

  /** What is being typed is not a step back in history with every letter. */
  function setFilter(next: Filter, how: 'push' | 'replace' = 'push'): void {
    if (how === 'replace') typed.value = filterText(next);
    else text.value = filterText(next);
    if (next.due !== due.value) due.value = next.due;
  }

  /** What is shown at all (open, put away) is a choice of its own and stays. */
  function clear(): void {
    setFilter({ ...nothing, show: filter.value.show });
  }
}

/** Rows are held while the pointer or the focus is among them. */
function useAttention(list: { hold(): void; release(): void }) {
  const inside = { pointer: false, focus: false };
  const isAttended = () => inside.pointer || inside.focus;
  return {
    isAttended,
    attend(what: 'pointer' | 'focus', is: boolean): void {
      inside[what] = is;
      if (isAttended()) list.hold();
      else list.release();
    },
  };
}
