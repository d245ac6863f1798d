/** The grid of a board. Apart from its schema, because a wall draws by it and loads nothing it does not need. */

export const BOARD_COLUMNS = 12;
export const BOARD_ROWS_MAX = 12;
export const TILES_PER_BOARD_MAX = 24;

export type Place = { x: number; y: number; w: number; h: number };

export const tilesOverlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
