/** Questions of measures by dimensions over time, what moved a figure, and the rows behind it. */
import {
  askable,
  contributionAnswer,
  contributionQuestion,
  dimensionValues,
  dimensionValuesQuery,
  metricAnswer,
  metricQuestion,
  rowsAnswer,
  rowsQuestion,
} from '../contract/questions.ts';
import { Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';
import { whileThere } from '../while-there.ts';

/** @throws Refusal when somebody asks more often than anybody reads */
async function withinLimits({ access }: HandlerDeps, { principal }: Call<unknown, unknown>): Promise<void> {
  const seconds = await access.limits.spend('questions', principal!.id);
  if (seconds === 0) return;
  throw new Refusal(429, { title: 'Too many questions', detail: `Ask again in ${seconds} s.` }, seconds);
}

export const questionRoutes = [
  route({
    method: 'get',
    path: '/v1/questions/askable',
    summary: 'What can be asked: KPIs as measures, and the dimensions each can be split by.',
    ability: 'ask-questions',
    status: 200,
    answer: askable,
    handle: async ({ readModel }, { principal }) => readModel.questions.askable(principal),
  }),
  route({
    method: 'post',
    path: '/v1/questions/metrics',
    summary: 'Measures by dimensions over time, compared with another time; with the SQL that was asked.',
    ability: 'ask-questions',
    body: metricQuestion,
    status: 200,
    answer: metricAnswer,
    handle: async (deps, call) => {
      await withinLimits(deps, call);
      return whileThere(call.response, (signal) => deps.readModel.questions.ask(call.body, call.principal, signal));
    },
  }),
  route({
    method: 'post',
    path: '/v1/questions/contribution',
    summary: 'What moved a figure: its change between two times, shared out over groups so that the shares add up.',
    ability: 'ask-questions',
    body: contributionQuestion,
    status: 200,
    answer: contributionAnswer,
    handle: async (deps, call) => {
      await withinLimits(deps, call);
      const { questions } = deps.readModel;
      return whileThere(call.response, (signal) => questions.contribution(call.body, call.principal, signal));
    },
  }),
  route({
    method: 'post',
    path: '/v1/questions/rows',
    summary: 'The rows behind a figure, newest first: what each adds to it.',
    ability: 'ask-questions',
    body: rowsQuestion,
    status: 200,
    answer: rowsAnswer,
    handle: async (deps, call) => {
      await withinLimits(deps, call);
      return whileThere(call.response, (signal) => deps.readModel.questions.rows(call.body, call.principal, signal));
    },
  }),
  route({
    method: 'get',
    path: '/v1/questions/values/:dimension',
    summary: 'The values of a dimension that are on record, most frequent first.',
    ability: 'ask-questions',
    query: dimensionValuesQuery,
    status: 200,
    answer: dimensionValues,
    handle: async (deps, call) => {
      await withinLimits(deps, call);
      const { dimension = '' } = call.params;
      const { questions } = deps.readModel;
      return whileThere(call.response, (signal) =>
        questions.values(dimension, call.query.search, call.principal, signal),
      );
    },
  }),
];
