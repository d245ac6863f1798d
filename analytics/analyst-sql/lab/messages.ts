/** What a lab is told, one line of JSON each, and what it answers, in frames of a type, a length and that many bytes. */

export type LabQuestion = {
  /** Begins its text in the engine, so that it can be found and killed. */
  id: number;
  sql: string;
  /** Of the engine; `null`: rows of JSON objects, built first. For what is no SELECT. */
  format: string | null;
};
export type LabCommand = { ask: LabQuestion } | { kill: number };

export type LabProgress = {
  rowsRead: number;
  bytesRead: number;
  /** As far as the engine can tell; 0: it cannot. */
  rowsToRead: number;
  memoryBytes: number;
  residentBytes: number;
};
export type LabEnd = { id: number; error: { code: number; type: string; message: string } | null };

export type Frame =
  | { type: 'ready' }
  | { type: 'data'; bytes: Buffer }
  | { type: 'progress'; progress: LabProgress }
  | { type: 'end'; end: LabEnd };

const HEADER_BYTES = 5;
/** The reader takes no longer frame for true. A lab sends pieces of 64 KiB. */
const FRAME_BYTES_MAX = 64 * 1024 * 1024;
const types = ['ready', 'data', 'progress', 'end'] as const;

export function writeFrame(type: Frame['type'], body: Uint8Array): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(types.indexOf(type), 0);
  header.writeUInt32LE(body.length, 1);
  return Buffer.concat([header, body]);
}

export const writeJsonFrame = (type: Frame['type'], value: unknown): Buffer =>
  writeFrame(type, Buffer.from(JSON.stringify(value)));

/** Pieces of any size in, whole frames out. @throws when the bytes are no frames: then the lab is not to be trusted */
export function createFrameReader(): (piece: Buffer) => Frame[] {
  let kept: Buffer = Buffer.alloc(0);
  return (piece) => {
    kept = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
    const frames: Frame[] = [];
    let at = 0;
    while (kept.length - at >= HEADER_BYTES) {
      const type = types[kept.readUInt8(at)];
      const bytes = kept.readUInt32LE(at + 1);
      if (type === undefined || bytes > FRAME_BYTES_MAX) throw new Error('the lab does not speak our language');
      if (kept.length - at - HEADER_BYTES < bytes) break;
      const body = kept.subarray(at + HEADER_BYTES, at + HEADER_BYTES + bytes);
      at += HEADER_BYTES + bytes;
      if (type === 'ready') frames.push({ type });
      else if (type === 'data') frames.push({ type, bytes: body });
      else if (type === 'progress') frames.push({ type, progress: JSON.parse(body.toString()) });
      else frames.push({ type, end: JSON.parse(body.toString()) });
    }
    kept = kept.subarray(at);
    return frames;
  };
}
