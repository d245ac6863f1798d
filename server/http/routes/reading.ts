/** What the client and others read. */
import { mayWatch } from '../../access/abilities.ts';
import { costKpis, seesCost } from '../../access/cost.ts';
import { ordersQuery } from '../contract/orders.ts';
import {
  kpiQuery,
  kpiSeries,
  kpisAnswer,
  movementsAnswer,
  movementsQuery,
  ordersPage,
  orderView,
  skuView,
  snapshotView,
  sourcesAnswer,
  workspaceView,
} from '../contract.ts';
import { notFound, Refusal } from '../problems.ts';
import { route } from '../route.ts';

export const readingRoutes = [
  route({
    method: 'get',
    path: '/v1/workspace',
    summary: 'The workspace, and the moment its figures speak of.',
    ability: 'see-wall',
    status: 200,
    answer: workspaceView,
    handle: (deps) => deps.readModel.workspace(),
  }),
  route({
    method: 'get',
    path: '/v1/live/:topic',
    summary:
      'A live topic as it stands now: `board:<board>`, `board-cost:<board>`, `exceptions`, `exceptions-aside`, `exception-groups`, `sources`, `orders`, `workspace`, `stock:<sku>`, `order:<order>`.',
    ability: 'see-wall',
    status: 200,
    answer: snapshotView,
    handle: async (deps, call) => {
      const topic = call.params.topic ?? '';
      const may = mayWatch(call.principal!, topic) && (await deps.readModel.boards.mayWatch(call.principal!, topic));
      if (!may) throw new Refusal(403, { detail: `You may not see the topic "${topic}".` });
      return (await deps.readModel.liveSnapshot(topic)) ?? Promise.reject(notFound(`Topic "${topic}"`));
    },
  }),
  route({
    method: 'get',
    path: '/v1/stock/:sku',
    summary: 'One SKU over all nodes and buckets, and what each channel may promise of it.',
    ability: 'see-operations',
    status: 200,
    answer: skuView,
    handle: async (deps, { params: { sku = '' } }) =>
      (await deps.readModel.sku(sku)) ?? Promise.reject(notFound(`SKU "${sku}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/stock/:sku/movements',
    summary: "A SKU's movements, newest first: why is this number what it is?",
    ability: 'see-operations',
    query: movementsQuery,
    status: 200,
    answer: movementsAnswer,
    handle: async (deps, { params: { sku = '' }, query }) =>
      (await deps.readModel.movements(sku, query)) ?? Promise.reject(notFound(`SKU "${sku}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/orders',
    summary: 'Orders by filter, newest first.',
    ability: 'see-operations',
    query: ordersQuery,
    status: 200,
    answer: ordersPage,
    handle: (deps, call) => deps.readModel.ordersPage(call.query),
  }),
  route({
    method: 'get',
    path: '/v1/orders/:order',
    summary: 'One order with its lines and everything that happened to it.',
    ability: 'see-operations',
    status: 200,
    answer: orderView,
    handle: async (deps, { params: { order = '' } }) =>
      (await deps.readModel.order(order)) ?? Promise.reject(notFound(`Order "${order}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/kpis',
    summary: 'The KPI catalog with the value of each as it stands now.',
    ability: 'see-kpis',
    status: 200,
    answer: kpisAnswer,
    handle: async (deps, { principal }) => {
      const { items } = await deps.readModel.kpis();
      return { items: seesCost(principal) ? items : items.filter(({ id }) => !costKpis.has(id)) };
    },
  }),
  route({
    method: 'get',
    path: '/v1/kpis/:id',
    summary: 'A KPI over time, by minute, hour or day, as a whole or by channel or node.',
    ability: 'see-kpis',
    query: kpiQuery,
    status: 200,
    answer: kpiSeries,
    handle: async (deps, { params: { id = '' }, query, principal }) => {
      if (costKpis.has(id) && !seesCost(principal)) {
        throw new Refusal(403, { title: 'Not allowed', detail: 'Cost and margin are not for every role.' });
      }
      return (await deps.readModel.kpiSeries(id, query)) ?? Promise.reject(notFound(`KPI "${id}"`));
    },
  }),
  route({
    method: 'get',
    path: '/v1/sources',
    summary: 'Who sends events, how fresh they are, and what of theirs could not be understood.',
    ability: 'see-sources',
    status: 200,
    answer: sourcesAnswer,
    handle: (deps) => deps.readModel.sources(),
  }),
];
