/**
 * Which rows of a long list are on the screen, where all rows have one height: a division instead of a measurement of
 * each row, so that twenty thousand of them cost as much as forty.
 */
import { useEventListener, useResizeObserver } from '@vueuse/core';
import { computed, type Ref, shallowRef } from 'vue';

const OVERSCAN_ROWS = 8;
/** Before the element is measured: enough for a first picture. */
const FIRST_HEIGHT_PX = 900;

export function useWindowOfRows(
  scroller: Readonly<Ref<HTMLElement | null>>,
  list: { count: () => number; rowPx: () => number; headPx: () => number },
) {
  const top = shallowRef(0);
  const height = shallowRef(FIRST_HEIGHT_PX);
  useEventListener(scroller, 'scroll', () => (top.value = scroller.value?.scrollTop ?? 0), { passive: true });
  useResizeObserver(scroller, ([entry]) => {
    if (entry !== undefined) height.value = entry.contentRect.height;
  });

  /** First and last in one go would be a new object with every pixel; as numbers they change only when they change. */
  const first = computed(() => {
    const place = Math.floor(top.value / list.rowPx()) - OVERSCAN_ROWS;
    return Math.max(0, Math.min(place, list.count() - 1));
  });
  const last = computed(() =>
    Math.min(list.count() - 1, Math.ceil((top.value + height.value) / list.rowPx()) + OVERSCAN_ROWS),
  );

  return { first, last, rowsOnScreen, scrollTo };

  function rowsOnScreen(): number {
    return Math.max(1, Math.floor((height.value - list.headPx()) / list.rowPx()));
  }

  /** As little as makes the whole row visible. */
  function scrollTo(index: number): void {
    const element = scroller.value;
    if (element === null) return;
    const rowTop = index * list.rowPx();
    const room = element.clientHeight - list.headPx();
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    else if (rowTop + list.rowPx() > element.scrollTop + room) element.scrollTop = rowTop + list.rowPx() - room;
  }
}
