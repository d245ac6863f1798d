/** Instructions: what other systems must do for us, as a feed for them, and what people answer in their place. */
import type { Answer } from '../../actions/instructions.ts';
import {
  confirmRequest,
  failRequest,
  instructionsAnswer,
  instructionsQuery,
  instructionView,
  withdrawRequest,
} from '../contract/instructions.ts';
import { notFound } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';

async function answer(deps: HandlerDeps, { params: { id = '' }, principal }: Call<unknown, unknown>, given: Answer) {
  await deps.access.audit.record(principal!.name, given.type, { instruction: id });
  const view = await deps.readModel.instructions.answer(id, principal!.name, given);
  return view ?? Promise.reject(notFound(`Instruction "${id}"`));
}

export const instructionRoutes = [
  route({
    method: 'get',
    path: '/v1/instructions',
    summary:
      'Instructions in the order in which they were told. An ingest key sees those for its source, its node and its channel.',
    ability: 'read-instructions',
    query: instructionsQuery,
    status: 200,
    answer: instructionsAnswer,
    handle: (deps, { query, principal }) => deps.readModel.instructions.page(query, principal!),
  }),
  route({
    method: 'get',
    path: '/v1/instructions/:id',
    summary: 'One instruction and what was answered.',
    ability: 'read-instructions',
    status: 200,
    answer: instructionView,
    handle: async (deps, { params: { id = '' }, principal }) =>
      (await deps.readModel.instructions.one(id, principal!)) ?? Promise.reject(notFound(`Instruction "${id}"`)),
  }),
  route({
    method: 'post',
    path: '/v1/instructions/:id/confirm',
    summary: 'Say, in place of the other system, that it is done. Systems send `instruction.confirmed` themselves.',
    ability: 'act-on-operations',
    body: confirmRequest,
    status: 200,
    answer: instructionView,
    handle: (deps, call) => answer(deps, call, { type: 'instruction.confirmed', ...call.body }),
  }),
  route({
    method: 'post',
    path: '/v1/instructions/:id/fail',
    summary: 'Say, in place of the other system, that it will not be done.',
    ability: 'act-on-operations',
    body: failRequest,
    status: 200,
    answer: instructionView,
    handle: (deps, call) => answer(deps, call, { type: 'instruction.failed', ...call.body }),
  }),
  route({
    method: 'post',
    path: '/v1/instructions/:id/repeat',
    summary: 'Tell it once more, under the same key.',
    ability: 'act-on-operations',
    status: 200,
    answer: instructionView,
    handle: (deps, call) => answer(deps, call, { type: 'instruction.repeated' }),
  }),
  route({
    method: 'post',
    path: '/v1/instructions/:id/withdraw',
    summary: 'Say that it need not be done any more.',
    ability: 'act-on-operations',
    body: withdrawRequest,
    status: 200,
    answer: instructionView,
    handle: (deps, call) => answer(deps, call, { type: 'instruction.withdrawn', ...call.body }),
  }),
];
