/** How many events the live state is ahead of history. */

import { readPosition } from '../../analytics/clickhouse/history-position.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import type { Runtime } from '../runtime.ts';

export async function eventsBehind({ redis, keys }: Pick<Runtime, 'redis' | 'keys'>): Promise<number> {
  const [checkpoint, position] = await Promise.all([redis.get(keys.checkpoint), readPosition(redis, keys)]);
  return Math.max(0, checkpointOf(checkpoint).seq - position.seq);
}
