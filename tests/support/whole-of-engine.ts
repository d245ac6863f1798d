/** Answers SQL whole and straight from an engine of a test, without the guard and the queue of analysts. */
import type { HistoryClient } from '../../analytics/clickhouse/client.ts';
import { askWhole } from '../../analytics/clickhouse/whole-answer.ts';
import { trusted } from '../../server/exports/answer-whole.ts';
import { type AnswerWhole, CannotAnswer } from '../../server/exports/whole.ts';

export const wholeOfEngine =
  (client: HistoryClient, dataAsOf: number | null = null): AnswerWhole =>
  async (of, _by, format, signal) => {
    if (of.kind !== 'sql') throw new CannotAnswer('There is no builder here.');
    const { sql, parameters } = of.question;
    const answer = await trusted(() => askWhole(client, { sql, parameters, format, signal }), signal);
    return { sql, parameters, ...answer, dataAsOf, eventsBehind: 0 };
  };
