/** A board: what stands where on a wall screen. Tiles are placed on a grid of 12 columns; rows are of equal height. */
import { z } from 'zod';

export const BOARD_COLUMNS = 12;
export const BOARD_ROWS_MAX = 12;
export const TILES_PER_BOARD_MAX = 24;

/** What a tile shows: a KPI of the catalog, or one of the fixed pictures of the operation. */
export const tileKinds = ['kpi', 'ship-story', 'attention', 'nodes', 'node', 'feeds', 'text'] as const;

export const boardTile = z.object({
  id: z.string().min(1).max(40),
  kind: z.enum(tileKinds),
  x: z
    .int()
    .min(0)
    .max(BOARD_COLUMNS - 1),
  y: z
    .int()
    .min(0)
    .max(BOARD_ROWS_MAX - 1),
  w: z.int().min(1).max(BOARD_COLUMNS),
  h: z.int().min(1).max(BOARD_ROWS_MAX),
  /** Another title than its own. */
  title: z.string().max(60).optional(),
  /** Of the catalog, for `kpi`. */
  kpi: z.string().max(60).optional(),
  /** Only this part of the operation; the board's own when absent. */
  node: z.string().max(200).optional(),
  channel: z.string().max(200).optional(),
  text: z.string().max(400).optional(),
});
export type BoardTile = z.infer<typeof boardTile>;

export const boardBody = z.object({
  /** All of its tiles are of this node or channel, unless they say otherwise. */
  node: z.string().max(200).optional(),
  channel: z.string().max(200).optional(),
  tiles: z.array(boardTile).max(TILES_PER_BOARD_MAX),
});
export type BoardBody = z.infer<typeof boardBody>;
