/** A board: what stands where on a wall screen. Tiles are placed on a grid of 12 columns; rows are of equal height. */
import { z } from 'zod';
import { BOARD_COLUMNS, BOARD_ROWS_MAX, TILES_PER_BOARD_MAX, tilesOverlap } from './board-grid.ts';
import { questionBody } from './saved-question.ts';

/** What a tile shows: a KPI of the catalog, or one of the fixed pictures of the operation. */
export const tileKinds = ['kpi', 'ship-story', 'attention', 'nodes', 'node', 'feeds', 'text', 'question'] as const;

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
  /** For KPIs that count: since midnight, which is the default, or how many a minute. */
  per: z.enum(['day', 'minute']).optional(),
  /** Only this part of the operation; the board's own when absent. */
  node: z.string().max(200).optional(),
  channel: z.string().max(200).optional(),
  text: z.string().max(400).optional(),
  /**
   * For `question`: a copy of what was pinned, so that a board shows what was looked at when it was pinned and no more,
   * whatever its owner makes of the saved question later.
   */
  question: z
    .object({
      /** The saved question it was copied from. */
      id: z.string().max(60).optional(),
      name: z.string().max(120),
      body: questionBody,
    })
    .optional(),
});
export type BoardTile = z.infer<typeof boardTile>;

export const boardBody = z
  .object({
    /** All of its tiles are of this node or channel, unless they say otherwise. */
    node: z.string().max(200).optional(),
    channel: z.string().max(200).optional(),
    tiles: z.array(boardTile).max(TILES_PER_BOARD_MAX),
  })
  .superRefine(({ tiles }, context) => {
    for (const { tile, field, words } of tiles.flatMap((_, index) => problemsOfTile(tiles, index))) {
      context.addIssue({ code: 'custom', path: ['tiles', tile, field], message: words });
    }
  });
export type BoardBody = z.infer<typeof boardBody>;

type TileProblem = { tile: number; field: keyof BoardTile; words: string };

/** What the fields of a tile cannot say each for itself. */
function problemsOfTile(tiles: readonly BoardTile[], index: number): TileProblem[] {
  const tile = tiles[index]!;
  const earlier = tiles.slice(0, index);
  const below = earlier.findIndex((one) => tilesOverlap(one, tile));
  const checks: [boolean, keyof BoardTile, string][] = [
    [tile.x + tile.w > BOARD_COLUMNS, 'w', `reaches beyond column ${BOARD_COLUMNS}`],
    [tile.y + tile.h > BOARD_ROWS_MAX, 'h', `reaches beyond row ${BOARD_ROWS_MAX}`],
    [earlier.some(({ id }) => id === tile.id), 'id', `is the id of another tile: "${tile.id}"`],
    [below >= 0, 'x', `lies on top of tile ${below + 1}`],
    [tile.kind === 'kpi' && tile.kpi === undefined, 'kpi', 'is missing: which KPI is shown?'],
    [tile.kind !== 'kpi' && tile.per !== undefined, 'per', 'is for KPIs only'],
    [tile.kind === 'question' && tile.question === undefined, 'question', 'is missing: which question is shown?'],
  ];
  return checks.flatMap(([wrong, field, words]) => (wrong ? [{ tile: index, field, words }] : []));
}

/** KPIs that are asked for and not measured here, tile by tile. */
export function unknownKpis({ tiles }: BoardBody, known: ReadonlySet<string>): TileProblem[] {
  return tiles.flatMap(({ kind, kpi }, index) =>
    kind === 'kpi' && kpi !== undefined && !known.has(kpi)
      ? [{ tile: index, field: 'kpi', words: `asks for the KPI "${kpi}", which this installation does not have` }]
      : unknownMeasures(tiles[index]!, index, known),
  );
}

function unknownMeasures(tile: BoardTile, index: number, known: ReadonlySet<string>): TileProblem[] {
  const unknown = askedByTile(tile)?.measures.filter((measure) => !known.has(measure)) ?? [];
  return unknown.map((measure) => ({
    tile: index,
    field: 'question',
    words: `asks for the KPI "${measure}", which this installation does not have`,
  }));
}

/** What a question tile asks; null where it is no question. Where somebody wrote SQL, that is what is asked. */
export function askedByTile({ kind, question }: BoardTile): { sql: boolean; measures: readonly string[] } | null {
  if (kind !== 'question' || question === undefined) return null;
  const { sql, metrics } = question.body;
  return sql !== null ? { sql: true, measures: [] } : { sql: false, measures: metrics?.measures ?? [] };
}

/** One board as the API tells it: a built-in one, or one that somebody saved. */
export const boardKinds = ['executives', 'operations', 'node', 'channel', 'saved'] as const;
export const boardSummary = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(boardKinds),
  builtIn: z.boolean(),
  /** The account it belongs to, and its name; empty for built-in ones. */
  owner: z.string(),
  ownerName: z.string(),
  mine: z.boolean(),
  shared: z.boolean(),
  /** 0 for built-in ones, which nobody changes. */
  version: z.int(),
  changedAt: z.int().nullable(),
  body: boardBody,
});
export type BoardSummary = z.infer<typeof boardSummary>;
export const boardList = z.object({ items: z.array(boardSummary) });
export const boardPreviewRequest = z.object({ body: boardBody });
export const boardPreview = z.object({ entries: z.record(z.string(), z.unknown()) });
