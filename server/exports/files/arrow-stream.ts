/**
 * Joins Arrow streams of one schema into one. The embedded engine makes a whole stream of every piece it hands over; a
 * server sends a single one. A stream is messages: `FFFFFFFF`, length, metadata, body, and an end of length 0
 * (Arrow columnar format, "Encapsulated message format").
 */
import type { Sink } from './answer-file.ts';

const CONTINUES = 0xffffffff;
const SCHEMA = 1;
const RECORD_BATCH = 3;
/** A message of the engine holds at most some 65,000 rows. */
const MESSAGE_BYTES_MAX = 512 * 1024 * 1024;
const END = Buffer.from('ffffffff00000000', 'hex');

export function openArrowFile(sink: Sink) {
  let waiting: Buffer = Buffer.alloc(0);
  let schema: Buffer | undefined;
  let rows = 0;

  /** @returns the bytes the message takes, or 0 while some of them are missing */
  function takeMessage(bytes: Buffer): number {
    if (bytes.length < 8) return 0;
    if (bytes.readUInt32LE(0) !== CONTINUES) throw new Error('the engine did not answer with an Arrow stream');
    const length = bytes.readUInt32LE(4);
    if (length === 0) return 8;
    if (bytes.length < 8 + length) return 0;
    const metadata = bytes.subarray(8, 8 + length);
    const { kind, bodyLength, batchRows } = describeMessage(metadata);
    const whole = 8 + length + bodyLength;
    if (whole > MESSAGE_BYTES_MAX) throw new Error('a message of the Arrow stream is too large');
    if (bytes.length < whole) return 0;
    if (kind === SCHEMA) {
      if (schema === undefined) {
        schema = Buffer.from(metadata);
        sink.write(bytes.subarray(0, whole));
      } else if (!schema.equals(metadata)) throw new Error('the columns changed within the answer');
      return whole;
    }
    sink.write(bytes.subarray(0, whole));
    rows += batchRows;
    return whole;
  }

  return {
    piece(bytes: Uint8Array): void {
      waiting =
        waiting.length === 0
          ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
          : Buffer.concat([waiting, bytes]);
      for (let taken = takeMessage(waiting); taken > 0; taken = takeMessage(waiting)) waiting = waiting.subarray(taken);
    },
    rows: () => rows,
    end(): void {
      if (waiting.length > 0) throw new Error('the Arrow stream ended within a message');
      if (schema === undefined) throw new Error('the engine sent no Arrow stream');
      sink.write(END);
    },
  };
}

/** Reads the flatbuffer of a message as far as needed: table Message { version, header_type, header, bodyLength }. */
function describeMessage(metadata: Buffer): { kind: number; bodyLength: number; batchRows: number } {
  const message = metadata.readUInt32LE(0);
  const field = (table: number, index: number): number | null => {
    const vtable = table - metadata.readInt32LE(table);
    const at = 4 + 2 * index;
    if (at >= metadata.readUInt16LE(vtable)) return null;
    const offset = metadata.readUInt16LE(vtable + at);
    return offset === 0 ? null : table + offset;
  };
  const kindAt = field(message, 1);
  const headerAt = field(message, 2);
  const lengthAt = field(message, 3);
  const kind = kindAt === null ? 0 : metadata.readUInt8(kindAt);
  const bodyLength = lengthAt === null ? 0 : Number(metadata.readBigInt64LE(lengthAt));
  if (kind !== RECORD_BATCH || headerAt === null) return { kind, bodyLength, batchRows: 0 };
  const header = headerAt + metadata.readUInt32LE(headerAt);
  const rowsAt = field(header, 0);
  return { kind, bodyLength, batchRows: rowsAt === null ? 0 : Number(metadata.readBigInt64LE(rowsAt)) };
}
