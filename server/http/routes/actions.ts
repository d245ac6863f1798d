/** Actions: look first, do, take back. Each is an event with its author; each change is audited. */
import { NotAsThingsStand } from '../../actions/actions.ts';
import {
  actionCatalogAnswer,
  actionPreview,
  actionRequest,
  actionsPage,
  actionsQuery,
  actionView,
  previewRequest,
  undoRequest,
} from '../contract/actions.ts';
import { notFound, Refusal } from '../problems.ts';
import { route } from '../route.ts';

/** 409 with the reason: the request was right, and things stand differently. */
async function telling<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof NotAsThingsStand)) throw error;
    throw error.why === 'refused'
      ? new Refusal(409, { title: 'Not as things stand', detail: error.message })
      : new Refusal(409, {
          title: 'Changed since the preview',
          detail: error.message,
          remedy: 'Look at the preview again, then decide.',
        });
  }
}

export const actionRoutes = [
  route({
    method: 'get',
    path: '/v1/actions/catalog',
    summary: 'What a planner can do: every kind of action with its input and whether it can be taken back.',
    ability: 'see-operations',
    status: 200,
    answer: actionCatalogAnswer,
    handle: async (deps) => deps.readModel.actions.catalog(),
  }),
  route({
    method: 'post',
    path: '/v1/actions/preview',
    summary: 'What an action would change, in words and numbers. Nothing is done.',
    ability: 'act-on-operations',
    body: previewRequest,
    status: 200,
    answer: actionPreview,
    handle: (deps, { body, principal }) => deps.readModel.actions.preview(body, principal!.name),
  }),
  route({
    method: 'post',
    path: '/v1/actions',
    summary: 'Do it. The same `action` asked for again is done once and answers the same.',
    ability: 'act-on-operations',
    body: actionRequest,
    status: 200,
    answer: actionView,
    handle: async (deps, { body, principal }) => {
      const { action, kind } = body;
      await deps.access.audit.record(principal!.name, 'action.taken', {
        action,
        kind,
        input: JSON.stringify(body.input),
      });
      return telling(deps.readModel.actions.take(body, principal!.name));
    },
  }),
  route({
    method: 'get',
    path: '/v1/actions',
    summary: 'What people did, newest first.',
    ability: 'see-operations',
    query: actionsQuery,
    status: 200,
    answer: actionsPage,
    handle: (deps, { query }) => deps.readModel.actions.page(query),
  }),
  route({
    method: 'get',
    path: '/v1/actions/:action',
    summary: 'One action with what became of it and of its instructions.',
    ability: 'see-operations',
    status: 200,
    answer: actionView,
    handle: async (deps, { params: { action = '' } }) =>
      (await deps.readModel.actions.one(action)) ?? Promise.reject(notFound(`Action "${action}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/actions/:action/undo',
    summary: 'What taking an action back would change, or why it cannot be taken back.',
    ability: 'see-operations',
    status: 200,
    answer: actionPreview,
    handle: async (deps, { params: { action = '' }, principal }) =>
      (await deps.readModel.actions.previewUndo(action, principal!.name)) ??
      Promise.reject(notFound(`Action "${action}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/actions/:action/undo',
    summary: 'Take an action back as far as the world allows.',
    ability: 'act-on-operations',
    body: undoRequest,
    status: 200,
    answer: actionView,
    handle: async (deps, { params: { action = '' }, principal, body }) => {
      await deps.access.audit.record(principal!.name, 'action.undone', { action });
      const view = await telling(deps.readModel.actions.undo(action, principal!.name, body));
      return view ?? Promise.reject(notFound(`Action "${action}"`));
    },
  }),
];
