/** A second set of names for the files of a data directory: a picture of one moment that costs no space. */
import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

export type LinkedSnapshot = { parts: number; files: number; ms: number };

/** A part that was dropped while it was linked makes its table be read again. */
const ATTEMPTS_MAX = 5;
const PART = /^(?!tmp|delete)[^.]+_\d+_\d+_\d+(_\d+)?$/;

/**
 * Links `dataDir` into `target`, which must lie on the same file system. Files of parts never change and are linked. All
 * else is small and may be written in place, so it is copied. The logs of what was inserted twice are left out: an engine
 * that opens them appends to them, and through a link that would be the log of the engine that writes.
 *
 * Whoever calls it sees to it that nothing is inserted meanwhile: one insert goes into many tables.
 */
export function linkSnapshot(dataDir: string, target: string): LinkedSnapshot {
  const startedAt = performance.now();
  const count = { parts: 0, files: 0 };
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const name of ['metadata', 'data']) copyTree(join(dataDir, name), join(target, name));
  mkdirSync(join(target, 'store'));
  for (const prefix of readdirSync(join(dataDir, 'store'))) {
    mkdirSync(join(target, 'store', prefix));
    for (const uuid of readdirSync(join(dataDir, 'store', prefix))) {
      linkTable(join(dataDir, 'store', prefix, uuid), join(target, 'store', prefix, uuid), count);
    }
  }
  return { ...count, ms: performance.now() - startedAt };
}

function linkTable(from: string, to: string, count: { parts: number; files: number }): void {
  for (let attempt = 1; ; attempt++) {
    const before = { ...count };
    try {
      mkdirSync(to);
      for (const entry of readdirSync(from, { withFileTypes: true })) {
        const [source, copy] = [join(from, entry.name), join(to, entry.name)];
        if (entry.isFile()) copyFileSync(source, copy);
        else if (entry.name === 'detached') mkdirSync(copy);
        else if (PART.test(entry.name)) {
          count.parts += 1;
          linkFolder(source, copy, count);
        }
      }
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === ATTEMPTS_MAX) throw error;
      rmSync(to, { recursive: true, force: true });
      Object.assign(count, before);
    }
  }
}

/** A part, with its projections. */
function linkFolder(from: string, to: string, count: { files: number }): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, copy, count);
    else {
      linkSync(source, copy);
      count.files += 1;
    }
  }
}

function copyTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else if (entry.isDirectory()) copyTree(source, copy);
    else copyFileSync(source, copy);
  }
}
