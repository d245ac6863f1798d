/** Boards: what there is to put on a wall. Keeping one of one's own is a matter of saved things. */
import { boardList, boardPreview, boardPreviewRequest, boardSummary } from '../contract/boards.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

export const boardRoutes = [
  route({
    method: 'get',
    path: '/v1/boards',
    summary: 'The boards one may watch: built-in ones, one per node and channel, and saved ones.',
    ability: 'see-wall',
    status: 200,
    answer: boardList,
    handle: async ({ readModel }, { principal }) => ({ items: await readModel.boards.list(principal!) }),
  }),
  route({
    method: 'get',
    path: '/v1/boards/:id',
    summary: 'One board: what stands where on it.',
    ability: 'see-wall',
    status: 200,
    answer: boardSummary,
    handle: async ({ readModel }, { params: { id = '' }, principal }) =>
      (await readModel.boards.find(id, principal!)) ?? Promise.reject(notFound(`A board "${id}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/boards/preview',
    summary: 'What the tiles of a board would say right now, before it is kept.',
    ability: 'save-views',
    body: boardPreviewRequest,
    status: 200,
    answer: boardPreview,
    handle: async ({ readModel }, { body, principal }) => ({
      entries: readModel.boards.preview(body.body, principal!),
    }),
  }),
];
