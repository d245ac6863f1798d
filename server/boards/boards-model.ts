/** Boards as the API tells them. */
import type { Principal } from '../access/abilities.ts';
import { seesCost } from '../access/cost.ts';
import type { BoardBody, BoardSummary } from '../http/contract/boards.ts';
import type { Entries } from '../live/contract.ts';
import { callingNow } from './attention.ts';
import type { Boards } from './boards.ts';
import type { Sight } from './kpi-figure.ts';
import { costTiles, type OnFault, openTiles } from './tile-contents.ts';

export type BoardsModel = {
  list(principal: Principal): Promise<BoardSummary[]>;
  find(id: string, principal: Principal): Promise<BoardSummary | null>;
  /** What its tiles would say, before anybody keeps it. */
  preview(body: BoardBody, principal: Principal): Entries;
  /** Whether a live topic shows a board that is not for this principal. Other topics are another matter. */
  mayWatch(principal: Principal, topic: string): Promise<boolean>;
};

export function createBoardsModel(boards: Boards, sight: Sight, onFault: OnFault): BoardsModel {
  return {
    list: boards.list,
    find: boards.find,
    preview: (body, principal) => ({
      ...openTiles(sight, body, callingNow(sight.mirror), onFault),
      ...(seesCost(principal) ? costTiles(sight, body, onFault) : {}),
    }),
    mayWatch: async (principal, topic) => {
      const board = /^board(?:-cost)?:(.+)$/s.exec(topic)?.[1];
      return board === undefined || boards.isVisibleTo(board, principal);
    },
  };
}
