/** What may be promised, what is kept for whom, and what channels are told. */
import {
  type AvailabilityEvents,
  type AvailabilityView,
  atpQuery,
  atpView,
  availabilityChanges,
  availabilityChangesQuery,
  availabilityEvents,
  availabilityPage,
  availabilityQuery,
  availabilityRequest,
  inboundView,
  promisesView,
  purchaseOrderView,
  reservationsPage,
  reservationsQuery,
  reservationView,
} from '../contract/promises.ts';
import { notFound } from '../problems.ts';
import { route } from '../route.ts';

const availabilityEvent = (data: AvailabilityView, workspace: string): AvailabilityEvents['items'][number] => ({
  specversion: '1.0',
  id: `${data.sku}@${data.channel}:${data.version}`,
  source: `tideline/${workspace}`,
  type: 'availability.published',
  subject: data.sku,
  time: new Date(data.at).toISOString(),
  data,
});

export const promiseRoutes = [
  route({
    method: 'get',
    path: '/v1/atp',
    summary: 'What may still be promised of a SKU, for a channel or at a node, as steps that add up.',
    ability: 'see-operations',
    query: atpQuery,
    status: 200,
    answer: atpView,
    handle: async (deps, { query }) =>
      (await deps.readModel.atp(query)) ?? Promise.reject(notFound(`SKU "${query.sku}" there`)),
  }),
  route({
    method: 'get',
    path: '/v1/orders/:order/promises',
    summary: "When an order's waiting units can leave, and the receipts that rests on.",
    ability: 'see-operations',
    status: 200,
    answer: promisesView,
    handle: async (deps, { params: { order = '' } }) =>
      (await deps.readModel.promises(order)) ?? Promise.reject(notFound(`Order "${order}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/stock/:sku/inbound',
    summary: 'What is expected of a SKU, soonest first, and how far it is counted on.',
    ability: 'see-operations',
    status: 200,
    answer: inboundView,
    handle: (deps, { params: { sku = '' } }) => deps.readModel.inbound(sku),
  }),
  route({
    method: 'get',
    path: '/v1/purchase-orders/:purchaseOrder',
    summary: 'A confirmed purchase order: what of it has come and what is still expected.',
    ability: 'see-operations',
    status: 200,
    answer: purchaseOrderView,
    handle: async (deps, { params: { purchaseOrder = '' } }) =>
      (await deps.readModel.purchaseOrder(purchaseOrder)) ??
      Promise.reject(notFound(`Purchase order "${purchaseOrder}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/reservations',
    summary: 'Reservations of carts, transfers and orders nobody knows yet.',
    ability: 'see-operations',
    query: reservationsQuery,
    status: 200,
    answer: reservationsPage,
    handle: (deps, { query }) => deps.readModel.reservationsPage(query),
  }),
  route({
    method: 'get',
    path: '/v1/reservations/:reservation',
    summary: 'One reservation. What has ended is known for a day.',
    ability: 'see-operations',
    status: 200,
    answer: reservationView,
    handle: async (deps, { params: { reservation = '' } }) =>
      (await deps.readModel.reservation(reservation)) ?? Promise.reject(notFound(`Reservation "${reservation}"`)),
  }),
  route({
    method: 'get',
    path: '/v1/availability',
    summary: 'What channels have been told they may sell, as it stands: where a new reader begins.',
    ability: 'read-availability',
    query: availabilityQuery,
    status: 200,
    answer: availabilityPage,
    handle: (deps, { query, principal }) => deps.readModel.availabilityPage(query, principal!),
  }),
  route({
    method: 'get',
    path: '/v1/availability/changes',
    summary: 'What channels have been told since a version, each SKU once with its newest figure.',
    ability: 'read-availability',
    query: availabilityChangesQuery,
    status: 200,
    answer: availabilityChanges,
    handle: (deps, { query, principal }) => deps.readModel.availabilityChanges(query, principal!),
  }),
  route({
    method: 'get',
    path: '/v1/availability/events',
    summary: 'The same changes as CloudEvents, for who passes them on.',
    ability: 'read-availability',
    query: availabilityChangesQuery,
    status: 200,
    answer: availabilityEvents,
    handle: async (deps, { query, principal }) => {
      const changes = await deps.readModel.availabilityChanges(query, principal!);
      return { ...changes, items: changes.items.map((item) => availabilityEvent(item, deps.workspace)) };
    },
  }),
  route({
    method: 'post',
    path: '/v1/availability/requests',
    summary: 'Have a channel told about these SKUs if what it knows is out of date.',
    ability: 'act-on-operations',
    body: availabilityRequest,
    status: 202,
    answer: null,
    handle: async (deps, { body, principal }) => {
      const { name } = principal!;
      await deps.access.audit.record(name, 'availability.requested', { channel: body.channel, skus: body.skus.length });
      await deps.readModel.requestAvailability(body);
    },
  }),
];
