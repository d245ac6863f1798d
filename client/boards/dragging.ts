/** Where a tile goes that is dragged. Pure: pixels in, columns and rows out. */
import { BOARD_COLUMNS, BOARD_ROWS_MAX, type Place } from '../../server/http/contract/board-grid.ts';

export type Grip = 'move' | 'size';
/** The size of one column and one row with the gap behind it, in pixels of the screen. */
export type Cells = { width: number; height: number };

export function dragged(from: Place, grip: Grip, by: { x: number; y: number }, cells: Cells): Place {
  const columns = Math.round(by.x / cells.width);
  const rows = Math.round(by.y / cells.height);
  const { x, y, w, h } = from;
  if (grip === 'size') {
    return { x, y, w: between(1, w + columns, BOARD_COLUMNS - x), h: between(1, h + rows, BOARD_ROWS_MAX - y) };
  }
  return { x: between(0, x + columns, BOARD_COLUMNS - w), y: between(0, y + rows, BOARD_ROWS_MAX - h), w, h };
}

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(value, most));
