/** Handing a shift over: the report, the record, and taking it over. */
import { may } from '../../access/abilities.ts';
import {
  handoverQuery,
  handoverRecord,
  handoverReport,
  handoverRequest,
  handoversPage,
  handoversQuery,
  takeOverRequest,
} from '../contract/handover.ts';
import { notFound, Refusal } from '../problems.ts';
import type { Route } from '../route.ts';
import { route } from '../route.ts';

export const handoverRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/handover',
    summary: 'What the next shift must know: open, promised, breaching next, closed and by whom, changed since.',
    ability: 'see-exceptions',
    query: handoverQuery,
    status: 200,
    answer: handoverReport,
    handle: async ({ readModel }, { query }) => readModel.handover.report(query),
  }),
  route({
    method: 'get',
    path: '/v1/handovers',
    summary: 'Handovers that were written, newest first, with who took them over.',
    ability: 'see-exceptions',
    query: handoversQuery,
    status: 200,
    answer: handoversPage,
    handle: async ({ readModel }, { query }) => ({ items: await readModel.handover.list(query.limit) }),
  }),
  route({
    method: 'post',
    path: '/v1/handovers',
    summary: 'Hand over to somebody who can act: keeps how things stand, with notes, until that person takes over.',
    ability: 'act-on-exceptions',
    body: handoverRequest,
    status: 201,
    answer: handoverRecord,
    handle: async ({ access, readModel }, { body, principal }) => {
      const { name: from } = principal!;
      const next = (await access.listAccounts()).find(({ email }) => email === body.to);
      if (next === undefined || next.disabled || !may(next.role, 'act-on-exceptions')) {
        throw new Refusal(400, { title: 'Invalid request', detail: 'to: nobody of that name can act on exceptions.' });
      }
      await access.audit.record(from, 'handover.written', { to: body.to, node: body.node ?? '' });
      return readModel.handover.write(body, from);
    },
  }),
  route({
    method: 'post',
    path: '/v1/handovers/:id/take',
    summary: 'Take a handover over. Whoever can act may, but not who wrote it. 409: somebody has.',
    ability: 'act-on-exceptions',
    body: takeOverRequest,
    status: 200,
    answer: handoverRecord,
    handle: async ({ access, readModel }, { params: { id = '' }, body, principal }) => {
      const { name: by } = principal!;
      const known = await readModel.handover.find(id);
      if (known === undefined || known === null) throw notFound(`A handover "${id}"`);
      if (known.from === by) {
        throw new Refusal(409, {
          title: 'Not possible',
          detail: 'You wrote this handover: somebody else takes it over.',
        });
      }
      await access.audit.record(by, 'handover.taken', { handover: id });
      const taken = await readModel.handover.take(id, by, body.note);
      if (taken === undefined) throw notFound(`A handover "${id}"`);
      if (!taken.isMine) throw new Refusal(409, { title: 'Changed meanwhile', detail: 'Somebody has taken it over.' });
      return taken.record;
    },
  }),
];
