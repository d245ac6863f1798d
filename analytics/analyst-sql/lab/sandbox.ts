/** The command that starts a lab, with as much shut around it as this machine allows. */
import { execFile } from 'node:child_process';
import { accessSync, constants, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectDir = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const entry = fileURLToPath(new URL('./lab.ts', import.meta.url));
const script = fileURLToPath(new URL('./sandbox.sh', import.meta.url));
/** Node, the engine's code and its threads, beside what a question may take. */
const OWN_BYTES = 1_000_000_000;
const WRITTEN_BYTES_MAX = 64 * 1024 * 1024;
const NAMESPACES = ['user', 'net', 'mount', 'pid', 'ipc', 'uts', 'cgroup'].map((name) => `--${name}`);
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** `sandbox`: no network, no files but its own, nothing written to a disk. `bare`: an ordinary process. */
export type Isolation = 'sandbox' | 'bare';

export type LabPlace = {
  snapshot: string;
  /** What the snapshot points into, to be read only; null when it holds everything itself. */
  pointsTo: string | null;
  config: string;
  database: string;
  /** An empty folder for this lab alone. */
  room: string;
  memoryBytesMax: number;
  /** 0 as everybody else, 19 only when nobody else wants to. */
  niceness: number;
};

/** @returns what to run, and what of it this machine does not have */
export function labCommand(place: LabPlace, isolation: Isolation, node: string): { line: string[]; lacks: string[] } {
  const lacks: string[] = [];
  const prefix = (name: string, args: string[], without: string): string[] => {
    const path = programPath(name);
    if (path === undefined) lacks.push(without);
    return path === undefined ? [] : [path, ...args];
  };
  const gentle = [
    ...prefix('ionice', ['-c', '2', '-n', '7'], 'a low priority at the disk'),
    ...prefix(
      'prlimit',
      [`--data=${place.memoryBytesMax + OWN_BYTES}`, '--core=0', '--nofile=8192'],
      'a bound on memory by the kernel',
    ),
  ];
  const { snapshot, config, database } = place;
  const run = ['--no-warnings', entry, '--path', snapshot, '--config', config, '--database', database];
  if (isolation === 'bare') {
    lacks.push('a network and a file system of its own');
    return { line: [...gentle, node, ...run, '--pipe', join(place.room, 'answers')], lacks };
  }
  const unshare = [...NAMESPACES, '--map-root-user', '--fork', '--kill-child=KILL', '/bin/sh', script];
  const world = [place.room, snapshot, place.pointsTo ?? '', node, projectDir, String(WRITTEN_BYTES_MAX)];
  return { line: [...gentle, programPath('unshare') ?? 'unshare', ...unshare, ...world, ...run], lacks };
}

/** Lets others go first, from the first moment on: an engine that comes up works as hard as one that answers. */
export function putBack(group: number, niceness: number): void {
  try {
    // Where sessions are groups of the scheduler, the niceness of a process counts only within its own.
    writeFileSync(`/proc/${group}/autogroup`, String(niceness));
  } catch {
    // There are no such groups here.
  }
  const renice = programPath('renice');
  if (renice !== undefined) execFile(renice, ['-n', String(niceness), '-g', String(group)], () => undefined);
}

/** Why no sandbox is even tried here, if so. */
export function sandboxMissing(): string | null {
  if (process.platform !== 'linux') return `it is made of Linux namespaces, and this is ${process.platform}`;
  const missing = ['unshare', 'mount', 'umount', 'setpriv', 'pivot_root', 'mkfifo'].filter(
    (name) => programPath(name) === undefined,
  );
  return missing.length === 0 ? null : `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`;
}

export function programPath(name: string): string | undefined {
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
