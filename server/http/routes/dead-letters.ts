/** Dead letters: look at them, send them on their way again, or give them up. */
import { z } from 'zod';
import type { StoredDeadLetter } from '../../../streams/ingestion/dead-letters.ts';
import { may } from '../../access/abilities.ts';
import { type DeadLetter, deadLettersPage, deadLetterView, pageQuery } from '../contract.ts';
import { notFound, Refusal } from '../problems.ts';
import { route } from '../route.ts';

export const deadLetterRoutes = [
  route({
    method: 'get',
    path: '/v1/dead-letters',
    summary: 'Deliveries that were acknowledged and could not be understood, newest first.',
    ability: 'see-dead-letters',
    query: pageQuery,
    status: 200,
    answer: deadLettersPage,
    handle: async (deps, { query }) => {
      const cursor = Number(query.cursor ?? 0);
      if (!Number.isSafeInteger(cursor) || cursor < 0)
        throw new Refusal(400, { detail: 'The cursor is not one of ours.' });
      const { items, next } = await deps.deadLetters.list(cursor, query.limit);
      return { items: items.map(show), next: next === null ? null : String(next) };
    },
  }),
  route({
    method: 'get',
    path: '/v1/dead-letters/:id',
    summary: 'One dead letter with its bytes as they came, for those who may see them.',
    ability: 'see-dead-letters',
    status: 200,
    answer: deadLetterView,
    handle: async (deps, { params: { id = '' }, principal }) => {
      const found = await deps.deadLetters.read(id);
      if (found === undefined) throw notFound(`Dead letter "${id}"`);
      const { job, letter } = found;
      if (!may(principal!.role, 'see-raw-deliveries')) return { ...show(letter), raw: '', encoding: 'utf8' };
      const encoding = job.kind === 'webhook' && job.base64 ? 'base64' : 'utf8';
      return { ...show(letter), raw: job.kind === 'webhook' ? job.body : job.lines, encoding };
    },
  }),
  route({
    method: 'post',
    path: '/v1/dead-letters/:id/replay',
    summary: 'Try again to understand it, after what was wrong has been fixed.',
    ability: 'handle-dead-letters',
    status: 202,
    answer: z.object({ delivery: z.string() }),
    handle: async (deps, { params: { id = '' }, principal }) => {
      const found = await deps.deadLetters.read(id);
      if (found === undefined) throw notFound(`Dead letter "${id}"`);
      await deps.access.audit.record(principal!.name, 'dead-letter.replayed', { delivery: id });
      await deps.deadLetters.mark(id, 'replaying');
      await deps.deliveries.store([{ ...found.job, replay: true }]);
      return { delivery: id };
    },
  }),
  route({
    method: 'post',
    path: '/v1/dead-letters/:id/discard',
    summary: 'Give it up. Its bytes are removed; the log keeps that it was there.',
    ability: 'handle-dead-letters',
    status: 204,
    answer: null,
    handle: async (deps, { params: { id = '' }, principal }) => {
      if ((await deps.deadLetters.read(id)) === undefined) throw notFound(`Dead letter "${id}"`);
      await deps.access.audit.record(principal!.name, 'dead-letter.discarded', { delivery: id });
      await deps.deadLetters.settle(id, 'discarded', deps.now());
    },
  }),
];

function show({ items: _, ...letter }: StoredDeadLetter): DeadLetter {
  return letter;
}
