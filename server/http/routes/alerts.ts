/** Alerts: what stands and who knows, what was sent, another try, and who would be told. */
import {
  alertPreview,
  alertPreviewRequest,
  alertsAnswer,
  alertsQuery,
  deliveriesPage,
  deliveriesQuery,
  delivery,
} from '../contract/alerts.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';

export const alertRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/alerts',
    summary:
      'Alerts that stand, the worst first: who was told of each, who is still to be told, and what is in the way.',
    ability: 'see-alerts',
    query: alertsQuery,
    status: 200,
    answer: alertsAnswer,
    handle: async ({ readModel }, call) => readModel.alerts.list(call.query),
  }),
  route({
    method: 'get',
    path: '/v1/alerts/deliveries',
    summary: 'Messages that were sent or wait to be sent, newest first, with every try.',
    ability: 'see-alerts',
    query: deliveriesQuery,
    status: 200,
    answer: deliveriesPage,
    handle: async ({ readModel }, call) => readModel.alerts.deliveries(call.query),
  }),
  route({
    method: 'post',
    path: '/v1/alerts/deliveries/:id/retry',
    summary: 'Try a message again that has failed. Receivers get it under the same id. 409: it has not failed.',
    ability: 'manage-alerts',
    status: 202,
    answer: delivery,
    handle: async ({ readModel }, call) => {
      const again = await readModel.alerts.retry(call.params['id'] ?? '', call.principal!.name);
      if (again === 'absent') throw notFound('This message');
      if (again === 'not-failed') {
        throw new Refusal(409, { title: 'It has not failed', detail: 'It was taken, or is still being tried.' });
      }
      return again;
    },
  }),
  route({
    method: 'post',
    path: '/v1/alerts/preview',
    summary: 'Who would be told of an exception, or of one like it, when and why: as the policy stands, or might be.',
    ability: 'see-alerts',
    body: alertPreviewRequest,
    admission: false,
    status: 200,
    answer: alertPreview,
    handle: async ({ readModel }, call) =>
      (await readModel.alerts.preview(call.body)) ?? Promise.reject(notFound('This exception')),
  }),
];
