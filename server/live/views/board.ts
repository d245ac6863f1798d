/** Boards live: what each of their tiles says, worked out once for all who watch. */
import { callingNow, pinnedOf } from '../../boards/attention.ts';
import type { Boards } from '../../boards/boards.ts';
import type { BandAt, Sight } from '../../boards/kpi-figure.ts';
import type { PastLevels } from '../../boards/past-levels.ts';
import type { QuestionTiles } from '../../boards/question-tiles.ts';
import { costTiles, type OnFault, openTiles } from '../../boards/tile-contents.ts';
import type { HistoryFigures } from '../../kpis/history-figures.ts';
import type { BoardHead } from '../contract/boards.ts';
import type { Mirror } from '../mirror.ts';
import { anyOf, subjectOf, type View } from './view.ts';

/** Clocks move on a quiet wall too, and somebody may have arranged it anew. */
const LOOK_EVERY_MS = 2_000;

export type BoardDeps = {
  boards: Boards;
  band: BandAt;
  past: PastLevels;
  history: HistoryFigures;
  questions: QuestionTiles;
  onFault: OnFault;
};

export function boardView({ boards, band, past, history, questions, onFault }: BoardDeps): View {
  return ofBoard(boards, (mirror, head) => {
    const calling = callingNow(mirror);
    return {
      board: head,
      pinned: pinnedOf(mirror, calling),
      ...openTiles({ mirror, band, past, history, questions }, head.body, calling, onFault),
    };
  });
}

/** Only the tiles that reveal cost or margin: a topic is shared by all who watch it. */
export function boardCostView({ boards, band, past, history, questions, onFault }: BoardDeps): View {
  return ofBoard(boards, (mirror, head) =>
    costTiles({ mirror, band, past, history, questions } satisfies Sight, head.body, onFault),
  );
}

function ofBoard(boards: Boards, entries: (mirror: Mirror, head: BoardHead) => Record<string, unknown>): View {
  return {
    concerns: anyOf(
      'bucket',
      'wave',
      'backlog',
      'totals',
      'exception',
      'node',
      'channel',
      'source',
      'workspace',
      'kpi',
    ),
    everyMs: LOOK_EVERY_MS,
    async entries(mirror, topic) {
      const head = await boards.head(subjectOf(topic));
      return head === null ? null : entries(mirror, head);
    },
  };
}
