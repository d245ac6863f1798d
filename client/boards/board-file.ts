/** A board as a file on somebody's computer. */
import { readBoardFile, writeBoardFile } from '../../server/http/contract/board-file.ts';
import type { BoardBody } from '../../server/http/contract/boards.ts';

/** `On time, Berlin` becomes `on-time-berlin.board.json`. */
export function boardFileName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return `${plain || 'board'}.board.json`;
}

export function exportBoard(name: string, body: BoardBody): void {
  const address = URL.createObjectURL(new Blob([writeBoardFile(name, body)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = boardFileName(name);
  link.click();
  URL.revokeObjectURL(address);
}

/** A board of 24 tiles has about 6 kB. */
const FILE_BYTES_MAX = 200_000;

export async function importBoard(file: File, kpis: ReadonlySet<string>): Promise<ReturnType<typeof readBoardFile>> {
  if (file.size > FILE_BYTES_MAX) return { problems: ['The file is too large to be a board.'] };
  return readBoardFile(await file.text(), kpis);
}
