/** What happens when: a binary heap by time, first in first out at the same time. */

export type Timetable<T> = {
  /** Time of the next item in epoch ms, or Infinity when nothing is planned. */
  nextAt: () => number;
  add: (at: number, item: T) => void;
  /** Takes the next item out; only to be called while nextAt() is finite. */
  take: () => { at: number; item: T };
  size: () => number;
};

type Entry<T> = { at: number; order: number; item: T };

export function createTimetable<T>(): Timetable<T> {
  const heap: Entry<T>[] = [];
  let added = 0;
  const before = (a: Entry<T>, b: Entry<T>) => a.at < b.at || (a.at === b.at && a.order < b.order);

  function add(at: number, item: T): void {
    const entry = { at, order: added++, item };
    let i = heap.length;
    heap.push(entry);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  function take(): { at: number; item: T } {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, last)) break;
        heap[i] = heap[child]!;
        i = child;
      }
      heap[i] = last;
    }
    return first;
  }

  return { nextAt: () => heap[0]?.at ?? Number.POSITIVE_INFINITY, add, take, size: () => heap.length };
}
