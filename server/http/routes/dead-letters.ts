/** Dead letters: look at them, send them on their way again, or give them up. */
import { z } from 'zod';
import { DEAD_LETTERS_MAX, type StoredDeadLetter } from '../../../streams/ingestion/dead-letters.ts';
import { may } from '../../access/abilities.ts';
import { deadLettersQuery, settleAnswer, settleRequest } from '../contract/sources.ts';
import { type DeadLetter, deadLettersPage, deadLetterView } from '../contract.ts';
import { notFound, Refusal } from '../problems.ts';
import { type HandlerDeps, route } from '../route.ts';

/** Of one request about many. */
const SETTLED_MAX = 500;
const LOOKED_AT_PER_STEP = 500;

export const deadLetterRoutes = [
  route({
    method: 'get',
    path: '/v1/dead-letters',
    summary: 'Deliveries that were acknowledged and could not be understood, newest first.',
    ability: 'see-dead-letters',
    query: deadLettersQuery,
    status: 200,
    answer: deadLettersPage,
    handle: async (deps, { query }) => {
      const cursor = Number(query.cursor ?? 0);
      if (!Number.isSafeInteger(cursor) || cursor < 0)
        throw new Refusal(400, { detail: 'The cursor is not one of ours.' });
      const { items, next } =
        query.source === undefined
          ? await deps.deadLetters.list(cursor, query.limit)
          : await lettersOf(deps, query.source, cursor, query.limit);
      return { items: items.map(show), next: next === null ? null : String(next) };
    },
  }),
  route({
    method: 'post',
    path: '/v1/dead-letters/settle',
    summary: 'Try many again, or give them up: those that are named, or all of a source, up to 500 at a time.',
    ability: 'handle-dead-letters',
    body: settleRequest,
    status: 200,
    answer: settleAnswer,
    handle: async (deps, { body, principal }) => {
      const { how, source } = body;
      const ids = body.ids ?? (await waitingOf(deps, source!)).slice(0, SETTLED_MAX).map(({ id }) => id);
      const detail = { how, deliveries: ids.length, ...(source === undefined ? {} : { source }) };
      await deps.access.audit.record(principal!.name, 'dead-letters.settled', detail);
      let settled = 0;
      for (const id of new Set(ids)) settled += (await settleOne(deps, id, how)) ? 1 : 0;
      const left = source === undefined ? 0 : (await waitingOf(deps, source)).length;
      return { settled, skipped: new Set(ids).size - settled, left };
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

/** Of one source: letters lie in the order in which they came, so those of the others are looked past. */
async function lettersOf(deps: HandlerDeps, source: string, from: number, limit: number) {
  const items: StoredDeadLetter[] = [];
  let cursor = from;
  while (true) {
    const page = await deps.deadLetters.list(cursor, LOOKED_AT_PER_STEP);
    for (const [index, letter] of page.items.entries()) {
      if (letter.source !== source) continue;
      if (items.length === limit) return { items, next: cursor + index };
      items.push(letter);
    }
    if (page.next === null) return { items, next: null };
    cursor = page.next;
  }
}

async function waitingOf(deps: HandlerDeps, source: string): Promise<StoredDeadLetter[]> {
  const { items } = await lettersOf(deps, source, 0, DEAD_LETTERS_MAX);
  return items.filter(({ status }) => status === 'waiting');
}

/** @returns false when it is gone, or on its way again already */
async function settleOne(deps: HandlerDeps, id: string, how: 'replay' | 'discard'): Promise<boolean> {
  const found = await deps.deadLetters.read(id);
  if (found === undefined) return false;
  if (how === 'discard') return deps.deadLetters.settle(id, 'discarded', deps.now());
  if (found.letter.status === 'replaying') return false;
  await deps.deadLetters.mark(id, 'replaying');
  await deps.deliveries.store([{ ...found.job, replay: true }]);
  return true;
}

function show({ items: _, ...letter }: StoredDeadLetter): DeadLetter {
  return letter;
}
