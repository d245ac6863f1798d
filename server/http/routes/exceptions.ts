/** Exceptions: reading them, and working on them. */

import { exceptionRow } from '../../live/contract.ts';
import { MovedMeanwhile, NotPossible } from '../../reading/exception-work.ts';
import {
  changesPage,
  changesQuery,
  exceptionCatalog,
  exceptionsPage,
  exceptionsQuery,
  exceptionView,
  type WorkAction,
  type WorkOnMany,
  workedOnMany,
  workOnMany,
  workRequests,
} from '../contract/exceptions.ts';
import { notFound, Refusal } from '../problems.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

const work: readonly { action: WorkAction; summary: string }[] = [
  { action: 'acknowledge', summary: 'Say that you have seen an exception and are on it.' },
  { action: 'assign', summary: 'Put a name on it; an empty one takes the name off.' },
  { action: 'start', summary: 'Begin to work on it.' },
  { action: 'comment', summary: 'Write something down for the others.' },
  { action: 'snooze', summary: 'Put it away until a time, until it is worse, or until an event comes.' },
  { action: 'wake', summary: 'End a snooze.' },
  { action: 'resolve', summary: 'Say that the work is done. It comes back when it gets worse before it is over.' },
  { action: 'dismiss', summary: 'Say that nothing is to be done about it, and why.' },
  { action: 'reopen', summary: 'Take up again what was resolved or dismissed.' },
];

const workRoute = ({ action, summary }: (typeof work)[number]): Route =>
  route({
    method: 'post',
    path: `/v1/exceptions/:id/${action}`,
    summary: `${summary} 202: stored, and applied in a moment. 409: it has moved since \`version\`.`,
    ability: 'act-on-exceptions',
    body: workRequests[action],
    status: 200,
    answer: exceptionRow,
    handle: async (deps, { params: { id = '' }, body, principal, response }) => {
      const { name: by } = principal!;
      await deps.access.audit.record(by, `exception.${action}`, { exception: id });
      const worked = await telling(deps.readModel.exceptions.work(id, action, body as Record<string, unknown>, by));
      if (worked === null) throw notFound(`An open exception "${id}"`);
      if (!worked.applied) response.status(202);
      return worked.row;
    },
  });

async function telling<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NotPossible) throw new Refusal(400, { title: 'Invalid request', detail: error.message });
    if (!(error instanceof MovedMeanwhile)) throw error;
    const remedy = error.now === undefined ? 'Nothing is left to do.' : 'Read it again, then decide.';
    throw new Refusal(409, { title: 'Changed meanwhile', detail: error.message, remedy });
  }
}

export const exceptionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/exceptions',
    summary: 'Exceptions, most urgent first: one by one, or put together by their cause and otherwise.',
    ability: 'see-exceptions',
    query: exceptionsQuery,
    status: 200,
    answer: exceptionsPage,
    handle: async (deps, { query }) => deps.readModel.exceptions.page(query),
  }),
  route({
    method: 'get',
    path: '/v1/exceptions/catalog',
    summary: 'Every kind of exception: its question, owner, playbook and end, and the limits that hold for it now.',
    ability: 'see-exceptions',
    status: 200,
    answer: exceptionCatalog,
    handle: async (deps) => deps.readModel.exceptions.catalog(),
  }),
  route({
    method: 'get',
    path: '/v1/exceptions/:id',
    summary:
      'One exception, with its playbook, comments and effects; by number or as kind:subject; also one that is over.',
    ability: 'see-exceptions',
    status: 200,
    answer: exceptionView,
    handle: async (deps, { params: { id = '' } }) =>
      (await deps.readModel.exceptions.one(id)) ?? Promise.reject(notFound(`An exception "${id}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/exceptions/:id/changes',
    summary: 'Everything that happened to an exception, newest first, with the event behind it; also when it is over.',
    ability: 'see-exceptions',
    query: changesQuery,
    status: 200,
    answer: changesPage,
    handle: async (deps, { params: { id = '' }, query }) =>
      (await deps.readModel.exceptions.changes(id, query)) ?? Promise.reject(notFound(`An exception "${id}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/exceptions/work',
    summary: 'One step for many exceptions at once; what one of them refuses does not hold up the others.',
    ability: 'act-on-exceptions',
    body: workOnMany,
    status: 200,
    answer: workedOnMany,
    handle: async (deps, { body, principal }) => {
      const { name: by } = principal!;
      const asked = body as WorkOnMany;
      const exceptions = asked.exceptions.map(({ id }) => id).join(', ');
      await deps.access.audit.record(by, `exception.${asked.action}`, { exceptions });
      return deps.readModel.exceptions.workOnMany(asked, by);
    },
  }),
  ...work.map(workRoute),
];
