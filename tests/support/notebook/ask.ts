/** Asks the questions of the notebook over HTTP, with a key that may read. */
import type { ContributionAnswer, MetricAnswer } from '../../../server/http/contract/questions.ts';
import type { SqlRun } from '../../../server/http/contract/sql-runs.ts';
import { until } from '../running-tideline.ts';
import type { NotebookQuestion, Table } from './questions.ts';
import { tableOfContribution, tableOfMetrics } from './render.ts';

const ANSWER_MS_MAX = 60_000;

export type Asker = { url: string; key: string; timeZone: string };

export async function ask(asker: Asker, { ask }: NotebookQuestion): Promise<{ table: Table; sql: string }> {
  if ('sql' in ask) return { table: await askSql(asker, ask.sql), sql: ask.sql };
  if ('contribution' in ask) {
    const answer = await call<ContributionAnswer>(asker, '/v1/questions/contribution', ask.contribution);
    return { table: tableOfContribution(answer), sql: '' };
  }
  const answer = await call<MetricAnswer>(asker, '/v1/questions/metrics', ask.builder);
  return { table: tableOfMetrics(answer, asker.timeZone), sql: answer.sql };
}

/** Asked again until the snapshot it was asked of holds everything: right after a replay it may be some seconds old. */
async function askSql(asker: Asker, sql: string): Promise<Table> {
  let table: Table | undefined;
  await until('an answer from all of history', ANSWER_MS_MAX, async () => {
    let run = await call<SqlRun>(asker, '/v1/sql/runs', { sql });
    while (run.state === 'queued' || run.state === 'running') {
      run = await call<SqlRun>(asker, `/v1/sql/runs/${run.id}?after=${run.version}`);
    }
    if (run.state !== 'done' || run.cut !== null) {
      throw new Error(`${run.state}: ${run.fault?.what ?? run.cut?.limit ?? 'no rows'}\n${sql}`);
    }
    table = { columns: run.columns.map(({ name }) => name), rows: run.rows };
    return run.eventsBehind === 0;
  });
  return table!;
}

async function call<T>({ url, key }: Asker, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}
