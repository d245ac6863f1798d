/** Boards by their name in an address: built-in ones, one for each node and channel, and those that people saved. */
import type { Principal } from '../access/abilities.ts';
import type { BoardBody, BoardSummary } from '../http/contract/boards.ts';
import type { SavedThing } from '../http/contract/saved.ts';
import type { BoardHead } from '../live/contract/boards.ts';
import type { Mirror } from '../live/mirror.ts';
import type { SavedThings } from '../saved/saved-things.ts';
import { type BuiltIn, builtInBoards, channelBoard, nodeBoard } from './built-in-boards.ts';
import { knownParts } from './part.ts';

export type Boards = ReturnType<typeof openBoards>;

export function openBoards(mirror: Mirror, saved: SavedThings) {
  function builtIns(): BuiltIn[] {
    const { nodes, channels } = knownParts(mirror);
    return [
      ...builtInBoards,
      ...[...nodes].map(([node, name]) => nodeBoard(node, name)),
      ...[...channels].map(([channel, name]) => channelBoard(channel, name)),
    ];
  }

  const builtIn = (id: string): BuiltIn | undefined => builtIns().find((board) => board.id === id);

  /** What a topic shows, whoever watches it. Null: there is no such board. */
  async function head(id: string): Promise<BoardHead | null> {
    const ours = builtIn(id);
    if (ours !== undefined) {
      return { id, name: ours.name, builtIn: true, shared: true, version: 0, body: ours.body };
    }
    const thing = await saved.stored('board', id);
    if (thing === null) return null;
    const { name, shared, version, body } = thing as SavedThing<BoardBody>;
    return { id, name, builtIn: false, shared, version, body };
  }

  /** Built-in ones first. Devices see those they were given; people what is theirs or shared. */
  async function list(principal: Principal): Promise<BoardSummary[]> {
    const things = (await saved.list('board', principal.id)) as SavedThing<BoardBody>[];
    const all = [...builtIns().map(describeBuiltIn), ...things.map((thing) => describeSaved(thing, principal))];
    const given = givenTo(principal);
    if (given === null) return all;
    // Whatever an admin chose for a screen is meant for it, shared or not.
    const chosen = await Promise.all([...given].map((id) => find(id, principal)));
    return chosen.filter((board) => board !== null);
  }

  async function find(id: string, principal: Principal): Promise<BoardSummary | null> {
    const given = givenTo(principal);
    if (given !== null && !given.has(id)) return null;
    const ours = builtIn(id);
    if (ours !== undefined) return describeBuiltIn(ours);
    const thing = given === null ? await saved.find('board', id, principal.id) : await saved.stored('board', id);
    return thing === null ? null : describeSaved(thing as SavedThing<BoardBody>, principal);
  }

  /** Whether somebody may watch the board, as far as it depends on the board: their ability is another matter. */
  async function isVisibleTo(id: string, principal: Principal): Promise<boolean> {
    const given = givenTo(principal);
    if (given !== null) return given.has(id);
    // A node or channel that is not known is no secret: its topic does not exist.
    if (/^(node|channel):/.test(id) || builtInBoards.some((board) => board.id === id)) return true;
    return (await saved.find('board', id, principal.id)) !== null;
  }

  return { head, list, find, isVisibleTo };
}

/** The boards a screen was given; null for people and keys, who are not bound to some. */
const givenTo = (principal: Principal): Set<string> | null =>
  principal.kind === 'device' ? new Set(principal.boards) : null;

const describeBuiltIn = ({ id, kind, name, body }: BuiltIn): BoardSummary => ({
  id,
  name,
  kind,
  builtIn: true,
  owner: '',
  ownerName: '',
  mine: false,
  shared: true,
  version: 0,
  changedAt: null,
  body,
});

const describeSaved = (thing: SavedThing<BoardBody>, { id: reader }: Principal): BoardSummary => {
  const { id, name, owner, ownerName, shared, version, changedAt, body } = thing;
  return {
    id,
    name,
    kind: 'saved',
    builtIn: false,
    owner,
    ownerName,
    mine: owner === reader,
    shared,
    version,
    changedAt,
    body,
  };
};
