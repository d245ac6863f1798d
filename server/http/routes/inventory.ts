/** Stock as lists and matrices. */
import { seesCost } from '../../access/cost.ts';
import {
  type StockQuery,
  stockFacets,
  stockLinesAnswer,
  stockLinesQuery,
  stockMatrix,
  stockPage,
  stockQuery,
} from '../contract/inventory.ts';
import { skuDetails } from '../contract/sku.ts';
import { notFound, Refusal } from '../problems.ts';
import type { Call, Route } from '../route.ts';
import { route } from '../route.ts';

/** The order alone would tell what a thing is worth. */
function mayAsk({ query: { sort }, principal }: Call<StockQuery, unknown>): void {
  if (sort === 'value' && !seesCost(principal)) {
    throw new Refusal(403, { title: 'Not allowed', detail: 'Cost and margin are not for every role.' });
  }
}

export const inventoryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/stock',
    summary: 'Stock, one row per SKU and node: filtered, sorted and summed.',
    ability: 'see-operations',
    query: stockQuery,
    status: 200,
    answer: stockPage,
    handle: async (deps, call) => {
      mayAsk(call);
      return deps.readModel.stockPage(call.query);
    },
  }),
  route({
    method: 'get',
    path: '/v1/stock-matrix',
    summary: 'Stock with SKUs down and nodes across. A SKU is in it when one of its records fits the filters.',
    ability: 'see-operations',
    query: stockQuery,
    status: 200,
    answer: stockMatrix,
    handle: async (deps, call) => {
      mayAsk(call);
      return deps.readModel.stockMatrix(call.query);
    },
  }),
  route({
    method: 'get',
    path: '/v1/stock-lines',
    summary: 'Some rows of stock as they stand now, by their `SKU|NODE`, one a line of text.',
    ability: 'see-operations',
    query: stockLinesQuery,
    status: 200,
    answer: stockLinesAnswer,
    handle: async (deps, { query }) => ({ items: await deps.readModel.stockLines(query.ids) }),
  }),
  route({
    method: 'get',
    path: '/v1/stock-facets',
    summary: 'What lists of stock can be filtered by.',
    ability: 'see-operations',
    status: 200,
    answer: stockFacets,
    handle: (deps) => deps.readModel.stockFacets(),
  }),
  route({
    method: 'get',
    path: '/v1/stock/:sku/details',
    summary:
      'What stands around the figures of a SKU: statements of systems, who waits, what is open, which rules hold.',
    ability: 'see-operations',
    status: 200,
    answer: skuDetails,
    handle: async (deps, { params: { sku = '' } }) =>
      (await deps.readModel.skuDetails(sku)) ?? Promise.reject(notFound(`SKU "${sku}"`)),
  }),
];
