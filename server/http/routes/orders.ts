/** Why an order ships from where it does, what others did instead, and which steps of orders are due. */
import { advicePage, adviceQuery, decisionsPage, decisionsQuery, stepsPage, stepsQuery } from '../contract/orders.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

export const orderRoutes = [
  route({
    method: 'get',
    path: '/v1/orders/:order/decisions',
    summary: 'What policies chose for an order, with what they knew and what they turned down, the newest first.',
    ability: 'see-operations',
    query: decisionsQuery,
    status: 200,
    answer: decisionsPage,
    handle: async (deps, { params: { order = '' }, query }) =>
      (await deps.readModel.orderDecisions(order, query)) ?? Promise.reject(notFound(`Order "${order}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/advice',
    summary: 'Where another system decides: what we advised, what was done, and what the difference comes to.',
    ability: 'see-operations',
    query: adviceQuery,
    status: 200,
    answer: advicePage,
    handle: (deps, { query }) => deps.readModel.advice(query),
  }),
  route({
    method: 'get',
    path: '/v1/order-steps',
    summary: 'How many orders each node has to pick, hand over or have delivered by when, and which are overdue.',
    ability: 'see-operations',
    query: stepsQuery,
    status: 200,
    answer: stepsPage,
    handle: (deps, { query }) => deps.readModel.orderSteps(query),
  }),
];
