import { accessSync, constants, existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { StartError } from './start-error.ts';

/**
 * Makes `path` (and its parents) a folder that only this user can enter, unless it exists already, and returns it
 * without symbolic links. Throws a StartError with the remedy when it cannot be made or written.
 */
export function preparePrivateFolder(path: string): string {
  try {
    makeFolder(resolve(path));
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(path);
  } catch (error) {
    throw new StartError(explain(path, error as NodeJS.ErrnoException));
  }
}

/** One folder after the other: on file systems that make none, such as /proc, Node's recursive way never ends. */
function makeFolder(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

function explain(path: string, error: NodeJS.ErrnoException): string {
  const elsewhere = 'choose another folder with --data-dir <folder> (or TIDELINE_DATA_DIR)';
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return `The user ${userInfo().username} may not write to ${path}. Change its owner (sudo chown -R ${userInfo().username} '${path}') or ${elsewhere}.`;
    case 'EROFS':
      return `${path} is on a read-only disk; ${elsewhere}.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} cannot be a folder because a file is in its way; remove that file or ${elsewhere}.`;
    case 'ENOSPC':
      return `The disk of ${path} is full; free some space or ${elsewhere}.`;
    default:
      return `The folder ${path} cannot be used (${error.message}); ${elsewhere}.`;
  }
}
