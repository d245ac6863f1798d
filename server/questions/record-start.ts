/** The moment the record begins: before it nothing is known, and after it nothing counted is zero. */
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

/** It moves when older facts are poured in, which may be seen a little later. */
const KEPT_MS = 60_000;

/** @param what the record is of: any order, unless a KPI says otherwise. In epoch ms; infinite while there was none */
export type RecordStart = (what?: string) => Promise<number>;

export function recordStartOf(runtime: Pick<Runtime, 'history'>, now: () => number): RecordStart {
  const known = new Map<string, { start: number; readAt: number }>();
  return async (what = 'order') => {
    const kept = known.get(what);
    if (kept !== undefined && now() - kept.readAt < KEPT_MS) return kept.start;
    const [row] = await askHistory(runtime)(`kpis/first-${what}`, {});
    const start = row === undefined ? Number.POSITIVE_INFINITY : Number(row['start']) * 1_000;
    // While there is none, the first is seen at once.
    if (Number.isFinite(start)) known.set(what, { start, readAt: now() });
    return start;
  };
}
