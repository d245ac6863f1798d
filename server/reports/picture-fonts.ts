/** Inter as the drawer of pictures can read it: it knows no WOFF, which is TrueType with packed tables (W3C WOFF 1.0). */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';

const parts = ['latin-400', 'latin-600', 'latin-ext-400', 'latin-ext-600', 'cyrillic-400', 'greek-400'];
const HEADER = 44;
const ENTRY = 20;

/** Writes them into a folder once. @returns their paths */
export function pictureFonts(folder: string): string[] {
  const from = join(dirname(createRequire(import.meta.url).resolve('@fontsource/inter/package.json')), 'files');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return parts.map((part) => {
    const path = join(folder, `inter-${part}.ttf`);
    if (!existsSync(path)) writeFileSync(path, unpackWoff(readFileSync(join(from, `inter-${part}-normal.woff`))));
    return path;
  });
}

export function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12);
  const power = 2 ** Math.floor(Math.log2(count));
  const head = Buffer.alloc(12 + 16 * count);
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (count - power), 10);
  const pieces: Buffer[] = [head];
  let offset = head.length;
  for (let table = 0; table < count; table++) {
    const entry = HEADER + ENTRY * table;
    const [at, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field)) as [
      number,
      number,
      number,
    ];
    const bytes = woff.subarray(at, at + packed);
    const data = packed < length ? inflateSync(bytes) : bytes;
    const to = 12 + 16 * table;
    woff.copy(head, to, entry, entry + 4);
    woff.copy(head, to + 4, entry + 16, entry + 20);
    head.writeUInt32BE(offset, to + 8);
    head.writeUInt32BE(length, to + 12);
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    pieces.push(data, padding);
    offset += data.length + padding.length;
  }
  return Buffer.concat(pieces);
}
