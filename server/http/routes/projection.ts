/** Where the available stock of a SKU goes. */
import { projectionQuery, projectionView } from '../contract/projection.ts';
import { notFound } from '../problems.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export const projectionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/stock/:sku/projection',
    summary: 'Available units of a SKU at a node or everywhere: the last days, and ahead by its sales and receipts.',
    ability: 'see-operations',
    query: projectionQuery,
    status: 200,
    answer: projectionView,
    handle: async (deps, { params: { sku = '' }, query }) =>
      (await deps.readModel.projection(sku, query.node ?? null)) ?? Promise.reject(notFound(`SKU "${sku}"`)),
  }),
];
