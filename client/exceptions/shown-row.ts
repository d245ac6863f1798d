/** What a row says of its exception, with the steps laid over it that the server has not confirmed yet. */
import { computed } from 'vue';
import { formatSpan } from '../formats/durations.ts';
import { dueBucket } from './due.ts';
import type { ListedRow } from './exception-list.ts';
import { type Show, standingOf } from './filter/filter.ts';
import { readable } from './filter/filter-words.ts';
import { useExceptionWork } from './work/exception-work.ts';

export type RowProps = {
  row: ListedRow;
  now: number;
  active: boolean;
  selected: boolean;
  /** What the list is of: put away ones among those that call for somebody are only still there. */
  show: Show;
  /** Stands beneath the head of a group, where others stand for themselves. */
  nested: boolean;
  /** Sources that are silent: what they told last may have moved on. */
  silent: ReadonlySet<string>;
};

export function useShownRow(props: RowProps) {
  const work = useExceptionWork();
  const row = computed(() => work.shown(props.row));
  const state = computed(() => work.pending.get(props.row.id)?.state);
  const refusal = computed(() => work.refusals.get(props.row.id)?.reason);
  const standing = computed(() => standingOf(row.value));
  const words = computed(() => {
    if (props.row.gone) return 'Over';
    if (standing.value === 'put-away') return readable(row.value.work);
    if (standing.value === 'beneath' && props.show !== 'beneath') return 'Beneath another';
    if (row.value.work === 'in-progress') return 'In progress';
    return row.value.condition === 'recovering' ? 'Recovering' : '';
  });
  /** One word beside the title, and its tone. */
  const mark = computed(() => {
    if (state.value === 'saving') return { text: 'Saving', tone: 'saving' };
    if (refusal.value !== undefined) return { text: refusal.value, tone: 'refused' };
    return words.value === '' ? null : { text: words.value, tone: standing.value };
  });
  return {
    row,
    mark,
    due: computed(() => (row.value.deadline === null ? '–' : formatSpan(row.value.deadline - props.now))),
    owner: computed(() => row.value.assignee || row.value.acknowledgedBy || ''),
    place: computed(() => row.value.channel ?? row.value.source ?? ''),
    classes: computed(() => [
      {
        active: props.active,
        selected: props.selected,
        nested: props.nested,
        done: props.row.gone || (props.show === 'calling' && standing.value === 'put-away'),
        pending: state.value === 'sent' || state.value === 'saving',
      },
      dueBucket(row.value.deadline, props.now),
    ]),
  };
}
