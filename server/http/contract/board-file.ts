/** A board as a file that can be sent to somebody: what is written, and in words what is wrong with what is read. */
import { z } from 'zod';
import { type BoardBody, boardBody, unknownKpis } from './boards.ts';

const FORMAT = 'board';
const FORMAT_VERSION = 1;
/** A board of 24 tiles has about 6 kB. */
export const BOARD_FILE_CHARACTERS_MAX = 200_000;
const PROBLEMS_SHOWN_MAX = 10;

export const boardFile = z.object({
  tideline: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  name: z.string().trim().min(1).max(120),
  body: boardBody,
});
export type ReadBoard = { board: { name: string; body: BoardBody } } | { problems: string[] };

export function writeBoardFile(name: string, body: BoardBody): string {
  return `${JSON.stringify({ tideline: FORMAT, version: FORMAT_VERSION, name, body } satisfies z.input<typeof boardFile>, null, 2)}\n`;
}

/** @param kpis the catalog of this installation, to name what a board asks for and nobody measures here */
export function readBoardFile(text: string, kpis: ReadonlySet<string>): ReadBoard {
  if (text.length > BOARD_FILE_CHARACTERS_MAX) return { problems: ['The file is too large to be a board.'] };
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problems: ['The file is not JSON.'] };
  }
  const { tideline, version } = (content ?? {}) as { tideline?: unknown; version?: unknown };
  if (tideline !== FORMAT) return { problems: ['The file is JSON, but not a board of Tideline.'] };
  if (version !== FORMAT_VERSION) {
    return { problems: [`The file has version ${String(version)}; this Tideline reads version ${FORMAT_VERSION}.`] };
  }
  const parsed = boardFile.safeParse(content);
  if (!parsed.success) return { problems: parsed.error.issues.slice(0, PROBLEMS_SHOWN_MAX).map(inWords) };
  const { name, body } = parsed.data;
  const unknown = unknownKpis(body, kpis).map(({ tile, words }) => `Tile ${tile + 1}, kpi: ${words}.`);
  return unknown.length > 0 ? { problems: unknown.slice(0, PROBLEMS_SHOWN_MAX) } : { board: { name, body } };
}

/** `body.tiles.2.w: Too big` as `Tile 3, w: Too big`. */
function inWords({ path, message }: { path: PropertyKey[]; message: string }): string {
  const [body, tiles, index, ...field] = path.map(String);
  const isTile = body === 'body' && tiles === 'tiles' && index !== undefined;
  const where = isTile ? [`Tile ${Number(index) + 1}`, ...field].join(', ') : path.map(String).join('.');
  return `${where || 'The file'}: ${message}.`;
}
