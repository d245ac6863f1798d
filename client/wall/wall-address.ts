/** What a wall screen shows stands in its address: `/wall/operations?scale=1.25&rotate=30&boards=executives,operations`. */
export const DEFAULT_BOARD = 'operations';
const SCALE_MIN = 0.5;
const SCALE_MAX = 2;
const ROTATE_SECONDS_MIN = 5;
const ROTATE_SECONDS_MAX = 3_600;
export const ROTATE_SECONDS_DEFAULT = 30;
const BOARDS_MAX = 12;

export const wallThemes = ['wall', 'light', 'dark'] as const;
export type WallTheme = (typeof wallThemes)[number];

export type WallAddress = {
  /** In the order of the rotation; the first is the one in the path. */
  boards: string[];
  scale: number;
  /** Null: does not rotate. */
  rotateSeconds: number | null;
  theme: WallTheme;
};

type Query = Record<string, unknown>;

/** What is not understood counts as not said: a screen nobody sits at must show something. */
export function readWallAddress(board: string | undefined, query: Query): WallAddress {
  const first = board || DEFAULT_BOARD;
  const listed = text(query['boards'])
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const others = listed.includes(first) ? listed : [first, ...listed];
  const boards = [...new Set(board ? startingWith(first, others) : listed.length > 0 ? listed : others)];
  const scale = Number(text(query['scale']));
  const rotate = Number(text(query['rotate']));
  const theme = wallThemes.find((one) => one === query['theme']);
  return {
    boards: boards.slice(0, BOARDS_MAX),
    scale: scale >= SCALE_MIN && scale <= SCALE_MAX ? scale : 1,
    rotateSeconds: rotate > 0 ? Math.min(ROTATE_SECONDS_MAX, Math.max(ROTATE_SECONDS_MIN, rotate)) : null,
    theme: theme ?? 'wall',
  };
}

/** The rotation goes round: it may begin with any of them. */
function startingWith(first: string, boards: string[]): string[] {
  const at = boards.indexOf(first);
  return [...boards.slice(at), ...boards.slice(0, at)];
}

/** Says only what differs from what a screen does by itself. */
export function writeWallAddress(address: WallAddress): { path: string; query: Record<string, string> } {
  const [first = DEFAULT_BOARD, ...others] = address.boards;
  const query: Record<string, string> = {};
  if (address.scale !== 1) query['scale'] = String(address.scale);
  if (address.rotateSeconds !== null) query['rotate'] = String(address.rotateSeconds);
  if (others.length > 0) query['boards'] = address.boards.join(',');
  if (address.theme !== 'wall') query['theme'] = address.theme;
  return { path: `/wall/${encodeURIComponent(first)}`, query };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
