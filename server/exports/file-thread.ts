/** Writes one file in a thread of its own: a million rows must not keep the server from answering. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { ExportFormat } from '../http/contract/exports.ts';
import type { Cell, Column } from './cell-kinds.ts';
import { DoesNotFit, type FileAbout, type OpenRowFile, type Sink } from './files/answer-file.ts';
import { openArrowFile } from './files/arrow-stream.ts';
import { openCsvFile } from './files/csv-file.ts';
import { openJsonFile } from './files/json-file.ts';
import { openParquetFile } from './files/parquet-file.ts';
import { openXlsxFile } from './files/xlsx-file.ts';

export type FileWork = { path: string; format: ExportFormat; columns: readonly Column[]; bytesMax: number };
export type ToFile = { piece: Uint8Array } | { end: FileAbout };
export type FromFile =
  | { taken: { rows: number; bytes: number } }
  | { done: { rows: number; bytes: number; sha256: string } }
  /** In words for the person who asked. */
  | { refused: string };

const WRITE_BYTES = 256 * 1024;
const LINE_END = 10;

const openers = {
  csv: openCsvFile,
  json: openJsonFile,
  parquet: openParquetFile,
  xlsx: openXlsxFile,
} satisfies Record<Exclude<ExportFormat, 'arrow'>, OpenRowFile>;

const work = workerData as FileWork;
const port = parentPort!;
const out = openSink(work.path, work.bytesMax);
const file = work.format === 'arrow' ? openArrowFile(out.sink) : rowsOf(openers[work.format](out.sink, work.columns));
let before: Promise<void> = Promise.resolve();

port.on('message', (message: ToFile) => {
  before = before.then(() => answer(message)).catch(refuse);
});

async function answer(message: ToFile): Promise<void> {
  if ('piece' in message) {
    await file.piece(message.piece);
    port.postMessage({ taken: { rows: file.rows(), bytes: out.bytes() } } satisfies FromFile);
    return;
  }
  const rows = file.rows();
  await file.end({ ...message.end, rows });
  const { bytes, sha256 } = out.close();
  port.postMessage({ done: { rows, bytes, sha256 } } satisfies FromFile);
  port.close();
}

function refuse(error: unknown): void {
  if (!(error instanceof DoesNotFit)) throw error;
  port.postMessage({ refused: error.message } satisfies FromFile);
  port.close();
}

/** Lines of JSON, which the engine may cut anywhere. */
function rowsOf(rowFile: ReturnType<OpenRowFile>) {
  let waiting: Buffer = Buffer.alloc(0);
  let rows = 0;
  return {
    async piece(bytes: Uint8Array): Promise<void> {
      const all =
        waiting.length === 0
          ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
          : Buffer.concat([waiting, bytes]);
      const end = all.lastIndexOf(LINE_END) + 1;
      waiting = all.subarray(end);
      if (end === 0) return;
      // One parse of all lines is several times faster than one per line.
      const read = JSON.parse(`[${all.toString('utf8', 0, end - 1).replaceAll('\n', ',')}]`) as Cell[][];
      rows += read.length;
      await rowFile.rows(read);
    },
    rows: () => rows,
    async end(about: FileAbout): Promise<void> {
      if (waiting.length > 0) throw new Error('the answer ended within a row');
      await rowFile.end(about);
    },
  };
}

function openSink(path: string, bytesMax: number) {
  const to = openSync(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let parts: Buffer[] = [];
  let held = 0;
  let bytes = 0;
  const flush = () => {
    const all = Buffer.concat(parts);
    for (let at = 0; at < all.length; ) at += writeSync(to, all, at);
    hash.update(all);
    parts = [];
    held = 0;
  };
  const sink: Sink = {
    write(given) {
      const piece =
        typeof given === 'string' ? Buffer.from(given) : Buffer.from(given.buffer, given.byteOffset, given.length);
      bytes += piece.length;
      if (bytes > bytesMax) {
        const mib = Math.round(bytesMax / 1024 / 1024);
        throw new DoesNotFit(
          `The file would be larger than ${mib} MiB, the limit of an export. Ask for less, or in parts.`,
        );
      }
      parts.push(piece);
      held += piece.length;
      if (held >= WRITE_BYTES) flush();
    },
  };
  return {
    sink,
    bytes: () => bytes,
    close() {
      flush();
      closeSync(to);
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}
