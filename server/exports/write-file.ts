/** Turns a whole answer into one file, with pieces in flight bounded, so that a long answer costs no memory. */
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { ExportFormat } from '../http/contract/exports.ts';
import type { Column } from './cell-kinds.ts';
import type { FileWork, FromFile, ToFile } from './file-thread.ts';
import { DoesNotFit, type FileAbout } from './files/answer-file.ts';

/** Pieces the thread has not taken yet. */
const IN_FLIGHT_MAX = 3;
const THREAD_MEMORY_MIB_MAX = 512;

export type Written = { rows: number; bytes: number; sha256: string };

/** The engine's format whose pieces a file of a format is made of. */
export const wireOf = (format: ExportFormat): 'ArrowStream' | 'JSONCompactEachRow' =>
  format === 'arrow' ? 'ArrowStream' : 'JSONCompactEachRow';

/**
 * Whole, or there is no file at `path`.
 * @param pieces what the engine answered in the format of `wireOf`
 * @throws DoesNotFit what the format or the limit cannot hold; whatever `pieces` throws
 */
export async function writeFile(deps: {
  path: string;
  format: ExportFormat;
  columns: readonly Column[];
  pieces: AsyncIterable<Uint8Array>;
  bytesMax: number;
  /** Nothing is waited for once it is aborted, whatever `pieces` does. */
  signal?: AbortSignal;
  /** What the file says of itself, asked for when the last row is written. */
  about: (rows: number) => FileAbout;
  onProgress?: (rows: number, bytes: number) => void;
}): Promise<Written> {
  const { path, format, columns, bytesMax } = deps;
  const work: FileWork = { path, format, columns, bytesMax };
  const worker = new Worker(new URL('./file-thread.ts', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MIB_MAX },
  });
  let inFlight = 0;
  let rows = 0;
  let taken = Promise.withResolvers<void>();
  const done = Promise.withResolvers<Written>();
  const failed = (error: Error) => {
    done.reject(error);
    taken.resolve();
  };
  let failure: Error | undefined;
  done.promise.catch((error: Error) => {
    failure = error;
  });
  worker.on('message', (message: FromFile) => {
    if ('refused' in message) failed(new DoesNotFit(message.refused));
    else if ('done' in message) done.resolve(message.done);
    else {
      inFlight -= 1;
      rows = message.taken.rows;
      deps.onProgress?.(rows, message.taken.bytes);
      taken.resolve();
      taken = Promise.withResolvers();
    }
  });
  worker.once('error', failed);
  worker.once('exit', () => failed(new Error('the thread that wrote the file ended early')));
  const send = (message: ToFile, transfer: ArrayBuffer[] = []) => worker.postMessage(message, transfer);
  try {
    // One piece is asked for ahead, and an abort ends the wait for it.
    const pieces = Readable.from(deps.pieces, { objectMode: true, highWaterMark: 1, signal: deps.signal });
    for await (const piece of pieces as AsyncIterable<Uint8Array>) {
      while (inFlight >= IN_FLIGHT_MAX && failure === undefined) await taken.promise;
      if (failure !== undefined) throw failure;
      inFlight += 1;
      const own = new Uint8Array(piece);
      send({ piece: own }, [own.buffer]);
    }
    while (inFlight > 0 && failure === undefined) await taken.promise;
    send({ end: deps.about(rows) });
    return await done.promise;
  } catch (error) {
    await worker.terminate();
    await rm(path, { force: true });
    throw error;
  } finally {
    await worker.terminate();
  }
}
