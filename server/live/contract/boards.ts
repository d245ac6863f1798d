/**
 * What travels on `board:<id>`, keyed: `board` (what stands where), `pinned` (what calls for somebody anywhere),
 * `tile:<tile>` (what that tile says). Tiles that reveal cost or margin travel on `board-cost:<id>`, with the same keys.
 */
import { z } from 'zod';
import { boardBody } from '../../http/contract/boards.ts';
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
  tileProblem,
]);
export type TileContent = z.infer<typeof tileContent>;
