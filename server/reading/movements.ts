/** The movements behind a stock figure, from history, with how far history is behind. */
import type { z } from 'zod';
import { movementsOf } from '../../analytics/clickhouse/queries/movements.ts';
import type { MovementsAnswer, movementsQuery } from '../http/contract.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';
import { eventsBehind } from './events-behind.ts';

export async function readMovements(
  runtime: Runtime,
  sku: string,
  query: z.output<typeof movementsQuery>,
): Promise<MovementsAnswer | null> {
  const { redis, keys, history } = runtime;
  if (!(await redis.hExists(keys.state('ledger'), sku)) && !(await redis.hExists(keys.state('item'), sku))) return null;
  const [answer, behind] = await Promise.all([
    reachable(movementsOf(history, { sku, ...query })),
    eventsBehind(runtime),
  ]);
  return { ...answer, eventsBehind: behind };
}
