/** A board as it is sent: what stands where, and what each of its tiles says right now. */
import { type ComputedRef, computed, type ShallowRef } from 'vue';
import type { BoardHead, Pinned, TileContent, TileProblem } from '../../server/live/contract/boards.ts';
import type { CollectionStatus } from '../live/collection.ts';
import { useTopic } from '../live/live.ts';
import { useSession } from '../session/session.ts';

export type BoardFeed = {
  id: string;
  head: ComputedRef<BoardHead | undefined>;
  pinned: ComputedRef<Pinned | undefined>;
  /** Undefined: not heard of yet. */
  contentOf(tile: string): TileContent | undefined;
  status: ShallowRef<CollectionStatus>;
  problem: ShallowRef<string | null>;
};

/** Current as long as the calling component lives. */
export function useBoardFeed(id: string): BoardFeed {
  const topic = useTopic<unknown>(`board:${id}`);
  // Cost and margin travel apart: a topic is shared by all who watch it, whatever they may see.
  const cost = useSession().may('see-cost') ? useTopic<unknown>(`board-cost:${id}`) : undefined;
  return {
    id,
    head: computed(() => topic.entries.get('board') as BoardHead | undefined),
    pinned: computed(() => topic.entries.get('pinned') as Pinned | undefined),
    contentOf: (tile) => {
      const key = `tile:${tile}`;
      return (cost?.entries.get(key) ?? topic.entries.get(key)) as TileContent | undefined;
    },
    status: topic.status,
    problem: topic.problem,
  };
}

export const isProblem = (content: TileContent | undefined): content is TileProblem =>
  content !== undefined && 'problem' in content && typeof content.problem === 'string';
