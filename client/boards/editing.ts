/** What can be done to a board in hand: each step once, whether a key, a button or the pointer asks for it. */
import { type ComputedRef, computed, type ShallowRef, shallowRef } from 'vue';
import type { Place } from '../../server/http/contract/board-grid.ts';
import type { BoardTile } from '../../server/http/contract/boards.ts';
import { useCommands } from '../commands/commands.ts';
import {
  added,
  type Direction,
  inReadingOrder,
  moved,
  placed,
  placeInWords,
  removed,
  resized,
  tidied,
} from './arrange.ts';
import type { Drafting } from './draft.ts';
import { kpiSize, pictures, type TileKind } from './tile-kinds.ts';

export type Editing = {
  /** The tile whose settings are open. */
  chosen: ShallowRef<string | null>;
  /** The tile that the keyboard stands on. */
  focused: ShallowRef<string | null>;
  chosenTile: ComputedRef<BoardTile | undefined>;
  /** @returns the id of the new tile, or null when there is no room */
  add(choice: { kind: TileKind; kpi?: string }): string | null;
  change(id: string, part: Partial<BoardTile>): void;
  move(id: string, to: Direction): void;
  resize(id: string, to: Direction): void;
  place(id: string, to: Place): void;
  remove(id: string): void;
  tidy(): void;
};

const arrows: readonly Direction[] = ['left', 'right', 'up', 'down'];
const sizeWords: Record<Direction, string> = { left: 'narrower', right: 'wider', up: 'shorter', down: 'taller' };

export function useEditing(
  drafting: Drafting,
  nameOf: (tile: BoardTile) => string,
  acts: { save(): void; focus(tile: string): void },
): Editing {
  const chosen = shallowRef<string | null>(null);
  const focused = shallowRef<string | null>(null);
  const find = (id: string | null) => drafting.tiles.value.find((tile) => tile.id === id);
  const named = (id: string) => nameOf(find(id)!);
  const onTile = () => find(focused.value) !== undefined;

  useCommands(() => [
    ...arrows.map((to) => ({
      id: `tile-${to}`,
      title: `Move the tile ${to}`,
      group: 'Move' as const,
      keys: [`arrow${to}`],
      keysOnly: true,
      when: onTile,
      run: () => move(focused.value!, to),
    })),
    ...arrows.map((to) => ({
      id: `tile-size-${to}`,
      title: `Make the tile ${sizeWords[to]}`,
      group: 'Move' as const,
      keys: [`shift+arrow${to}`],
      keysOnly: true,
      when: onTile,
      run: () => resize(focused.value!, to),
    })),
    {
      id: 'tile-remove',
      title: 'Take the tile off the board',
      group: 'Selection',
      keys: ['delete', 'backspace'],
      when: onTile,
      run: () => remove(focused.value!),
    },
    {
      id: 'board-undo',
      title: 'Take the last step back',
      group: 'General',
      keys: ['mod+z'],
      when: () => drafting.canUndo.value,
      run: () => drafting.undo(),
    },
    {
      id: 'board-redo',
      title: 'Do it again',
      group: 'General',
      keys: ['mod+shift+z', 'mod+y'],
      when: () => drafting.canRedo.value,
      run: () => drafting.redo(),
    },
    { id: 'board-save', title: 'Save the board', group: 'General', keys: ['mod+s'], run: () => acts.save() },
  ]);

  return {
    chosen,
    focused,
    chosenTile: computed(() => find(chosen.value)),
    add,
    change,
    move,
    resize,
    place,
    remove,
    tidy,
  };

  function add(choice: { kind: TileKind; kpi?: string }): string | null {
    const size = choice.kind === 'kpi' ? kpiSize : pictures.find(({ kind }) => kind === choice.kind)!;
    const id = freeId(choice.kpi ?? choice.kind, drafting.tiles.value);
    const tile: BoardTile = {
      id,
      kind: choice.kind,
      x: 0,
      y: 0,
      w: size.w,
      h: size.h,
      ...(choice.kpi ? { kpi: choice.kpi } : {}),
    };
    if (!drafting.arrange(added(drafting.tiles.value, tile), '')) return null;
    drafting.say(`Added ${named(id)} at ${placeInWords(find(id)!)}.`);
    return id;
  }

  function change(id: string, part: Partial<BoardTile>): void {
    const tiles = drafting.tiles.value.map((tile) => (tile.id === id ? withoutEmpty({ ...tile, ...part }) : tile));
    drafting.arrange(tiles, `Changed ${named(id)}.`);
  }

  function move(id: string, to: Direction): void {
    arranged(id, moved(drafting.tiles.value, id, to));
  }

  function resize(id: string, to: Direction): void {
    arranged(id, resized(drafting.tiles.value, id, to));
  }

  function place(id: string, to: Place): void {
    arranged(id, placed(drafting.tiles.value, id, to));
  }

  function arranged(id: string, tiles: BoardTile[] | null): void {
    const tile = tiles?.find((one) => one.id === id);
    drafting.arrange(tiles, tile ? `${nameOf(tile)}: ${placeInWords(tile)}.` : '');
  }

  /** The focus goes to the tile that comes next, so that the keyboard does not lose its place. */
  function remove(id: string): void {
    const ordered = inReadingOrder(drafting.tiles.value);
    const index = ordered.findIndex((tile) => tile.id === id);
    const next = ordered[index + 1] ?? ordered[index - 1];
    drafting.arrange(removed(drafting.tiles.value, id), `Took off ${named(id)}.`);
    if (chosen.value === id) chosen.value = null;
    if (next !== undefined) acts.focus(next.id);
  }

  function tidy(): void {
    drafting.arrange(tidied(drafting.tiles.value), 'Closed the gaps.');
  }
}

function freeId(wanted: string, tiles: readonly BoardTile[]): string {
  const base = wanted.slice(0, 34);
  for (let n = 1; ; n++) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!tiles.some((tile) => tile.id === id)) return id;
  }
}

/** What is not said stays out of the file. */
function withoutEmpty(tile: BoardTile): BoardTile {
  return Object.fromEntries(Object.entries(tile).filter(([, value]) => value !== undefined)) as BoardTile;
}
