/** One export from question to file: asked whole, written beside its manifest, or nothing is left of it. */
import { rm, writeFile as writeText } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportFormat, ExportManifest, ExportSubject } from '../http/contract/exports.ts';
import type { AnswerWhole, Asker } from './whole.ts';
import { wireOf, writeFile } from './write-file.ts';

export type MadeFile = Pick<
  ExportManifest,
  'rows' | 'bytes' | 'sha256' | 'columns' | 'dataAsOf' | 'eventsBehind' | 'sql' | 'parameters' | 'endedAt'
>;

export async function makeFile(deps: {
  folder: string;
  of: ExportSubject;
  format: ExportFormat;
  by: Asker;
  /** What is known of it so far. */
  manifest: ExportManifest;
  bytesMax: number;
  answer: AnswerWhole;
  signal: AbortSignal;
  onProgress: (rows: number, bytes: number) => void;
  now: () => number;
}): Promise<MadeFile> {
  const { folder, format, manifest, signal } = deps;
  const whole = await deps.answer(deps.of, deps.by, wireOf(format), signal);
  const { sql, parameters, dataAsOf, eventsBehind } = whole;
  const columns = [...whole.columns];
  const path = pathOf(folder, manifest.id, format);
  const told = { sql, parameters, columns, dataAsOf, eventsBehind };
  const written = await writeFile({
    path,
    format,
    columns,
    pieces: whole.pieces,
    bytesMax: deps.bytesMax,
    signal,
    about: (rows) => ({ ...manifest, ...told, rows, endedAt: deps.now() }),
    onProgress: deps.onProgress,
  });
  const made: MadeFile = { ...told, ...written, endedAt: deps.now() };
  const beside: ExportManifest = { ...manifest, ...made, state: 'done' };
  await writeText(manifestPathOf(folder, manifest.id), `${JSON.stringify(beside, null, 2)}\n`, { mode: 0o600 });
  return made;
}

export const pathOf = (folder: string, id: string, format: ExportFormat) => join(folder, `${id}.${format}`);
export const manifestPathOf = (folder: string, id: string) => join(folder, `${id}.manifest.json`);

export async function removeFile(folder: string, id: string, format: ExportFormat): Promise<void> {
  await rm(pathOf(folder, id, format), { force: true });
  await rm(manifestPathOf(folder, id), { force: true });
}
