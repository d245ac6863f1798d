/** All standing exceptions from their two topics, handed on in one go: what changes its topic is never missing between. */
import { onScopeDispose, type ShallowRef, shallowRef, toRaw } from 'vue';
import type { ExceptionLine } from '../../server/live/contract.ts';
import { useTopic } from '../live/live.ts';

/** Changes of one moment come as several messages; this long they are collected. */
const COLLECT_MS = 16;

export type LiveRows = {
  /** False until there is anything to show. */
  has: () => boolean;
  /** Why there is nothing to show, once that is known. */
  problem: () => string | null;
  paused: ShallowRef<boolean>;
  /** Exceptions that changed since the pause began. */
  heldBack: ShallowRef<number>;
  pause(on: boolean): void;
};

type Standing = (id: string) => ExceptionLine | undefined;

export function useLiveRows(take: (ids: ReadonlySet<string>, standing: Standing) => void): LiveRows {
  const topics = [useTopic<ExceptionLine>('exceptions'), useTopic<ExceptionLine>('exceptions-aside')];
  const paused = shallowRef(false);
  const heldBack = shallowRef(0);
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  for (const topic of topics) {
    for (const id of toRaw(topic.entries).keys()) changed.add(id);
    onScopeDispose(
      topic.onApplied(({ set, removed }) => {
        for (const id of set) changed.add(id);
        for (const id of removed) changed.add(id);
        if (paused.value) heldBack.value = changed.size;
        else timer ??= setTimeout(flush, COLLECT_MS);
      }),
    );
  }
  onScopeDispose(() => clearTimeout(timer));
  flush();
  return {
    has: () => topics[0]!.status.value !== 'empty',
    problem: () => topics[0]!.problem.value,
    paused,
    heldBack,
    pause,
  };

  function flush(): void {
    timer = undefined;
    if (paused.value) return;
    const ids = changed;
    changed = new Set();
    if (ids.size > 0) take(ids, standing);
  }

  function pause(on: boolean): void {
    paused.value = on;
    heldBack.value = 0;
    if (!on) flush();
  }

  function standing(id: string): ExceptionLine | undefined {
    return toRaw(topics[0]!.entries).get(id) ?? toRaw(topics[1]!.entries).get(id);
  }
}
