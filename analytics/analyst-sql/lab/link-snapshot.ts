/** A second set of names for the files of a data directory: a picture of one moment that costs no space. */
import { execFile } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * `hard`: a second name for each file, which the reader may even remove. `soft`: a pointer to each part, for readers that cannot
 * write where it leads; the engine keeps parts it has merged for eight minutes. Thousands of new names on the disk keep those
 * waiting who flush to it what they were sent.
 */
export const linkings = ['hard', 'soft'] as const;
export type Linking = (typeof linkings)[number];
/** `pointsTo`: the folder that pointers lead into; null without any. */
export type LinkedSnapshot = { parts: number; files: number; ms: number; pointsTo: string | null };

/** Each reading of a table again is shorter than the one before. */
const ATTEMPTS_MAX = 50;
const PART = /^(?!tmp|delete)[^.]+_\d+_\d+_\d+(_\d+)?$/;

/**
 * Links `dataDir` into `target`, which must lie on the same file system. Files of parts never change and are linked. All
 * else is small and may be written in place, so it is copied. The logs of what was inserted twice are left out: an engine
 * that opens them appends to them, and through a link that would be the log of the engine that writes.
 *
 * Whoever calls it sees to it that nothing is inserted meanwhile: one insert goes into many tables.
 */
export function linkSnapshot(dataDir: string, target: string, linking: Linking): LinkedSnapshot {
  const startedAt = performance.now();
  const count = { parts: 0, files: 0 };
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const name of ['metadata', 'data']) copyTree(join(dataDir, name), join(target, name));
  mkdirSync(join(target, 'store'));
  for (const prefix of readdirSync(join(dataDir, 'store'))) {
    mkdirSync(join(target, 'store', prefix));
    for (const uuid of readdirSync(join(dataDir, 'store', prefix))) {
      const [from, to] = [join(dataDir, 'store', prefix, uuid), join(target, 'store', prefix, uuid)];
      if (linking === 'hard') linkTable(from, to, count);
      else pointToTable(from, to, count);
    }
  }
  const pointsTo = linking === 'soft' ? join(dataDir, 'store') : null;
  return { ...count, ms: performance.now() - startedAt, pointsTo };
}

/** By a process of its own: thousands of names, one by one, would keep those waiting who take in events. */
export async function removeGently(path: string): Promise<void> {
  await promisify(execFile)('nice', ['-n', '19', 'rm', '-rf', '--', path]).catch(() =>
    rm(path, { recursive: true, force: true }),
  );
}

/**
 * A part that is merged away while it is linked is left out, and the table read again for the part that took its place. What
 * was linked stays: the engine knows by their names which parts are covered by others.
 */
function linkTable(from: string, to: string, count: { parts: number; files: number }): void {
  const linked = new Set<string>();
  mkdirSync(to);
  for (let attempt = 1; ; attempt++) {
    let vanished: unknown;
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      if (linked.has(entry.name)) continue;
      const [source, copy] = [join(from, entry.name), join(to, entry.name)];
      try {
        if (entry.isFile()) copyFileSync(source, copy);
        else if (entry.name === 'detached') mkdirSync(copy);
        else if (PART.test(entry.name)) {
          linkFolder(source, copy, count);
          count.parts += 1;
        }
        linked.add(entry.name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        rmSync(copy, { recursive: true, force: true });
        vanished = error;
      }
    }
    if (vanished === undefined) return;
    if (attempt === ATTEMPTS_MAX) throw vanished;
  }
}

/** Parts that others cover are left out: they may be gone before the reader has looked at them. */
function pointToTable(from: string, to: string, count: { parts: number }): void {
  mkdirSync(to);
  const entries = readdirSync(from, { withFileTypes: true });
  for (const entry of entries) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isFile()) copyIfThere(source, copy);
    else if (entry.name === 'detached') mkdirSync(copy);
  }
  for (const part of uncovered(entries.map(({ name }) => name).filter((name) => PART.test(name)))) {
    symlinkSync(join(from, part), join(to, part));
    count.parts += 1;
  }
}

function copyIfThere(source: string, copy: string): void {
  try {
    copyFileSync(source, copy);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Names are `<partition>_<first block>_<last block>_<level>[_<mutation>]`. */
export function uncovered(names: readonly string[]): string[] {
  const parts = names.map((name) => {
    const [partition, ...numbers] = name.split('_') as [string, ...string[]];
    const [first = 0, last = 0, level = 0, mutation = 0] = numbers.map(Number);
    return { name, partition, first, last, level, mutation };
  });
  const widest = parts.toSorted(
    (a, b) => a.first - b.first || b.last - a.last || b.level - a.level || b.mutation - a.mutation,
  );
  const reached = new Map<string, number>();
  return widest.flatMap(({ name, partition, last }) => {
    if (last <= (reached.get(partition) ?? -1)) return [];
    reached.set(partition, last);
    return [name];
  });
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
