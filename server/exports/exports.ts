/** Files of whole answers: asked for, made one after the other, kept for a while, and only their owner's. */
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Keys } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Audit } from '../access/audit.ts';
import type { ExportManifest, ExportRequest } from '../http/contract/exports.ts';
import { fileName } from './file-name.ts';
import { DoesNotFit } from './files/answer-file.ts';
import { ALIVE_EVERY_MS, isUnfinished, type KeptExport, openKeptExports } from './kept-exports.ts';
import { type ExportLimits, exportLimits } from './limits.ts';
import { makeFile, pathOf, removeFile } from './make-file.ts';
import { openPlaces } from './places.ts';
import { type AnswerWhole, type Asker, CannotAnswer } from './whole.ts';

const TIDY_EVERY_MS = 10 * 60_000;
const STRAY_MS_MIN = 3_600_000;
const SQL_IN_AUDIT_MAX = 2_000;

export type Exports = ReturnType<typeof openExports>;
type Fields = Record<string, unknown>;

export function openExports(deps: {
  redis: Redis;
  keys: Keys;
  audit: Audit;
  /** Of the data folder, so that every process that shares it can hand out the files. */
  folder: string;
  answer: AnswerWhole;
  logger: { warn(fields: Fields, words: string): void };
  now: () => number;
  limits?: Partial<ExportLimits>;
}) {
  const { redis, keys, audit, folder, now, logger } = deps;
  const limits = { ...exportLimits, ...deps.limits };
  const kept = openKeptExports(redis, keys, now);
  const unfinished = new Map<string, { abort: AbortController; ended: Promise<void> }>();
  const places = openPlaces(limits.atOnceMax);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const tidying = setInterval(() => void tidy().catch(warn), TIDY_EVERY_MS);
  void tidy().catch(warn);

  function warn(error: unknown): void {
    logger.warn({ reason: String(error) }, 'exports were not tidied');
  }

  const mine = ({ id, role }: Asker, { owner }: KeptExport) => owner === id || role === 'admin';

  /** @returns null when this person has as many unfinished ones as there may be */
  async function start(request: ExportRequest, by: Asker): Promise<ExportManifest | null> {
    const own = (await kept.list()).filter(({ owner }) => owner === by.id);
    if (own.filter(({ manifest }) => isUnfinished(manifest)).length >= limits.unfinishedPerPersonMax) return null;
    const { of, format, name } = request;
    const asked = of.kind === 'sql' ? of.question : { sql: '', parameters: {} };
    const manifest: ExportManifest = {
      id: randomUUID(),
      name,
      file: fileName(name, format),
      format,
      state: 'waiting',
      sql: asked.sql,
      parameters: asked.parameters,
      askedBy: by.name,
      askedAt: now(),
      endedAt: null,
      rows: 0,
      bytes: 0,
      sha256: null,
      columns: [],
      dataAsOf: null,
      eventsBehind: 0,
      problem: null,
    };
    const words = of.kind === 'sql' ? of.question.sql : JSON.stringify(of.question);
    await audit.record(by.name, 'export.asked', { id: manifest.id, format, of: words.slice(0, SQL_IN_AUDIT_MAX) });
    await kept.keep({ manifest, owner: by.id, aliveAt: now() });
    const abort = new AbortController();
    const ended = work(request, by, manifest, abort).catch((error: unknown) =>
      logger.warn({ reason: String(error), export: manifest.id }, 'an export could not be noted'),
    );
    unfinished.set(manifest.id, { abort, ended });
    return manifest;
  }

  async function work(request: ExportRequest, by: Asker, asked: ExportManifest, abort: AbortController): Promise<void> {
    let manifest = asked;
    let hasPlace = false;
    const note = (change: Partial<ExportManifest>) => {
      manifest = { ...manifest, ...change };
      return kept.keep({ manifest, owner: by.id, aliveAt: now() });
    };
    const look = async () => {
      if (await kept.isCancelled(asked.id)) abort.abort();
      await note({});
    };
    const alive = setInterval(() => void look().catch(() => undefined), ALIVE_EVERY_MS);
    const late = setTimeout(() => abort.abort(new CannotAnswer(tooLong(limits.takesMsMax))), limits.takesMsMax);
    try {
      await places.take(abort.signal);
      hasPlace = true;
      await note({ state: 'running' });
      const made = await makeFile({
        folder,
        of: request.of,
        format: request.format,
        by,
        manifest,
        bytesMax: limits.fileBytesMax,
        answer: deps.answer,
        signal: abort.signal,
        onProgress: (rows, bytes) => {
          manifest = { ...manifest, rows, bytes };
        },
        now,
      });
      clearInterval(alive);
      await audit.record(by.name, 'export.made', {
        id: asked.id,
        rows: made.rows,
        bytes: made.bytes,
        sha256: made.sha256 ?? '',
      });
      await note({ ...made, state: 'done' });
    } catch (error) {
      clearInterval(alive);
      await removeFile(folder, asked.id, request.format);
      const isCancelled = abort.signal.aborted && !(abort.signal.reason instanceof CannotAnswer);
      const problem = isCancelled ? 'It was cancelled.' : reasonOf(abort.signal.aborted ? abort.signal.reason : error);
      if (problem === OUR_FAULT) logger.warn({ reason: String(error), export: asked.id }, 'an export failed');
      await note({ state: isCancelled ? 'cancelled' : 'failed', endedAt: now(), rows: 0, bytes: 0, problem });
    } finally {
      clearInterval(alive);
      clearTimeout(late);
      unfinished.delete(asked.id);
      await kept.forgetCancel(asked.id);
      if (hasPlace) places.leave();
    }
  }

  async function find(id: string, by: Asker): Promise<ExportManifest | null> {
    const found = await kept.find(id);
    return found !== null && mine(by, found) ? found.manifest : null;
  }

  /** @returns `elsewhere` when another machine has it */
  async function open(
    id: string,
    by: Asker,
  ): Promise<{ manifest: ExportManifest; bytes: Readable } | 'absent' | 'elsewhere'> {
    const manifest = await find(id, by);
    if (manifest === null || manifest.state !== 'done') return 'absent';
    const path = pathOf(folder, id, manifest.format);
    if (!existsSync(path)) return 'elsewhere';
    await audit.record(by.name, 'export.fetched', { id, rows: manifest.rows });
    return { manifest, bytes: createReadStream(path) };
  }

  async function cancel(id: string, by: Asker): Promise<ExportManifest | null> {
    const manifest = await find(id, by);
    if (manifest === null || !isUnfinished(manifest)) return manifest;
    await audit.record(by.name, 'export.cancelled', { id });
    await kept.askToCancel(id);
    const here = unfinished.get(id);
    here?.abort.abort();
    return { ...manifest, state: 'cancelled', problem: 'It was cancelled.' };
  }

  /** What is too old or too much goes, and files that nobody knows any more. */
  async function tidy(): Promise<void> {
    let bytes = 0;
    const perOwner = new Map<string, number>();
    for (const { manifest, owner } of await kept.list()) {
      if (isUnfinished(manifest)) continue;
      const own = (perOwner.get(owner) ?? 0) + 1;
      perOwner.set(owner, own);
      bytes += manifest.bytes;
      const isOld = now() - manifest.askedAt > limits.keptMs;
      if (!isOld && own <= limits.perPersonMax && bytes <= limits.allBytesMax) continue;
      bytes -= manifest.bytes;
      await removeFile(folder, manifest.id, manifest.format);
      await kept.remove(manifest.id);
    }
    const known = new Set((await kept.list()).map(({ manifest }) => manifest.id));
    for (const name of await readdir(folder)) {
      if (known.has(name.split('.')[0]!)) continue;
      const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: now() }));
      if (now() - mtimeMs > STRAY_MS_MIN) await rm(join(folder, name), { force: true });
    }
  }

  return {
    start,
    find,
    open,
    cancel,
    tidy,
    /** One's own, newest first. */
    list: async (by: Asker) =>
      (await kept.list()).filter(({ owner }) => owner === by.id).map(({ manifest }) => manifest),
    async stop() {
      clearInterval(tidying);
      const all = [...unfinished.values()];
      for (const { abort } of all) abort.abort(new CannotAnswer('The server was stopped. Export it again.'));
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

const OUR_FAULT = 'Something went wrong on our side.';
const tooLong = (ms: number) => `It took longer than ${ms / 60_000} minutes, the limit of an export. Ask for less.`;

/** What of an error is for the person who asked. */
function reasonOf(error: unknown): string {
  if (error instanceof DoesNotFit || error instanceof CannotAnswer) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOSPC' ? 'The disk of the server is full.' : OUR_FAULT;
}
