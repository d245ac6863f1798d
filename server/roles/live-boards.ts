/** Everything that boards are worked out from, put together. */
import type { Logger } from 'pino';
import type { Access } from '../access/index.ts';
import { openBoards } from '../boards/boards.ts';
import { type BoardsModel, createBoardsModel } from '../boards/boards-model.ts';
import type { BandAt, Sight } from '../boards/kpi-figure.ts';
import { keepPastLevels } from '../boards/past-levels.ts';
import { keepQuestionTiles } from '../boards/question-tiles.ts';
import { firstRows } from '../boards/table-answer.ts';
import type { OnFault } from '../boards/tile-contents.ts';
import type { StreamWhole } from '../exports/whole.ts';
import { type HistoryFigures, keepHistoryFigures } from '../kpis/history-figures.ts';
import type { Mirror } from '../live/mirror.ts';
import type { BoardDeps } from '../live/views/board.ts';
import { createQuestionsModel } from '../questions/model.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { openSavedThings } from '../saved/saved-things.ts';

/** A tile that fails does so several times a second: it is logged once in this time. */
const SAME_FAULT_EVERY_MS = 60_000;

export function openLiveBoards(deps: {
  runtime: Runtime;
  mirror: Mirror;
  access: Access;
  band: BandAt;
  logger: Logger;
  streamWhole: StreamWhole;
}): {
  views: BoardDeps;
  model: BoardsModel;
  /** What is worked out from history, for all who tell KPIs. */
  history: HistoryFigures;
} {
  const { runtime, mirror, access, band, logger } = deps;
  const { redis, keys } = runtime;
  const saved = openSavedThings({ redis, workspace: keys.workspace, audit: access.audit, now: mirror.now });
  const boards = openBoards(mirror, saved);
  const situation = () => {
    const { timeZone, currency } = mirror.workspace();
    return { timeZone, currency, now: mirror.businessNow() };
  };
  const past = keepPastLevels({ ask: askHistory(runtime), situation, now: mirror.now });
  const history = keepHistoryFigures({ ask: askHistory(runtime), situation, now: mirror.now });
  const onFault = tellFaults(logger, mirror.now);
  const asked = createQuestionsModel(runtime, mirror);
  const questions = keepQuestionTiles({
    // Tiles that reveal cost travel apart, to those who may see it.
    ask: (question, signal) => asked.ask(question, { role: 'analyst' }, signal),
    askSql: (sql, values, signal) => firstRows(deps.streamWhole, sql, values, signal),
    onFault: (error) => logger.warn({ err: error }, 'a question on a board was not answered'),
    now: mirror.now,
  });
  const sight: Sight = { mirror, band, past, history, questions };
  return {
    views: { boards, band, past, history, questions, onFault },
    model: createBoardsModel(boards, sight, onFault),
    history,
  };
}

function tellFaults(logger: Logger, now: () => number): OnFault {
  let toldAt = 0;
  return ({ kind, kpi }, error) => {
    if (now() - toldAt < SAME_FAULT_EVERY_MS) return;
    toldAt = now();
    logger.error({ err: error, tile: kpi ?? kind }, 'a tile could not be worked out');
  };
}
