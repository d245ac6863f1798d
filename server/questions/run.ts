/** Runs the SQL of a question on history, and tells what is in the way in words. */
import { queryTable, type Table } from '../../analytics/clickhouse/client.ts';
import { sqlString } from '../../analytics/clickhouse/sql-text.ts';
import type { Statement } from '../../analytics/sql/metrics/statement.ts';
import { Refusal } from '../http/problems.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

/** Rows of an answer, which is groups times buckets. */
export const POINTS_MAX = 200_000;
/** Parameters travel in the address of the request, which is short; longer lists go into the text. */
const ADDRESS_CHARACTERS_MAX = 4_000;

export type Ops = Pick<Runtime, 'ops'>;
export type RunOptions = { signal?: AbortSignal | undefined; times?: 'seconds' | 'text' };

/** @throws Refusal when there are more points than can be drawn; Unavailable when history is away */
export async function run({ ops }: Ops, statement: Statement, options: RunOptions = {}): Promise<Table> {
  const { sql, parameters } = withinAddress(statement);
  try {
    return await reachable(queryTable(ops, sql, parameters, { ...options, rowsMax: POINTS_MAX }));
  } catch (error) {
    if ((error as { code?: string }).code === TOO_MANY_ROWS) throw tooManyPoints();
    throw error;
  }
}

const TOO_MANY_ROWS = '396';

export const tooManyPoints = () =>
  new Refusal(400, {
    title: 'Too many points',
    detail: `The answer has more than ${POINTS_MAX.toLocaleString('en')} points: groups times buckets.`,
    remedy: 'Ask for a coarser grain, a shorter time or fewer groups, or export the answer as a file.',
  });

/** Lists too long for the address as literals, written as the engine's own client writes them. */
export function withinAddress({ sql, parameters }: Statement): Statement {
  const size = Object.values(parameters).reduce<number>((sum, value) => sum + String(value).length, 0);
  if (size <= ADDRESS_CHARACTERS_MAX) return { sql, parameters };
  let text = sql;
  const short: Statement['parameters'] = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (typeof value !== 'object') short[name] = value;
    else {
      const literal = `[${value.map(sqlString).join(', ')}]`;
      text = text.replaceAll(`{${name}:Array(String)}`, () => literal);
      text = text.replaceAll(`{${name}:Array(DateTime('UTC'))}`, () => `CAST(${literal} AS Array(DateTime('UTC')))`);
    }
  }
  return { sql: text, parameters: short };
}
