/** A text of SQL in the colours of the editor, for as long as nobody means to change it. Rough, and quick. Pure. */
import { keywords } from './completions.ts';
import { wordsOf } from './sql-text.ts';

export type Piece = { text: string; look: 'keyword' | 'string' | 'number' | 'parameter' | 'plain' };
const known = new Set([...keywords, 'WITH', 'INTERVAL', 'SETTINGS'].map((word) => word.toLowerCase()));

/** Line by line; a piece never holds the end of a line. */
export function earlyLines(sql: string): Piece[][] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { text, kind, from, to } of wordsOf(sql)) {
    pieces.push({ text: sql.slice(at, from), look: 'plain' });
    const look =
      kind === 'word' ? (known.has(text.toLowerCase()) ? 'keyword' : 'plain') : kind === 'sign' ? 'plain' : kind;
    pieces.push({ text: sql.slice(from, to), look });
    at = to;
  }
  pieces.push({ text: sql.slice(at), look: 'plain' });
  const lines: Piece[][] = [[]];
  for (const { text, look } of pieces) {
    text.split('\n').forEach((part, index) => {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)!.push({ text: part, look });
    });
  }
  return lines;
}
