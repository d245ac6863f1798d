import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  added,
  type Direction,
  inReadingOrder,
  moved,
  placed,
  placeInWords,
  resized,
  tidied,
} from '../../client/boards/arrange.ts';
import { dragged } from '../../client/boards/dragging.ts';
import { BOARD_COLUMNS, BOARD_ROWS_MAX, type Place, tilesOverlap } from '../../server/http/contract/board-grid.ts';
import type { BoardTile } from '../../server/http/contract/boards.ts';

const tile = (id: string, x: number, y: number, w = 3, h = 3): BoardTile => ({ id, kind: 'text', x, y, w, h });
const places = (tiles: readonly BoardTile[] | null) =>
  Object.fromEntries((tiles ?? []).map(({ id, x, y, w, h }) => [id, [x, y, w, h]]));
const row = [tile('a', 0, 0), tile('b', 3, 0), tile('c', 6, 0, 6, 3)];

function isSound(tiles: readonly BoardTile[]): boolean {
  const inside = ({ x, y, w, h }: Place) =>
    x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= BOARD_COLUMNS && y + h <= BOARD_ROWS_MAX;
  return tiles.every((one, index) => inside(one) && !tiles.slice(index + 1).some((other) => tilesOverlap(one, other)));
}

describe('arranging a board', () => {
  it('never puts a tile on another or outside, and never loses one, whatever is done', () => {
    const direction = fc.constantFrom<Direction>('left', 'right', 'up', 'down');
    const step = fc.record({ what: fc.constantFrom('move', 'size', 'add', 'tidy'), which: fc.nat(30), direction });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let tiles: BoardTile[] = [];
        steps.forEach(({ what, which, direction }, index) => {
          const id = tiles[which % Math.max(1, tiles.length)]?.id ?? '';
          const next =
            what === 'add'
              ? added(tiles, tile(`t${index}`, 0, 0, 1 + (which % 6), 1 + (which % 4)))
              : what === 'move'
                ? moved(tiles, id, direction)
                : what === 'size'
                  ? resized(tiles, id, direction)
                  : tidied(tiles);
          if (next === null) return;
          expect(isSound(next), JSON.stringify(next)).toBe(true);
          expect(next).toHaveLength(tiles.length + (what === 'add' ? 1 : 0));
          tiles = next;
        });
      }),
      { numRuns: 200 },
    );
  });

  it('lets neighbours of one size trade places', () => {
    expect(places(moved(row, 'a', 'right'))).toEqual({ a: [3, 0, 3, 3], b: [0, 0, 3, 3], c: [6, 0, 6, 3] });
  });

  it('pushes what is in the way down when it is of another size', () => {
    expect(places(moved(row, 'b', 'right'))).toEqual({ a: [0, 0, 3, 3], b: [4, 0, 3, 3], c: [6, 3, 6, 3] });
  });

  it('keeps what is pushed down in its order from top to bottom, whatever the order of the file', () => {
    const stack = [tile('lower', 0, 3, 6, 3), tile('upper', 0, 0, 6, 3), tile('new', 6, 0, 4, 3)];
    expect(places(placed(stack, 'new', { x: 0, y: 0, w: 4, h: 3 }))).toEqual({
      new: [0, 0, 4, 3],
      upper: [0, 3, 6, 3],
      lower: [0, 6, 6, 3],
    });
  });

  it('moves a tile into a row that was not there', () => {
    expect(places(moved(row, 'a', 'down'))['a']).toEqual([0, 1, 3, 3]);
  });

  it('refuses what would leave the board, or push something out of it', () => {
    expect(moved(row, 'a', 'left')).toBeNull();
    expect(resized(row, 'c', 'right')).toBeNull();
    const full = [tile('a', 0, 0, 12, 6), tile('b', 0, 6, 12, 6)];
    expect(resized(full, 'a', 'down')).toBeNull();
    expect(added(full, tile('c', 0, 0))).toBeNull();
  });

  it('makes a tile wider and what stands beside it moves out of the way', () => {
    expect(places(resized(row, 'a', 'right'))).toEqual({ a: [0, 0, 4, 3], b: [3, 3, 3, 3], c: [6, 0, 6, 3] });
  });

  it('puts a new tile at the first free place, smaller if it must be', () => {
    expect(places(added(row, tile('d', 0, 0)))['d']).toEqual([0, 3, 3, 3]);
    const nearlyFull = [tile('a', 0, 0, 12, 10), tile('b', 0, 10, 10, 2)];
    expect(places(added(nearlyFull, tile('c', 0, 0, 7, 4)))['c']).toEqual([10, 10, 2, 2]);
  });

  it('closes gaps upwards and keeps the columns', () => {
    expect(places(tidied([tile('a', 0, 2), tile('b', 0, 8)]))).toEqual({ a: [0, 0, 3, 3], b: [0, 3, 3, 3] });
  });

  it('reads row by row, and says places in words', () => {
    expect(inReadingOrder([tile('b', 3, 0), tile('c', 0, 3), tile('a', 0, 0)]).map(({ id }) => id)).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(placeInWords({ x: 0, y: 3, w: 3, h: 1 })).toBe('columns 1 to 3, row 4');
  });

  it('follows the pointer by whole columns and rows, up to the edge', () => {
    const cells = { width: 100, height: 50 };
    const from = { x: 3, y: 0, w: 3, h: 3 };
    expect(dragged(from, 'move', { x: 149, y: 80 }, cells)).toEqual({ x: 4, y: 2, w: 3, h: 3 });
    expect(dragged(from, 'move', { x: 5_000, y: -80 }, cells)).toEqual({ x: 9, y: 0, w: 3, h: 3 });
    expect(dragged(from, 'size', { x: -5_000, y: 60 }, cells)).toEqual({ x: 3, y: 0, w: 1, h: 4 });
  });

  it('drops a dragged tile where it is shown', () => {
    expect(places(placed(row, 'c', { x: 0, y: 3, w: 6, h: 3 }))).toEqual({
      a: [0, 0, 3, 3],
      b: [3, 0, 3, 3],
      c: [0, 3, 6, 3],
    });
  });
});
