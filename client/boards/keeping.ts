/** What can be done to a board as a whole: each answers with what is stored then, or says why not. */
import type { BoardBody, BoardSummary } from '../../server/http/contract/boards.ts';
import { asProblem } from '../http/load.ts';
import { useToasts } from '../notices/toasts.ts';
import { deleteBoard, type SavedBoard, saveBoard } from './boards.ts';

type Keeping = {
  create(name: string, body: BoardBody): Promise<SavedBoard | null>;
  duplicate(board: BoardSummary): Promise<SavedBoard | null>;
  rename(board: BoardSummary, name: string): Promise<SavedBoard | null>;
  share(board: BoardSummary, shared: boolean): Promise<SavedBoard | null>;
  /** `changed` is called again when it is taken back. */
  remove(board: BoardSummary, changed: () => void): Promise<void>;
};

export function useKeeping(): Keeping {
  const toasts = useToasts();

  async function tried<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const { message, problem } = asProblem(error);
      toasts.say({ text: `${message} ${problem.remedy ?? ''}`.trim(), tone: 'problem' });
      return null;
    }
  }

  const again = (board: BoardSummary, part: { name?: string; shared?: boolean }) =>
    tried(() =>
      saveBoard({
        id: board.id,
        version: board.version,
        name: board.name,
        shared: board.shared,
        body: board.body,
        ...part,
      }),
    );

  return {
    create: (name, body) => tried(() => saveBoard({ name, shared: false, version: 0, body })),
    duplicate: (board) =>
      tried(() => saveBoard({ name: `${board.name} (copy)`, shared: false, version: 0, body: board.body })),
    rename: (board, name) => again(board, { name }),
    share: (board, shared) => again(board, { shared }),
    async remove(board, changed) {
      const gone = await tried(() => deleteBoard(board.id).then(() => true));
      if (gone === null) return;
      changed();
      const { name, shared, body } = board;
      toasts.say({
        text: `“${name}” is deleted.`,
        undo: () => void tried(() => saveBoard({ name, shared, version: 0, body })).then(changed),
      });
    },
  };
}
