/** The boards there are: built in, one's own, and shared ones. */
import type { BoardBody, BoardSummary } from '../../server/http/contract/boards.ts';
import type { SavedThing } from '../../server/http/contract/saved.ts';
import { type Loaded, useLoad } from '../http/load.ts';
import { request } from '../http/request.ts';

export type SavedBoard = SavedThing<BoardBody>;

export const useBoards = (): Loaded<BoardSummary[]> =>
  useLoad(async () => (await request<{ items: BoardSummary[] }>('GET', '/v1/boards')).items);

export const readBoard = (id: string): Promise<BoardSummary> => request('GET', `/v1/boards/${encodeURIComponent(id)}`);

/** Throws RequestProblem with status 409 when somebody else saved it since `version`. */
export const saveBoard = (board: {
  id?: string;
  name: string;
  shared: boolean;
  version: number;
  body: BoardBody;
}): Promise<SavedBoard> => request('POST', '/v1/saved/board', board);

export const deleteBoard = (id: string): Promise<void> =>
  request('DELETE', `/v1/saved/board/${encodeURIComponent(id)}`);

/** Every node and every channel has a board of its own: their ids and names. */
export function placesOf(boards: readonly BoardSummary[], kind: 'node' | 'channel'): (readonly [string, string])[] {
  return boards
    .filter((board) => board.kind === kind)
    .map(({ id, name }) => [id.slice(kind.length + 1), name] as const);
}
