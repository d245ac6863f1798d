/** How much room a tile has, in pixels of a 1920 x 1080 picture: what a tile leaves out depends on it. */
import { BOARD_COLUMNS } from '../../server/http/contract/board-grid.ts';
import type { BoardTile } from '../../server/http/contract/boards.ts';

export const GAP = 20;
export const EDGE = 32;
const FOOT_EDGE = 24;
export const TOP_HEIGHT = 58;
export const STRIP_HEIGHT = 72;
export const FEEDS_HEIGHT = 38;

export type Size = { width: number; height: number };

/** What is left for the tiles once everything around them is drawn. */
export function gridSize(scale: number, around: { strip: boolean; feeds: boolean }): Size {
  const strip = around.strip ? STRIP_HEIGHT + GAP : 0;
  const feeds = around.feeds ? FEEDS_HEIGHT + GAP : 0;
  return {
    width: 1920 / scale - 2 * EDGE,
    height: 1080 / scale - EDGE - FOOT_EDGE - TOP_HEIGHT - GAP - strip - feeds,
  };
}

export function tileSize(tile: Pick<BoardTile, 'w' | 'h'>, rows: number, grid: Size): Size {
  const span = (whole: number, parts: number, count: number) =>
    ((whole - GAP * (parts - 1)) / parts) * count + GAP * (count - 1);
  return { width: span(grid.width, BOARD_COLUMNS, tile.w), height: span(grid.height, rows, tile.h) };
}

const ATTENTION_HEAD = 60;
const ATTENTION_ROW = 72;
/** How many lines of "Needs attention" can be read. */
export const attentionRows = ({ height }: Size): number =>
  Math.max(1, Math.floor((height - ATTENTION_HEAD) / ATTENTION_ROW));

const KPI_HEIGHT = 240;
/** Whether there is no room for a line below the figure of a KPI. */
export const isLow = ({ height }: Size): boolean => height < KPI_HEIGHT;

const NODE_WIDTH = 300;
const NODE_HEIGHT = 150;
/** Columns and rows of node cards for so many nodes: all in one row if they fit. */
export function nodeGrid({ width, height }: Size, nodes: number): { columns: number; rows: number } {
  const columnsMax = Math.max(1, Math.floor((width + GAP) / (NODE_WIDTH + GAP)));
  const rowsMax = Math.max(1, Math.floor((height + GAP) / (NODE_HEIGHT + GAP)));
  const rows = Math.min(rowsMax, Math.max(1, Math.ceil(nodes / columnsMax)));
  return { columns: Math.min(columnsMax, Math.max(1, Math.ceil(nodes / rows))), rows };
}
