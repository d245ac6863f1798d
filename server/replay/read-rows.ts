/** Streams the rows of a CSV file, plain or gzipped, with their line numbers. Holds one chunk at a time. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type CsvError, parse } from 'csv-parse';
import type { Row } from './map-rows.ts';
import type { Mapping } from './mapping.ts';

/** A quote that is never closed swallows what follows; the row is given up after this much. */
const ROW_BYTES_MAX = 100_000;

export type Unreadable = { line: number; problem: string };
export type FileRows = {
  header: string[];
  rows: AsyncIterable<Row | Unreadable>;
  /** Of the file as it lies on disk, for progress. */
  bytesRead: () => number;
  bytesTotal: number;
};

/** Fails with the system's error when the file cannot be read, and when it is empty or not what its name says. */
export async function openRows(path: string, file: Mapping['file']): Promise<FileRows> {
  const bytesTotal = (await stat(path)).size;
  const input = createReadStream(path);
  const skipped: Unreadable[] = [];
  let broken: Error | null = null;
  const parser = parse({
    bom: true,
    delimiter: file.delimiter,
    quote: file.quote === '' ? false : file.quote,
    encoding: file.encoding === 'latin1' ? 'latin1' : 'utf8',
    info: true,
    relax_column_count: true,
    // A quote in the middle of a cell (a size in inches) is a character like any other.
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: ROW_BYTES_MAX,
    on_skip: (error: CsvError | undefined) => {
      const line = Number(error?.['lines'] ?? 0);
      if (error?.code === 'CSV_MAX_RECORD_SIZE' || error?.code === 'CSV_QUOTE_NOT_CLOSED') {
        broken ??= new Error(
          `a quote opened in line ${line} or before is never closed, so rows cannot be told apart; ` +
            `correct it, or set file.quote: '' if this file does not quote`,
        );
      } else skipped.push({ line, problem: error?.message ?? 'cannot be read' });
      return undefined;
    },
  });
  // Errors of any part reach the reader through the parser.
  const ignore = () => {};
  if (await isGzip(path)) pipeline(input, createGunzip(), parser, ignore);
  else pipeline(input, parser, ignore);

  const records = parser[Symbol.asyncIterator]() as AsyncIterator<{ record: string[]; info: { lines: number } }>;
  const first = await records.next();
  if (first.done) throw new Error('the file is empty');
  const rows = async function* (): AsyncGenerator<Row | Unreadable> {
    try {
      for (;;) {
        const next = await records.next();
        if (broken !== null) throw broken;
        while (skipped.length > 0) yield skipped.shift()!;
        if (next.done) return;
        yield { line: next.value.info.lines, cells: next.value.record };
      }
    } finally {
      input.destroy();
      parser.destroy();
    }
  };
  return {
    header: first.value.record.map((cell) => cell.trim()),
    rows: rows(),
    bytesRead: () => input.bytesRead,
    bytesTotal,
  };
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
