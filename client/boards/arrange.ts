/**
 * Where tiles stand on a board: moving, sizing, adding. Pure: tiles in, tiles out. What has no room is refused with
 * null, so that nothing ever lies on top of something else or outside of the board.
 */
import {
  BOARD_COLUMNS,
  BOARD_ROWS_MAX,
  tilesOverlap as overlaps,
  type Place,
  TILES_PER_BOARD_MAX,
} from '../../server/http/contract/board-grid.ts';
import type { BoardTile } from '../../server/http/contract/boards.ts';

type Tiles = readonly BoardTile[];

const fits = ({ x, y, w, h }: Place): boolean =>
  x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= BOARD_COLUMNS && y + h <= BOARD_ROWS_MAX;

export const rowsOf = (tiles: Tiles): number => Math.max(1, ...tiles.map((tile) => tile.y + tile.h));

/** Puts a tile there. One of the same size that lies mostly under it trades places; others make room downwards. */
export function placed(tiles: Tiles, id: string, to: Place): BoardTile[] | null {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined || !fits(to)) return null;
  const others = tiles.filter((one) => one.id !== id);
  const under = others.filter((one) => overlaps(one, to));
  const [only] = under;
  if (under.length === 1 && only !== undefined && trades(tile, only, to)) {
    return tiles.map((one) => {
      if (one.id === id) return { ...one, x: only.x, y: only.y };
      return one.id === only.id ? { ...one, x: tile.x, y: tile.y } : one;
    });
  }
  const settled = [{ ...tile, ...to }];
  // From the top, so that what makes room pushes only what stands below it.
  for (const other of others.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const lowest = (place: Place): Place => {
      const inTheWay = settled.filter((one) => overlaps(one, place));
      return inTheWay.length === 0 ? place : lowest({ ...place, y: Math.max(...inTheWay.map((one) => one.y + one.h)) });
    };
    const room = lowest(other);
    if (!fits(room)) return null;
    settled.push({ ...other, y: room.y });
  }
  return tiles.map((one) => settled.find((moved) => moved.id === one.id)!);
}

/** Of the same size, not itself changed in size, and at least half covered. */
function trades(tile: Place, other: Place, to: Place): boolean {
  if (tile.w !== other.w || tile.h !== other.h || to.w !== tile.w || to.h !== tile.h) return false;
  const width = Math.min(to.x + to.w, other.x + other.w) - Math.max(to.x, other.x);
  const height = Math.min(to.y + to.h, other.y + other.h) - Math.max(to.y, other.y);
  return width * height * 2 >= tile.w * tile.h;
}

export type Direction = 'left' | 'right' | 'up' | 'down';
const steps: Record<Direction, readonly [number, number]> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
};

/** One step by keyboard. A neighbour of the same size next to it trades places instead of being pushed away. */
export function moved(tiles: Tiles, id: string, direction: Direction): BoardTile[] | null {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return null;
  const [dx, dy] = steps[direction];
  const to = { x: tile.x + dx, y: tile.y + dy, w: tile.w, h: tile.h };
  const under = tiles.filter((one) => one.id !== id && overlaps(one, to));
  const [only] = under;
  const inLine = only !== undefined && (dx === 0 ? only.x === tile.x : only.y === tile.y);
  if (under.length === 1 && inLine && only.w === tile.w && only.h === tile.h) {
    return placed(tiles, id, { ...to, x: only.x, y: only.y });
  }
  return placed(tiles, id, to);
}

/** One column wider or narrower, one row taller or shorter. */
export function resized(tiles: Tiles, id: string, direction: Direction): BoardTile[] | null {
  const tile = tiles.find((one) => one.id === id);
  if (tile === undefined) return null;
  const [dw, dh] = steps[direction];
  return placed(tiles, id, { x: tile.x, y: tile.y, w: tile.w + dw, h: tile.h + dh });
}

/** At the first free place, row by row, in the size asked for or the largest that still fits. */
export function added(tiles: Tiles, tile: BoardTile): BoardTile[] | null {
  if (tiles.length >= TILES_PER_BOARD_MAX) return null;
  for (const [w, h] of [
    [tile.w, tile.h] as const,
    [Math.min(3, tile.w), Math.min(3, tile.h)] as const,
    [2, 2] as const,
  ]) {
    const free = firstFree(tiles, w, h);
    if (free !== null) return [...tiles, { ...tile, ...free }];
  }
  return null;
}

function firstFree(tiles: Tiles, w: number, h: number): Place | null {
  for (let y = 0; y + h <= BOARD_ROWS_MAX; y++) {
    for (let x = 0; x + w <= BOARD_COLUMNS; x++) {
      const place = { x, y, w, h };
      if (!tiles.some((one) => overlaps(one, place))) return place;
    }
  }
  return null;
}

export const removed = (tiles: Tiles, id: string): BoardTile[] => tiles.filter((one) => one.id !== id);

/** Everything moves up as far as it goes: what was taken away leaves no hole. */
export function tidied(tiles: Tiles): BoardTile[] {
  const settled: BoardTile[] = [];
  for (const tile of tiles.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    let y = tile.y;
    while (y > 0 && !settled.some((one) => overlaps(one, { ...tile, y: y - 1 }))) y -= 1;
    settled.push({ ...tile, y });
  }
  return tiles.map((tile) => settled.find((one) => one.id === tile.id)!);
}

/** As one reads: row by row. The order of the tab key, and of a telephone, where all stand below each other. */
export const inReadingOrder = (tiles: Tiles): BoardTile[] => tiles.toSorted((a, b) => a.y - b.y || a.x - b.x);

/** `columns 1 to 3, rows 1 to 3`: a place in words, for those who do not see it. */
export function placeInWords({ x, y, w, h }: Place): string {
  const span = (name: string, from: number, length: number) =>
    length === 1 ? `${name} ${from + 1}` : `${name}s ${from + 1} to ${from + length}`;
  return `${span('column', x, w)}, ${span('row', y, h)}`;
}
