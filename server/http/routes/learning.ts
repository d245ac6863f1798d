/** Learning: ratings of exceptions, how each rule does, and what could be set better. */
import { NotReady } from '../../learning/suggestions.ts';
import { Overtaken } from '../../settings/change.ts';
import { TrialRunning } from '../../settings/trial/trials.ts';
import {
  acceptedAnswer,
  acceptRequest,
  dismissRequest,
  learningAnswer,
  learningQuery,
  ratedAnswer,
  ratingRequest,
  ratingsAnswer,
  suggestion,
  suggestionsAnswer,
  suggestionsQuery,
} from '../contract/learning.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Route, route } from '../route.ts';

const TRIAL_RETRY_SECONDS = 30;

async function telling<T>(work: Promise<T | null>, id: string): Promise<T> {
  try {
    const done = await work;
    if (done === null) throw notFound(`A suggestion "${id}"`);
    return done;
  } catch (error) {
    if (error instanceof TrialRunning) throw new Refusal(429, { detail: error.message }, TRIAL_RETRY_SECONDS);
    if (error instanceof NotReady) throw new Refusal(409, { title: 'Not yet', detail: error.message });
    if (error instanceof Overtaken) {
      const remedy = 'Read the suggestions again: they are worked out anew from what holds now.';
      throw new Refusal(409, { title: 'Somebody was faster', detail: error.message, remedy });
    }
    throw error;
  }
}

export const learningRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/exceptions/:id/ratings',
    summary: 'What people said of an exception, and whether what it claimed came true; also of one that is over.',
    ability: 'see-exceptions',
    status: 200,
    answer: ratingsAnswer,
    handle: async (deps, { params: { id = '' } }) =>
      (await deps.readModel.learning.ratings(id)) ?? Promise.reject(notFound(`An exception "${id}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/exceptions/:id/rating',
    summary: 'Say whether an exception was worth telling, also after its end. 202: stored, and applied in a moment.',
    ability: 'rate-alerts',
    body: ratingRequest,
    status: 200,
    answer: ratedAnswer,
    handle: async (deps, { params: { id = '' }, body, principal, response }) => {
      const { name: by } = principal!;
      const rated = await deps.readModel.learning.rate(id, body, by);
      if (rated === null) throw notFound(`An exception "${id}"`);
      await deps.access.audit.record(by, 'exception.rated', { exception: rated.number, useful: String(body.useful) });
      if (!rated.applied) response.status(202);
      return rated;
    },
  }),
  route({
    method: 'get',
    path: '/v1/learning',
    summary:
      'How each kind of exception has done: what people and facts say of it, what was missed, what was saved, who was told how much.',
    ability: 'see-alerts',
    query: learningQuery,
    status: 200,
    answer: learningAnswer,
    handle: (deps, { query }) => deps.readModel.learning.read(query.days),
  }),
  route({
    method: 'get',
    path: '/v1/learning/suggestions',
    summary: 'What could be set better, with its effect on the last weeks; and what was decided about earlier ones.',
    ability: 'see-alerts',
    query: suggestionsQuery,
    status: 200,
    answer: suggestionsAnswer,
    handle: (deps, { query }) => deps.readModel.learning.suggestions(query.days),
  }),
  route({
    method: 'post',
    path: '/v1/learning/suggestions/:id/replay',
    summary:
      'Find out what a suggestion would have done: all events of the last weeks are folded again. Look at the list.',
    ability: 'try-policies',
    query: suggestionsQuery,
    status: 202,
    answer: suggestion,
    handle: (deps, { params: { id = '' }, query, principal }) =>
      telling(deps.readModel.learning.replay(id, query.days, principal!.name), id),
  }),
  route({
    method: 'post',
    path: '/v1/learning/suggestions/:id/accept',
    summary:
      'Change the policy as suggested. 409: its effect is not known yet, or somebody has changed the policy since.',
    ability: 'edit-settings',
    query: suggestionsQuery,
    body: acceptRequest,
    status: 202,
    answer: acceptedAnswer,
    handle: async (deps, { params: { id = '' }, query, body, principal }) => {
      const { name: by } = principal!;
      await deps.access.audit.record(by, 'policy.defined', { suggestion: id });
      return { version: await telling(deps.readModel.learning.accept(id, query.days, body.note, by), id) };
    },
  }),
  route({
    method: 'post',
    path: '/v1/learning/suggestions/:id/dismiss',
    summary: 'Put a suggestion away for four weeks, with the reason.',
    ability: 'edit-settings',
    query: suggestionsQuery,
    body: dismissRequest,
    status: 200,
    answer: suggestion,
    handle: async (deps, { params: { id = '' }, query, body, principal }) => {
      const { name: by } = principal!;
      await deps.access.audit.record(by, 'suggestion.dismissed', { suggestion: id, reason: body.reason });
      return telling(deps.readModel.learning.dismiss(id, query.days, body.reason, by), id);
    },
  }),
];
