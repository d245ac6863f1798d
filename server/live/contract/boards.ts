/**
 * What travels on `board:<id>`, keyed: `board` (what stands where), `pinned` (what calls for somebody anywhere),
 * `tile:<tile>` (what that tile says). Tiles that reveal cost or margin travel on `board-cost:<id>`, with the same keys.
 */
import { z } from 'zod';
import { boardBody } from '../../http/contract/boards.ts';
import { cell, metricAnswer } from '../../http/contract/questions.ts';
import { chartKinds } from '../../http/contract/saved-question.ts';
import { exceptionRow } from '../contract.ts';
import { feedState, kpiTile, nodeCard, shipStory } from './tiles.ts';

export const boardHead = z.object({
  id: z.string(),
  name: z.string(),
  builtIn: z.boolean(),
  shared: z.boolean(),
  version: z.int(),
  body: boardBody,
});
export type BoardHead = z.infer<typeof boardHead>;

/** An exception as it is told to everybody who sees a wall, devices included. */
export const attentionRow = exceptionRow.pick({
  id: true,
  kind: true,
  severity: true,
  title: true,
  subject: true,
  detail: true,
  sku: true,
  node: true,
  channel: true,
  order: true,
  source: true,
  deadline: true,
  moneyAtRisk: true,
  currency: true,
  since: true,
  openedAt: true,
});
export type AttentionRow = z.infer<typeof attentionRow>;

/** Of the whole operation, whatever part of it the board shows: how many, and the worst critical ones. */
export const pinned = z.object({ critical: z.int(), high: z.int(), rows: z.array(attentionRow) });
export type Pinned = z.infer<typeof pinned>;

/** Groups of a question that a tile draws; the rest is summed as one. */
export const TILE_GROUPS_MAX = 12;
/** Rows of an answer of SQL that a tile shows. */
export const TILE_ROWS_MAX = 200;

/** A pinned question. It is asked once for all who look, and its answer is as old as it says. */
export const questionTile = z.object({
  asked: z.string(),
  as: z.enum(chartKinds),
  columns: z.record(z.string(), z.string()),
  /** What its figures and groups are called, and how they are written; of SQL, nothing. */
  measures: z.array(z.object({ id: z.string(), name: z.string(), unit: z.string(), direction: z.string() })),
  dimensions: z.array(z.object({ id: z.string(), name: z.string() })),
  /** When it was last asked, epoch ms of the server; null: it has not been answered yet. */
  askedAt: z.int().nullable(),
  /** Of the builder; drawn like any answer of it. */
  metrics: metricAnswer
    .pick({
      question: true,
      from: true,
      to: true,
      compared: true,
      totals: true,
      series: true,
      groupsLeftOut: true,
      targets: true,
      anomalies: true,
      restated: true,
    })
    .nullable(),
  /** Of SQL. `cut`: there are more rows than a tile shows. */
  table: z
    .object({
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
      rows: z.array(z.array(cell)),
      cut: z.boolean(),
    })
    .nullable(),
  dataAsOf: z.int().nullable(),
  eventsBehind: z.int(),
  /** Why the newest try gave nothing; what is shown is the answer before. */
  problem: z.string().nullable(),
});
export type QuestionTile = z.infer<typeof questionTile>;

/** A tile that cannot be worked out says why, and looks like nothing else. */
export const tileProblem = z.object({ problem: z.string() });
export type TileProblem = z.infer<typeof tileProblem>;

export const tileContent = z.union([
  kpiTile,
  shipStory,
  nodeCard,
  z.array(nodeCard),
  z.array(attentionRow),
  z.array(feedState),
  questionTile,
  tileProblem,
]);
export type TileContent = z.infer<typeof tileContent>;
