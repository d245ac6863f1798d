/** What the routes of exceptions ask for. */
import type { ExceptionsModel } from '../http/read-model.ts';
import type { Mirror } from '../live/mirror.ts';
import { exceptionRow } from '../live/views/exceptions.ts';
import type { Runtime } from '../runtime.ts';
import { workOn } from './exception-work.ts';
import {
  findException,
  readExceptionCatalog,
  readExceptionChanges,
  readExceptions,
  viewOfException,
} from './exceptions.ts';

export function createExceptionsModel(runtime: Runtime, mirror: Mirror): ExceptionsModel {
  const named = (name: string) => findException(mirror, name);
  return {
    page: (query) => readExceptions(mirror, query),
    catalog: () => readExceptionCatalog(mirror),
    one: (name) => {
      const known = named(name);
      return known === undefined ? null : viewOfException(mirror, known);
    },
    changes: (name, query) => readExceptionChanges(runtime.history, named(name)?.id || name, query),
    async work(name, action, said, by) {
      const known = named(name);
      if (known === undefined) return null;
      const { exception, applied } = await workOn(runtime, known, { action, said, by, now: mirror.now() });
      return { row: exceptionRow(exception), applied };
    },
  };
}
