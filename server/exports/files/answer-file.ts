/** A file that grows piece by piece, in constant memory. What it cannot hold whole, it refuses. */
import type { ExportManifest } from '../../http/contract/exports.ts';
import type { Cell, Column } from '../cell-kinds.ts';

/** Where bytes go; what is written is hashed and counted there. */
export type Sink = { write(bytes: Uint8Array | string): void };

/** Known when the file is begun; `rows` and `endedAt` follow at its end. */
export type FileAbout = Omit<ExportManifest, 'sha256' | 'bytes' | 'problem' | 'state'>;

/** The words are for the person who asked: what does not fit, and what to do instead. */
export class DoesNotFit extends Error {}

export type RowFile = {
  /** May be waited for: then the writer is behind. */
  rows(rows: readonly (readonly Cell[])[]): void | Promise<void>;
  end(about: FileAbout): void | Promise<void>;
};
export type OpenRowFile = (sink: Sink, columns: readonly Column[]) => RowFile;
