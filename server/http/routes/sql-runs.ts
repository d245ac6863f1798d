/** One's own SQL over the views: what may be asked, what it would cost, and its runs. */
import { LineIsFull } from '../../analyst/fair-queue.ts';
import { sqlCheck, sqlQuestion, sqlRun, sqlRunLines, sqlRunQuery, sqlSchema } from '../contract/sql-runs.ts';
import { notFound, Refusal } from '../problems.ts';
import { type Call, type HandlerDeps, route } from '../route.ts';

const askerOf = ({ principal }: Call<unknown, unknown>) => ({ id: principal!.id, name: principal!.name });
const noRun = (id: string) => notFound(`A run "${id}" of yours`);

async function spend({ access }: HandlerDeps, what: 'sql' | 'sql-check', who: string): Promise<void> {
  const seconds = await access.limits.spend(what, who);
  if (seconds === 0) return;
  const detail = 'You ask more often than the history can answer.';
  throw new Refusal(429, { title: 'Too many requests', detail, remedy: `Wait ${seconds} s.` }, seconds);
}

export const sqlRunRoutes = [
  route({
    method: 'get',
    path: '/v1/sql/schema',
    summary: 'The views that can be asked in SQL, with their columns and examples, the functions, and the limits.',
    ability: 'ask-sql',
    status: 200,
    answer: sqlSchema,
    handle: async ({ readModel }) => readModel.sql.schema(),
  }),
  route({
    method: 'post',
    path: '/v1/sql/check',
    summary: 'Whether a question may run, and how much it would read. Runs nothing.',
    ability: 'ask-sql',
    body: sqlQuestion,
    status: 200,
    answer: sqlCheck,
    handle: async (deps, call) => {
      await spend(deps, 'sql-check', call.principal!.id);
      return deps.readModel.sql.check(call.body);
    },
  }),
  route({
    method: 'post',
    path: '/v1/sql/runs',
    summary: 'Asks a question. It waits for its turn, runs, and is cancelled when nobody reads it for half a minute.',
    ability: 'ask-sql',
    body: sqlQuestion,
    status: 202,
    answer: sqlRun,
    handle: async (deps, call) => {
      await spend(deps, 'sql', call.principal!.id);
      try {
        return deps.readModel.sql.start(askerOf(call), call.body);
      } catch (error) {
        if (!(error instanceof LineIsFull)) throw error;
        throw new Refusal(409, { title: 'Too many waiting', detail: error.message, remedy: 'Cancel one, or wait.' });
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/sql/runs',
    summary: "One's own questions in SQL and what became of them, newest first.",
    ability: 'ask-sql',
    status: 200,
    answer: sqlRunLines,
    handle: async ({ readModel }, call) => ({ items: await readModel.sql.history(askerOf(call)) }),
  }),
  route({
    method: 'get',
    path: '/v1/sql/runs/:id',
    summary: 'One run; with `after`, as soon as it is past that version. Its rows come when it is over.',
    ability: 'ask-sql',
    query: sqlRunQuery,
    status: 200,
    answer: sqlRun,
    handle: async ({ readModel }, call) => {
      const { id = '' } = call.params;
      return (await readModel.sql.read(askerOf(call), id, call.query.after)) ?? Promise.reject(noRun(id));
    },
  }),
  route({
    method: 'post',
    path: '/v1/sql/runs/:id/cancel',
    summary: 'Ends a run within two seconds, whatever it does.',
    ability: 'ask-sql',
    status: 200,
    answer: sqlRun,
    handle: async ({ readModel }, call) => {
      const { id = '' } = call.params;
      return readModel.sql.cancel(askerOf(call), id) ?? Promise.reject(noRun(id));
    },
  }),
];
