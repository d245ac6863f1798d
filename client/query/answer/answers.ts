/** What the open questions were answered. An answer stays until a newer one has come: a failure does not take it away. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { MetricAnswer, MetricQuestion } from '../../../server/http/contract/questions.ts';
import type { SqlParameters, SqlRun } from '../../../server/http/contract/sql-runs.ts';
import { asProblem } from '../../http/load.ts';
import { type RequestProblem, request } from '../../http/request.ts';

export type TabAnswer = {
  /** Exactly one of them once there is an answer. */
  metrics: MetricAnswer | null;
  run: SqlRun | null;
  /** What is asked right now: of SQL, how far it is. */
  asking: 'metrics' | 'sql' | null;
  running: SqlRun | null;
  /** Why the last question has no answer. */
  problem: RequestProblem | null;
  /** The last run, where it failed or was cancelled. */
  failed: SqlRun | null;
  /** This browser's clock when the answer came. */
  answeredAt: number | null;
};
const nothing: TabAnswer = {
  metrics: null,
  run: null,
  asking: null,
  running: null,
  problem: null,
  failed: null,
  answeredAt: null,
};
/** The server answers when something has changed; this keeps a run that changes all the time from asking all the time. */
const POLL_MS = 100;

export const useAnswers = defineStore('question-answers', () => {
  const answers = shallowReactive(new Map<string, TabAnswer>());
  /** Which question of a tab is the newest; answers to earlier ones are worth nothing. */
  const asked = new Map<string, number>();

  return { of, askMetrics, askSql, cancel, forget };

  function of(key: string): TabAnswer {
    return answers.get(key) ?? nothing;
  }

  async function askMetrics(key: string, question: MetricQuestion): Promise<void> {
    await latest(key, 'metrics', async () => {
      const metrics = await request<MetricAnswer>('POST', '/v1/questions/metrics', question);
      return { metrics, run: null };
    });
  }

  async function askSql(key: string, sql: string, parameters: SqlParameters): Promise<void> {
    await latest(key, 'sql', async (isLatest) => {
      let run = await request<SqlRun>('POST', '/v1/sql/runs', { sql, parameters });
      while (run.state === 'queued' || run.state === 'running') {
        if (!isLatest()) {
          void stop(run.id);
          return {};
        }
        put(key, { running: run });
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        run = await request<SqlRun>('GET', `/v1/sql/runs/${encodeURIComponent(run.id)}?after=${run.version}`);
      }
      return run.state === 'done' ? { run, metrics: null } : { failed: run };
    });
  }

  async function latest(
    key: string,
    asking: 'metrics' | 'sql',
    ask: (isLatest: () => boolean) => Promise<Partial<TabAnswer>>,
  ): Promise<void> {
    const turn = (asked.get(key) ?? 0) + 1;
    asked.set(key, turn);
    const isLatest = () => asked.get(key) === turn;
    put(key, { asking, running: null });
    try {
      const answer = await ask(isLatest);
      const isAnswer = 'metrics' in answer || 'run' in answer;
      if (isLatest())
        put(key, { problem: null, failed: null, ...(isAnswer ? { answeredAt: Date.now() } : {}), ...answer });
    } catch (error) {
      if (isLatest()) put(key, { problem: asProblem(error), failed: null });
    } finally {
      if (isLatest()) put(key, { asking: null, running: null });
    }
  }

  /** The run itself ends: its place and its threads are free for others. */
  async function cancel(key: string): Promise<void> {
    const { running, asking } = of(key);
    if (running !== null) await stop(running.id);
    else if (asking === 'metrics') {
      asked.set(key, (asked.get(key) ?? 0) + 1);
      put(key, { asking: null });
    }
  }

  function forget(key: string): void {
    void cancel(key);
    asked.set(key, (asked.get(key) ?? 0) + 1);
    answers.delete(key);
  }

  function put(key: string, part: Partial<TabAnswer>): void {
    answers.set(key, { ...of(key), ...part });
  }
});

const stop = (id: string): Promise<unknown> =>
  request('POST', `/v1/sql/runs/${encodeURIComponent(id)}/cancel`).catch(() => undefined);
