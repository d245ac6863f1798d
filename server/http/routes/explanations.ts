/** Why an exception stands: what changed, what else happened then, how it went before. */
import { exceptionExplanation } from '../contract/explanations.ts';
import { notFound, Refusal } from '../problems.ts';
import { route } from '../route.ts';
import { whileThere } from '../while-there.ts';

export const explanationRoutes = [
  route({
    method: 'get',
    path: '/v1/exceptions/:id/explanation',
    summary:
      'What explains an exception, by number or as kind:subject, also one that is over: of a figure the parts that made the change, with shares that add up; related events in the same time; earlier episodes and how they ended.',
    ability: 'see-exceptions',
    status: 200,
    answer: exceptionExplanation,
    handle: async ({ access, readModel }, { params: { id = '' }, principal, response }) => {
      const seconds = await access.limits.spend('questions', principal!.id);
      if (seconds > 0)
        throw new Refusal(429, { title: 'Too many questions', detail: `Ask again in ${seconds} s.` }, seconds);
      const told = await whileThere(response, (signal) => readModel.exceptions.explanation(id, principal, signal));
      if (told === null) throw notFound(`An exception "${id}"`);
      return told;
    },
  }),
];
