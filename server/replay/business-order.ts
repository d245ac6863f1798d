/** What is to be sent, kept in the order of the business: by time, and within one instant in the order it was made. */
export const WAITING_MAX = 2_000_000;

export type Waiting<T> = { time: number; sequence: number; item: T };

/** A binary heap. Throws past WAITING_MAX: then an `after` of the mapping is too long for this machine. */
export function createBusinessOrder<T>() {
  const heap: Waiting<T>[] = [];
  const before = (a: Waiting<T>, b: Waiting<T>) => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);
  return {
    size: () => heap.length,
    nextTime: (): number => heap[0]?.time ?? Number.POSITIVE_INFINITY,
    add(one: Waiting<T>): void {
      if (heap.length >= WAITING_MAX) throw new Error(`more than ${WAITING_MAX} events wait for their time to come`);
      let at = heap.length;
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(one, heap[parent]!)) break;
        heap[at] = heap[parent]!;
        at = parent;
      }
      heap[at] = one;
    },
    /** Precondition: not empty. */
    take(): T {
      const first = heap[0]!;
      const last = heap.pop()!;
      if (heap.length === 0) return first.item;
      let at = 0;
      for (;;) {
        let child = at * 2 + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
        if (!before(heap[child]!, last)) break;
        heap[at] = heap[child]!;
        at = child;
      }
      heap[at] = last;
      return first.item;
    },
  };
}
