/** What the routes of exceptions ask for. */
import { lastOfException } from '../../analytics/clickhouse/queries/exception-changes.ts';
import type { WorkedOnMany } from '../http/contract/exceptions.ts';
import type { ExceptionsModel } from '../http/read-model.ts';
import type { Mirror } from '../live/mirror.ts';
import { exceptionRow } from '../live/views/exceptions.ts';
import type { Runtime } from '../runtime.ts';
import { explainException } from '../signals/explain-exception.ts';
import { MovedMeanwhile, type Task, workOn, workOnAll } from './exception-work.ts';
import {
  findException,
  readExceptionCatalog,
  readExceptionChanges,
  readExceptions,
  viewOfException,
} from './exceptions.ts';
import { readOverException } from './over-exception.ts';

export function createExceptionsModel(runtime: Runtime, mirror: Mirror): ExceptionsModel {
  const named = (name: string) => findException(mirror, name);
  const numberOfOver = async (name: string) => (await lastOfException(runtime.history, name))?.number ?? '';
  return {
    page: (query) => readExceptions(mirror, query),
    catalog: () => readExceptionCatalog(mirror),
    async one(name) {
      const known = named(name);
      return known === undefined ? readOverException(runtime, mirror, name) : viewOfException(mirror, known);
    },
    async changes(name, query) {
      const number = named(name)?.id || (name.includes(':') ? await numberOfOver(name) : name);
      return number === '' ? null : readExceptionChanges(runtime.history, number, query);
    },
    explanation: (name, asker, signal) => explainException({ runtime, mirror }, name, asker, signal),
    async work(name, action, said, by) {
      const known = named(name);
      if (known === undefined) return null;
      const { exception, applied } = await workOn(runtime, known, { action, said, by, now: mirror.now() });
      return { row: exceptionRow(exception), applied };
    },
    async workOnMany({ action, exceptions, command, ...said }, by) {
      const now = mirror.now();
      const found = exceptions.map(({ id, version }) => ({ id, version, known: named(id) }));
      const tasks = found.flatMap(({ known, version }): Task[] =>
        known === undefined ? [] : [{ known, asked: { action, said: { ...said, version }, by, now, command } }],
      );
      const outcomes = (await workOnAll(runtime, tasks)).values();
      const items = found.map(({ id, known }): WorkedOnMany['items'][number] => {
        if (known === undefined) return { id, outcome: 'refused', reason: 'There is no such open exception.' };
        const outcome = outcomes.next().value!;
        if (outcome instanceof Error) {
          const stands = outcome instanceof MovedMeanwhile ? outcome.now : known;
          const row = stands?.id === id ? { exception: exceptionRow(stands) } : {};
          return { id, outcome: 'refused', reason: outcome.message, ...row };
        }
        const { exception, applied } = outcome;
        return { id, outcome: applied ? 'applied' : 'stored', exception: exceptionRow(exception) };
      });
      return { items };
    },
  };
}
