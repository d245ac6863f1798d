/** Boards as the API tells them. */
import { may, type Principal } from '../access/abilities.ts';
import { seesCost } from '../access/cost.ts';
import { askedByTile, type BoardBody, type BoardSummary } from '../http/contract/boards.ts';
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

/** Nobody who may not write SQL has it run by showing it on a board. */
const asFarAsTheyMay = (body: BoardBody, { role }: Principal): BoardBody =>
  may(role, 'ask-sql') ? body : { ...body, tiles: body.tiles.filter((tile) => askedByTile(tile)?.sql !== true) };

export function createBoardsModel(boards: Boards, sight: Sight, onFault: OnFault): BoardsModel {
  return {
    list: boards.list,
    find: boards.find,
    preview: (body, principal) => ({
      ...openTiles(sight, body, callingNow(sight.mirror), onFault),
      ...(seesCost(principal) ? costTiles(sight, asFarAsTheyMay(body, principal), onFault) : {}),
    }),
    mayWatch: async (principal, topic) => {
      const board = /^board(?:-cost)?:(.+)$/s.exec(topic)?.[1];
      return board === undefined || boards.isVisibleTo(board, principal);
    },
  };
}
