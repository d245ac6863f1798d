/** Boards and filtered views: one's own, and those that are shared. */
import { may } from '../../access/abilities.ts';
import { type SavedKind, savedKinds, savedList, savedThing, saveRequest } from '../contract/saved.ts';
import { invalid, notFound, Refusal } from '../problems.ts';
import { type Call, type Route, route } from '../route.ts';

const keeperOf = ({ principal }: Call<unknown, unknown>) => ({
  id: principal!.id,
  name: principal!.name,
  isAdmin: principal!.role === 'admin',
  asksSql: may(principal!.role, 'ask-sql'),
});

const notYours = new Refusal(403, {
  title: 'Not yours',
  detail: 'Only its owner or an admin may change it.',
  remedy: 'Save it under another name.',
});

const tooMany = new Refusal(409, {
  title: 'Too many',
  detail: 'You keep as many as there may be.',
  remedy: 'Remove one.',
});

const overtaken = (stands: number, named: number) =>
  new Refusal(409, {
    title: 'Changed meanwhile',
    detail: `It is at version ${stands} by now, not ${named}.`,
    remedy: 'Load it again, or save yours under another name.',
  });

const routesOf = (kind: SavedKind): Route[] => [
  route({
    method: 'get',
    path: `/v1/saved/${kind}`,
    summary: `Every saved ${kind}: one's own and the shared ones.`,
    ability: 'save-views',
    status: 200,
    answer: savedList,
    handle: async ({ saved }, { principal }) => ({ items: await saved.list(kind, principal!.id) }),
  }),
  route({
    method: 'get',
    path: `/v1/saved/${kind}/:id`,
    summary: `One saved ${kind}.`,
    ability: 'save-views',
    status: 200,
    answer: savedThing,
    handle: async ({ saved }, { params: { id = '' }, principal }) =>
      (await saved.find(kind, id, principal!.id)) ?? Promise.reject(notFound(`A saved ${kind} "${id}"`)),
  }),
  route({
    method: 'post',
    path: `/v1/saved/${kind}`,
    summary: `Save a ${kind}, new or changed. 409: somebody else changed it since \`version\`.`,
    ability: 'save-views',
    body: saveRequest,
    status: 200,
    answer: savedThing,
    handle: async ({ saved }, call) => {
      const result = await saved.save(kind, call.body, keeperOf(call));
      if ('saved' in result) return result.saved;
      if (result.refused === 'invalid') throw invalid('body', result.error);
      if (result.refused === 'overtaken') throw overtaken(result.now.version, call.body.version);
      if (result.refused === 'absent') throw notFound(`A saved ${kind} "${call.body.id}"`);
      throw result.refused === 'not-yours' ? notYours : tooMany;
    },
  }),
  route({
    method: 'delete',
    path: `/v1/saved/${kind}/:id`,
    summary: `Remove a saved ${kind}.`,
    ability: 'save-views',
    status: 204,
    answer: null,
    handle: async ({ saved }, call) => {
      const { id = '' } = call.params;
      const outcome = await saved.remove(kind, id, keeperOf(call));
      if (outcome === 'absent') throw notFound(`A saved ${kind} "${id}"`);
      if (outcome === 'not-yours') throw notYours;
    },
  }),
];

export const savedRoutes: readonly Route[] = savedKinds.flatMap(routesOf);
