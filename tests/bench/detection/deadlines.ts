/** Deadlines by when they are due; those whose clock stands still are looked at again a minute later. */

/** The deadline job looks once a second. */
export const LOOK_MS = 1_000;
const PUT_OFF_MS = 60_000;

export type Deadline = { source: string; kind: string; subject: string; due: number };
type Planned = { due: Map<string, Deadline>; slots: Map<number, Set<string>>; order: number[] };
export type Deadlines = ReturnType<typeof createDeadlines>;

const slotOf = (at: number): number => Math.ceil(at / LOOK_MS) * LOOK_MS;

export function createDeadlines({ due, slots, order }: Planned = { due: new Map(), slots: new Map(), order: [] }) {
  function plan(key: string, at: number): void {
    const slot = slotOf(at);
    const known = slots.get(slot);
    if (known !== undefined) {
      known.add(key);
      return;
    }
    slots.set(slot, new Set([key]));
    let low = 0;
    let high = order.length;
    // Kept falling, so that the next one is popped from the end.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order[middle]! > slot) low = middle + 1;
      else high = middle;
    }
    order.splice(low, 0, slot);
  }

  return {
    set(change: { source: string; kind: string; subject: string; due: number | null }): void {
      const key = `${change.source}|${change.kind}|${change.subject}`;
      if (change.due === null) {
        due.delete(key);
        return;
      }
      due.set(key, { ...change, due: change.due });
      plan(key, change.due);
    },
    next: (): number | undefined => order.at(-1),
    take(at: number, clockAt: (source: string) => number): Deadline[] {
      const keys = slots.get(at) ?? new Set();
      slots.delete(at);
      order.pop();
      const passed: Deadline[] = [];
      for (const key of keys) {
        const deadline = due.get(key);
        if (deadline === undefined || slotOf(deadline.due) > at) continue;
        if (deadline.due > clockAt(deadline.source)) plan(key, at + PUT_OFF_MS);
        else {
          due.delete(key);
          passed.push(deadline);
        }
      }
      return passed;
    },
    /** The same once more, which goes on by itself. */
    copy: () =>
      createDeadlines({
        due: new Map(due),
        slots: new Map([...slots].map(([at, keys]) => [at, new Set(keys)])),
        order: [...order],
      }),
  };
}
