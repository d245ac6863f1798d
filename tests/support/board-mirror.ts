/** What boards are worked out from, made of a world in memory: the same tables, filled without Redis. */
import type { BandAt, Sight } from '../../server/boards/kpi-figure.ts';
import { createBucketTable } from '../../server/live/bucket-table.ts';
import type { Mirror } from '../../server/live/mirror.ts';
import type { BucketGrain } from '../../streams/operations/buckets.ts';
import { unconfigured } from '../../streams/operations/master-data.ts';
import { ids } from '../../streams/operations/states.ts';
import type { World } from './world.ts';

const kinds = ['workspace', 'node', 'channel', 'source', 'exception', 'backlog', 'totals', 'wave', 'kpi'] as const;

/** @param now the moment the figures speak of */
export function mirrorOf(world: World, now: number): Mirror {
  const table = createBucketTable();
  for (const [id, bucket] of world.entries('bucket')) {
    const [grain, start, channel, node] = id.split('|') as [BucketGrain, string, string, string];
    table.put({ grain, start: Number(start), channel, node, bucket });
  }
  const states = Object.fromEntries(kinds.map((kind) => [kind, new Map(world.entries(kind))]));
  const mirror = {
    states,
    buckets: {
      sum: (grain: BucketGrain, start: number, filter = {}) => table.sum(grain, start, filter),
      select: (grain: BucketGrain, from: number, to: number, filter = {}) => table.select(grain, from, to, filter),
      earliest: table.earliest,
    },
    duplicates: new Map(),
    workspace: () => world.get('workspace', ids.workspace) ?? unconfigured,
    businessNow: () => now,
    now: () => now,
  };
  return mirror as unknown as Mirror;
}

/** Nothing learned and nothing asked of history, unless said. */
export function sightOf(world: World, now: number, more: Partial<Sight> = {}): Sight {
  const band: BandAt = () => null;
  return {
    mirror: mirrorOf(world, now),
    band,
    past: { of: () => null },
    history: { of: () => null, read: async () => null },
    questions: {
      of: () => {
        throw new Error('no question is asked here');
      },
    },
    ...more,
  };
}
