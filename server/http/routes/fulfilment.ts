/** Fulfilment and sources as screens ask for them: what is open by cut-off, waves, holds, and one source. */
import {
  backlogView,
  holdsAnswer,
  orderCounts,
  orderCountsQuery,
  wavesAnswer,
  wavesQuery,
} from '../contract/fulfilment.ts';
import { sourceView } from '../contract/sources.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

export const fulfilmentRoutes = [
  route({
    method: 'get',
    path: '/v1/backlog',
    summary: 'Open orders by node and by when they are due on its clock, and how far they are.',
    ability: 'see-operations',
    status: 200,
    answer: backlogView,
    handle: (deps) => deps.readModel.backlog(),
  }),
  route({
    method: 'get',
    path: '/v1/waves',
    summary: 'The waves of the last two days and how far their orders are, the newest first.',
    ability: 'see-operations',
    query: wavesQuery,
    status: 200,
    answer: wavesAnswer,
    handle: (deps, { query }) => deps.readModel.waves(query),
  }),
  route({
    method: 'get',
    path: '/v1/holds',
    summary: 'Orders on hold by reason and by how long.',
    ability: 'see-operations',
    status: 200,
    answer: holdsAnswer,
    handle: (deps) => deps.readModel.holds(),
  }),
  route({
    method: 'get',
    path: '/v1/order-counts',
    summary: 'How many orders of a filter stand where.',
    ability: 'see-operations',
    query: orderCountsQuery,
    status: 200,
    answer: orderCounts,
    handle: (deps, { query }) => deps.readModel.orderCounts(query),
  }),
  route({
    method: 'get',
    path: '/v1/sources/:source',
    summary: 'One source: its volume against what is usual, what was wrong with it, and what depends on it.',
    ability: 'see-operations',
    status: 200,
    answer: sourceView,
    handle: async (deps, { params: { source = '' } }) =>
      (await deps.readModel.source(source)) ?? Promise.reject(notFound(`Source "${source}"`)),
  }),
];
