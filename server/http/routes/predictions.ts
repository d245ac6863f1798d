/** What is likely, what was said before, and how often it came true. */
import {
  predictionsPage,
  predictionsQuery,
  reliabilityAnswer,
  reliabilityQuery,
  saidAnswer,
  saidQuery,
} from '../contract/predictions.ts';
import { type Route, route } from '../route.ts';

export const predictionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/predictions',
    summary:
      'Stockouts, missed cut-offs and late receipts to come, likeliest first, each with its probability and what it follows from.',
    ability: 'see-operations',
    query: predictionsQuery,
    status: 200,
    answer: predictionsPage,
    handle: (deps, { query }) => deps.readModel.predictions(query),
  }),
  route({
    method: 'get',
    path: '/v1/predictions/said',
    summary: 'What was said about one subject before, and what came of it.',
    ability: 'see-operations',
    query: saidQuery,
    status: 200,
    answer: saidAnswer,
    handle: (deps, { query }) => deps.readModel.predictionsSaid(query),
  }),
  route({
    method: 'get',
    path: '/v1/predictions/reliability',
    summary: 'How often what was said came true: scores beside what habit says, and ten bins.',
    ability: 'see-operations',
    query: reliabilityQuery,
    status: 200,
    answer: reliabilityAnswer,
    handle: (deps, { query }) => deps.readModel.reliability(query),
  }),
];
