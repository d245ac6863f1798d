/** Who answers what: one's own SQL goes through the runner of analysts, questions of the builder to the main engine. */
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { askWhole, type WholeAnswer } from '../../analytics/clickhouse/whole-answer.ts';
import { LineIsFull } from '../analyst/fair-queue.ts';
import { NotWhole } from '../analyst/whole.ts';
import type { MetricQuestion } from '../http/contract/questions.ts';
import type { SqlParameters } from '../http/contract/sql-runs.ts';
import { Refusal } from '../http/problems.ts';
import { type AnswerWhole, type Asker, CannotAnswer, type StreamWhole } from './whole.ts';

export function openAnswerWhole(deps: {
  /** Its current database is the one of the analysts' views. */
  ops: HistoryClient;
  compile: (question: MetricQuestion, by: Asker) => { sql: string; parameters: SqlParameters };
  dataAge: () => Promise<{ dataAsOf: number | null; eventsBehind: number }>;
  streamWhole: StreamWhole;
}): AnswerWhole {
  return async (of, by, format, signal) => {
    if (of.kind === 'sql') {
      const { sql, parameters } = of.question;
      const { columns, pieces, dataAsOf, eventsBehind } = await saying(() =>
        deps.streamWhole({ sql, parameters, by, format, signal }),
      );
      return { columns, pieces: sayingOf(pieces), dataAsOf, eventsBehind, sql, parameters };
    }
    const { sql, parameters } = compiled(() => deps.compile(of.question, by));
    const age = await deps.dataAge();
    return {
      ...(await trusted(() => askWhole(deps.ops, { sql, parameters, format, signal }), signal)),
      ...age,
      sql,
      parameters,
    };
  };
}

/** What the runner says is for the person who asked, with what to do about it. */
function inWords(error: unknown): unknown {
  if (error instanceof LineIsFull) return new CannotAnswer(error.message);
  if (!(error instanceof NotWhole)) return error;
  return new CannotAnswer(error.remedy === null ? error.message : `${error.message} ${error.remedy}`);
}

async function saying<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: unknown) => Promise.reject(inWords(error)));
}

async function* sayingOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    throw inWords(error);
  }
}

function compiled<T>(compile: () => T): T {
  try {
    return compile();
  } catch (error) {
    throw error instanceof Refusal ? new CannotAnswer(error.message) : error;
  }
}

/** What the main engine says about a question is for the person who asked. */
export async function trusted(ask: () => Promise<WholeAnswer>, signal: AbortSignal): Promise<WholeAnswer> {
  const failed = (error: unknown): never => {
    throw signal.aborted ? signal.reason : new CannotAnswer(error instanceof Error ? error.message : String(error));
  };
  const { columns, pieces } = await ask().catch(failed);
  async function* told() {
    try {
      yield* pieces;
    } catch (error) {
      failed(error);
    }
  }
  return { columns, pieces: told() };
}
