/** Signals: what is watched and expected, and the calendar of what is planned. */
import { costKpis, seesCost } from '../../access/cost.ts';
import type { CalendarRefusal } from '../../signals/calendar.ts';
import {
  bandAnswer,
  bandQuery,
  calendarAnswer,
  calendarEntry,
  calendarPlan,
  calendarQuery,
  signalsAnswer,
  signalsQuery,
} from '../contract/signals.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';

const refusals: Record<CalendarRefusal, () => Refusal> = {
  absent: () => notFound('This calendar entry'),
  overtaken: () => new Refusal(409, { title: 'Changed meanwhile', remedy: 'Load it again.' }),
  'too-many': () =>
    new Refusal(409, {
      title: 'Too many',
      detail: 'There are as many entries as there may be.',
      remedy: 'Withdraw one.',
    }),
};

export const signalRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/signals',
    summary:
      'Every series that is watched: how warm it is, what was seen last, whether it is out, and what it all costs.',
    ability: 'see-kpis',
    query: signalsQuery,
    status: 200,
    answer: signalsAnswer,
    handle: ({ readModel }, { query, principal }) =>
      readModel.signals.list(query, (kpi) => seesCost(principal) || !costKpis.has(kpi)),
  }),
  route({
    method: 'get',
    path: '/v1/signals/band',
    summary:
      'What was expected of a series, what it was and how surprising, and what is expected of the hours to come.',
    ability: 'see-kpis',
    query: bandQuery,
    status: 200,
    answer: bandAnswer,
    async handle({ readModel }, { query, principal }) {
      if (costKpis.has(query.kpi) && !seesCost(principal)) {
        throw new Refusal(403, { title: 'Not allowed', detail: 'Cost and margin are not for every role.' });
      }
      const band = await readModel.signals.band(query);
      if (band === null) throw notFound(`KPI "${query.kpi}"`);
      return band;
    },
  }),
  route({
    method: 'get',
    path: '/v1/calendar',
    summary: 'What is planned and changes figures: promotions, launches, holidays.',
    ability: 'see-kpis',
    query: calendarQuery,
    status: 200,
    answer: calendarAnswer,
    handle: ({ readModel }, { query }) => readModel.signals.calendar.list(query),
  }),
  route({
    method: 'post',
    path: '/v1/calendar',
    summary: 'Plan something, or change what was planned. 409: somebody else changed it since `version`.',
    ability: 'plan-calendar',
    body: calendarPlan,
    status: 200,
    answer: calendarEntry,
    async handle({ readModel, access }, { body, principal }) {
      const { name } = principal!;
      const saved = await readModel.signals.calendar.save(body, name);
      if (typeof saved === 'string') throw refusals[saved]();
      await access.audit.record(name, 'calendar.planned', { entry: saved.entry, name: saved.name, kind: saved.kind });
      return saved;
    },
  }),
  route({
    method: 'delete',
    path: '/v1/calendar/:entry',
    summary: 'Withdraw what was planned. What it explained so far stays explained.',
    ability: 'plan-calendar',
    status: 204,
    answer: null,
    async handle({ readModel, access }, { params, principal }) {
      const entry = params['entry'] ?? '';
      const { name } = principal!;
      const outcome = await readModel.signals.calendar.withdraw(entry, name);
      if (outcome !== 'withdrawn') throw refusals[outcome]();
      await access.audit.record(name, 'calendar.withdrawn', { entry });
    },
  }),
];
