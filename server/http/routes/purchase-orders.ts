/** Purchase orders as lists and pages. */
import { purchaseOrderPicture, purchaseOrdersPage, purchaseOrdersQuery } from '../contract/purchase-orders.ts';
import { notFound } from '../problems.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export const purchaseOrderRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/purchase-orders',
    summary: 'Purchase orders: what of them has come, what is still expected, and how late it is.',
    ability: 'see-operations',
    query: purchaseOrdersQuery,
    status: 200,
    answer: purchaseOrdersPage,
    handle: (deps, { query }) => deps.readModel.purchaseOrdersPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/purchase-orders/:purchaseOrder/picture',
    summary: 'One purchase order with its lines, receipts and story, and what waits for it.',
    ability: 'see-operations',
    status: 200,
    answer: purchaseOrderPicture,
    handle: async (deps, { params: { purchaseOrder = '' } }) =>
      (await deps.readModel.purchaseOrderPicture(purchaseOrder)) ??
      Promise.reject(notFound(`Purchase order "${purchaseOrder}"`)),
  }),
];
