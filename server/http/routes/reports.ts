/** Reports that are sent on a schedule: kept, paused, sent by hand and removed by who set them up, or an admin. */
import type { SaveRefusal } from '../../reports/reports.ts';
import { report, reportList, reportRequest, reportRun } from '../contract/reports.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';
import { askerOf } from './exports.ts';

const refusals: Record<SaveRefusal, () => Refusal> = {
  absent: () => notFound('This report'),
  'not-yours': () => new Refusal(403, { title: 'Not yours', detail: 'Only who set it up, or an admin, may do this.' }),
  overtaken: () => new Refusal(409, { title: 'Changed meanwhile', remedy: 'Load it again.' }),
  'too-many': () =>
    new Refusal(409, {
      title: 'Too many',
      detail: 'There are as many reports as there may be.',
      remedy: 'Remove one.',
    }),
  'no-question': () =>
    new Refusal(400, {
      title: 'Invalid request',
      detail: 'There is no such saved question, or it is not shared with who set the report up.',
      errors: [{ path: 'question', message: 'does not exist' }],
    }),
};

const refused = (why: SaveRefusal) => Promise.reject(refusals[why]());

export const reportRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/reports',
    summary: 'Your scheduled reports with their last runs; for an admin, all of them.',
    ability: 'schedule-reports',
    status: 200,
    answer: reportList,
    handle: async ({ readModel }, call) => readModel.reports.list(askerOf(call)),
  }),
  route({
    method: 'post',
    path: '/v1/reports',
    summary: 'Set up a report, or change one. 409: somebody else changed it since `version`.',
    ability: 'schedule-reports',
    body: reportRequest,
    status: 200,
    answer: report,
    handle: async ({ readModel }, call) => {
      const saved = await readModel.reports.save(call.body, askerOf(call));
      return typeof saved === 'string' ? refused(saved) : saved;
    },
  }),
  route({
    method: 'post',
    path: '/v1/reports/:id/send',
    summary: 'Make and send a report now, besides its schedule.',
    ability: 'schedule-reports',
    status: 202,
    answer: reportRun,
    handle: async ({ readModel, access }, call) => {
      const seconds = await access.limits.spend('export', call.principal!.id);
      if (seconds > 0) throw new Refusal(429, { title: 'Too many requests', remedy: `Wait ${seconds} s.` }, seconds);
      const run = await readModel.reports.sendNow(call.params['id'] ?? '', askerOf(call));
      return typeof run === 'string' ? refused(run) : run;
    },
  }),
  route({
    method: 'delete',
    path: '/v1/reports/:id',
    summary: 'Remove a report. Files that were made of it stay until their time is over.',
    ability: 'schedule-reports',
    status: 204,
    answer: null,
    handle: async ({ readModel }, call) => {
      const outcome = await readModel.reports.remove(call.params['id'] ?? '', askerOf(call));
      if (outcome !== 'removed') throw refusals[outcome]();
    },
  }),
];
