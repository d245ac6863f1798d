/** What the tiles of a board say. One that cannot be worked out says so and takes no other down. */

import type { OpenException } from '../../streams/operations/states.ts';
import { costKpis } from '../access/cost.ts';
import { askedByTile, type BoardBody, type BoardTile } from '../http/contract/boards.ts';
import type { TileContent, TileProblem } from '../live/contract/boards.ts';
import type { Entries, NodeCard } from '../live/contract.ts';
import { feedState } from '../live/views/sources.ts';
import { nodeCards, shipStory } from '../live/views/wall-story.ts';
import { attention } from './attention.ts';
import type { Sight } from './kpi-figure.ts';
import { kpiTile } from './kpi-tile.ts';
import { CannotShow, namesOf, type Part } from './part.ts';

export type OnFault = (tile: BoardTile, error: unknown) => void;

const notForEveryRole: TileProblem = { problem: 'Cost and margin are not for every role.' };
const sqlNotForEveryRole: TileProblem = { problem: 'What SQL tells may be cost, which is not for every role.' };
const notFor = (tile: BoardTile) => (askedByTile(tile)?.sql === true ? sqlNotForEveryRole : notForEveryRole);
/** What SQL reads is known to the engine alone: it may be cost. */
function revealsCost(tile: BoardTile): boolean {
  if (tile.kind === 'kpi') return costKpis.has(tile.kpi ?? '');
  const asked = askedByTile(tile);
  return asked !== null && (asked.sql || asked.measures.some((measure) => costKpis.has(measure)));
}

/** As everybody may see it: who may see cost gets those tiles apart. */
export const openTiles = (
  sight: Sight,
  body: BoardBody,
  calling: readonly OpenException[],
  onFault: OnFault,
): Entries =>
  contents(body.tiles, (tile) => (revealsCost(tile) ? notFor(tile) : contentOf(sight, body, tile, calling)), onFault);

export const costTiles = (sight: Sight, body: BoardBody, onFault: OnFault): Entries =>
  contents(body.tiles.filter(revealsCost), (tile) => contentOf(sight, body, tile, []), onFault);

function contents(tiles: readonly BoardTile[], of: (tile: BoardTile) => TileContent | null, onFault: OnFault): Entries {
  const entries: Entries = {};
  for (const tile of tiles) {
    const content = guarded(tile, of, onFault);
    if (content !== null) entries[`tile:${tile.id}`] = content;
  }
  return entries;
}

function guarded(tile: BoardTile, of: (tile: BoardTile) => TileContent | null, onFault: OnFault): TileContent | null {
  try {
    return of(tile);
  } catch (error) {
    if (error instanceof CannotShow) return { problem: error.message };
    onFault(tile, error);
    return { problem: 'This could not be worked out. The log of the server says why.' };
  }
}

/** Null: it shows nothing that changes. A tile's own part comes before its board's. */
function contentOf(
  sight: Sight,
  board: BoardBody,
  tile: BoardTile,
  calling: readonly OpenException[],
): TileContent | null {
  const { mirror } = sight;
  const part: Part = { node: tile.node ?? board.node, channel: tile.channel ?? board.channel };
  if (tile.kind === 'text') return null;
  if (tile.kind === 'question') return sight.questions.of(tile);
  if (tile.kind === 'kpi') return kpiTile(sight, tile.kpi ?? '', part, tile.per);
  namesOf(mirror, part);
  if (tile.kind === 'ship-story') return shipStory(mirror, part);
  if (tile.kind === 'attention') return attention(mirror, calling, part);
  if (tile.kind === 'feeds') {
    return [...mirror.states.source.values()]
      .filter(({ channel, node }) => (part.channel ?? channel) === channel && (part.node ?? node) === node)
      .map((source) => feedState(mirror, source));
  }
  const cards = Object.values(nodeCards(mirror));
  return tile.kind === 'nodes' ? cards : cardOf(cards, part.node);
}

function cardOf(cards: readonly NodeCard[], node: string | undefined): NodeCard {
  if (node === undefined) throw new CannotShow('Which node? The tile names none.');
  const card = cards.find((one) => one.node === node);
  if (card === undefined) throw new CannotShow(`${node} is not an active node.`);
  return card;
}
