import { describe, expect, it } from 'vitest';
import { attentionRows, gridSize, nodeGrid, tileSize } from '../../client/wall/board-size.ts';
import { criticalSeen, HOLD_FOR_NEW_CRITICAL_MS, shown, startRotation, turned } from '../../client/wall/rotation.ts';
import { readWallAddress, writeWallAddress } from '../../client/wall/wall-address.ts';

const turning = { boards: 3, everyMs: 30_000 };
const critical = (...ids: string[]) => ids.map((id) => ({ id, openedAt: 0 }));

describe('boards that take turns', () => {
  it('go round, each for its time', () => {
    let rotation = startRotation(0);
    const seen: number[] = [];
    for (let now = 0; now <= 120_000; now += 1_000) {
      rotation = turned(rotation, turning, now);
      if (seen.at(-1) !== rotation.index) seen.push(rotation.index);
    }
    expect(seen).toEqual([0, 1, 2, 0, 1]);
  });

  it('stand still without a time, or when there is only one', () => {
    expect(turned(startRotation(0), { boards: 3, everyMs: null }, 1e9).index).toBe(0);
    expect(turned(startRotation(0), { boards: 1, everyMs: 30_000 }, 1e9).index).toBe(0);
  });

  it('stand still while a new critical exception is shown, then go on', () => {
    let rotation = criticalSeen(startRotation(0), critical('a'), 0);
    rotation = criticalSeen(rotation, critical('b', 'a'), 29_000);
    expect([...rotation.fresh]).toEqual(['b']);
    const heldUntil = 29_000 + HOLD_FOR_NEW_CRITICAL_MS;
    expect(turned(rotation, turning, heldUntil - 1).index).toBe(0);
    rotation = turned(rotation, turning, heldUntil);
    expect(rotation.index).toBe(1);
    expect(rotation.fresh.size).toBe(0);
    expect(rotation.heldUntil).toBeNull();
  });

  it('are not held by what was critical when the screen was switched on, nor by the same again', () => {
    let rotation = criticalSeen(startRotation(0), critical('a', 'b'), 0);
    expect(rotation.heldUntil).toBeNull();
    rotation = criticalSeen(rotation, critical('a', 'b'), 1_000);
    expect(rotation.heldUntil).toBeNull();
  });

  it('are not held by an old one that only came onto the list of the worst', () => {
    const rotation = criticalSeen(startRotation(0), critical('a'), 0);
    expect(criticalSeen(rotation, [{ id: 'old', openedAt: -3_600_000 }], 1_000).heldUntil).toBeNull();
  });

  it('are let go at once when the new critical exception is over', () => {
    let rotation = criticalSeen(startRotation(0), [], 0);
    rotation = criticalSeen(rotation, critical('a'), 1_000);
    expect(rotation.heldUntil).not.toBeNull();
    expect(criticalSeen(rotation, [], 2_000).heldUntil).toBeNull();
  });

  it('begin the turn of a board that somebody chose', () => {
    const rotation = shown(startRotation(0), 2, 20_000);
    expect(turned(rotation, turning, 49_000).index).toBe(2);
    expect(turned(rotation, turning, 50_000).index).toBe(0);
  });
});

describe('the address of a screen', () => {
  it('says everything, and is written back the same', () => {
    const query = { scale: '1.25', rotate: '30', boards: 'executives,operations,node:BER-1', theme: 'light' };
    const address = readWallAddress('executives', query);
    expect(address).toEqual({
      boards: ['executives', 'operations', 'node:BER-1'],
      scale: 1.25,
      rotateSeconds: 30,
      theme: 'light',
    });
    expect(writeWallAddress(address)).toEqual({ path: '/wall/executives', query });
  });

  it('begins the round with the board in the path', () => {
    expect(readWallAddress('operations', { boards: 'executives,operations,x' }).boards).toEqual([
      'operations',
      'x',
      'executives',
    ]);
    expect(readWallAddress('mine', { boards: 'executives' }).boards).toEqual(['mine', 'executives']);
  });

  it('shows operations when it says nothing, and ignores nonsense', () => {
    const plain = { boards: ['operations'], scale: 1, rotateSeconds: null, theme: 'wall' };
    expect(readWallAddress(undefined, {})).toEqual(plain);
    expect(readWallAddress(undefined, { scale: '99', rotate: 'x', theme: 'pink', boards: ' , ' })).toEqual(plain);
    expect(readWallAddress(undefined, { rotate: '0.1' }).rotateSeconds).toBe(5);
    expect(writeWallAddress(readWallAddress(undefined, {}))).toEqual({ path: '/wall/operations', query: {} });
  });
});

describe('the room of a tile', () => {
  const grid = gridSize(1, { strip: false, feeds: true });
  it('adds up to the whole grid', () => {
    const whole = tileSize({ w: 12, h: 9 }, 9, grid);
    expect(Math.round(whole.width)).toBe(1_856);
    expect(Math.round(whole.height)).toBe(Math.round(grid.height));
    const [three, nine] = [tileSize({ w: 3, h: 9 }, 9, grid), tileSize({ w: 9, h: 9 }, 9, grid)];
    expect(Math.round(three.width + 20 + nine.width)).toBe(1_856);
  });
  it('is less on a screen seen from afar, and below the strip of what is critical', () => {
    expect(gridSize(1.25, { strip: false, feeds: false }).width).toBe(1_472);
    expect(gridSize(1, { strip: true, feeds: true }).height).toBe(grid.height - 92);
  });
  it('decides how many lines and how many nodes can be read', () => {
    expect(attentionRows(tileSize({ w: 5, h: 4 }, 9, grid))).toBe(4);
    expect(attentionRows({ width: 400, height: 90 })).toBe(1);
    expect(nodeGrid(tileSize({ w: 12, h: 2 }, 9, grid), 5)).toEqual({ columns: 5, rows: 1 });
    expect(nodeGrid(tileSize({ w: 12, h: 2 }, 9, grid), 9)).toEqual({ columns: 5, rows: 1 });
    expect(nodeGrid(tileSize({ w: 12, h: 4 }, 9, grid), 9)).toEqual({ columns: 5, rows: 2 });
  });
});
