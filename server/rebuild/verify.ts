/** Whether history explains the live state: a copy of the live states, a rebuild from history, and their differences. */
import { readEvents } from '../../analytics/clickhouse/history-reader.ts';
import { catalog } from '../../analytics/kpis/index.ts';
import { checkpointOf, commit } from '../../streams/processing/commit.ts';
import { type Keys, stateKinds } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import { applyAll } from '../../streams/processing/run-processor.ts';
import { createStateCache } from '../../streams/processing/state-cache.ts';
import type { Runtime } from '../runtime.ts';

/** History is written within a second; a verification waits this long for it to have the events of the copy. */
const HISTORY_WAIT_MS_MAX = 60_000;
const LOOK_EVERY_MS = 200;
const FIELDS_PER_SCAN = 2_000;

export type CopiedStates = {
  redis: Redis;
  keys: Keys;
  nameOf(key: string): string;
  sources: string[];
  drop(): Promise<void>;
};

/** Copies every state as of one commit: a transaction, so that nothing moves in between. */
export async function copyLiveStates({
  redis,
  keys,
}: Pick<Runtime, 'redis' | 'keys'>): Promise<{ seq: number; copied: CopiedStates }> {
  const nameOf = (key: string) => `${key}:verify`;
  const sources = await redis.sMembers(keys.deadlineSources);
  const names = [...stateKinds.map(keys.state), ...sources.map(keys.deadlines)];
  const transaction = redis.multi();
  for (const name of names) transaction.copy(name, nameOf(name), { REPLACE: true });
  transaction.get(keys.checkpoint);
  const answers = await transaction.exec();
  const { seq } = checkpointOf(answers.at(-1) as unknown as string | null);
  const drop = async () => void (await redis.unlink(names.map(nameOf)));
  return { seq, copied: { redis, keys, nameOf, sources, drop } };
}

/** Applies all events of history, in order, to an empty Redis. */
export async function rebuildStates(
  { redis, history, keys }: Pick<Runtime, 'redis' | 'history' | 'keys'>,
  toSeq: number,
  onProgress: (done: number) => void,
): Promise<void> {
  const cache = createStateCache();
  const waitedFrom = Date.now();
  let checkpoint = checkpointOf(null);
  while (checkpoint.seq < toSeq) {
    const before = checkpoint.seq;
    for await (const facts of readEvents(history, { fromSeq: checkpoint.seq + 1, toSeq })) {
      const events = facts.map((fact) => fact.event);
      const batch = await applyAll({ redis, keys, catalog }, cache, events, checkpoint.seq);
      const after = { position: `0-${batch.seq}`, seq: batch.seq };
      // The outbox and the notices of a rebuild have no reader.
      await commit(redis, keys, {
        batch,
        maps: cache.maps,
        before: checkpoint,
        after,
        duplicates: new Map(),
        committedAt: 0,
      });
      await redis.unlink([keys.facts, keys.changes]);
      checkpoint = after;
      cache.turn();
      onProgress(checkpoint.seq);
    }
    if (checkpoint.seq > before) continue;
    if (Date.now() - waitedFrom > HISTORY_WAIT_MS_MAX) {
      throw new Error(`history ends at event ${checkpoint.seq}, the live state stands at ${toSeq}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export async function compareStates(
  copied: CopiedStates,
  rebuilt: Pick<Runtime, 'redis'>,
): Promise<{ states: number; differences: string[] }> {
  const differences: string[] = [];
  let states = 0;
  for (const kind of stateKinds) {
    const name = copied.keys.state(kind);
    const [live, fresh] = await Promise.all([
      readHash(copied.redis, copied.nameOf(name)),
      readHash(rebuilt.redis, name),
    ]);
    states += live.size;
    differences.push(...differencesOf(kind, live, fresh));
  }
  for (const source of copied.sources) {
    const name = copied.keys.deadlines(source);
    const [live, fresh] = await Promise.all([
      readScores(copied.redis, copied.nameOf(name)),
      readScores(rebuilt.redis, name),
    ]);
    states += live.size;
    differences.push(...differencesOf(`deadlines of ${source}`, live, fresh));
  }
  return { states, differences };
}

function differencesOf(kind: string, live: Map<string, string>, fresh: Map<string, string>): string[] {
  const found: string[] = [];
  for (const id of new Set([...live.keys(), ...fresh.keys()])) {
    const [here, there] = [live.get(id), fresh.get(id)];
    if (here !== there) found.push(`${kind} ${id}: live ${here ?? 'absent'}, rebuilt ${there ?? 'absent'}`);
  }
  return found;
}

async function readHash(redis: Redis, key: string): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  let cursor = '0';
  do {
    const page = await redis.hScan(key, cursor, { COUNT: FIELDS_PER_SCAN });
    cursor = page.cursor;
    for (const { field, value } of page.entries) all.set(field, value);
  } while (cursor !== '0');
  return all;
}

async function readScores(redis: Redis, key: string): Promise<Map<string, string>> {
  const all = await redis.zRangeWithScores(key, 0, -1);
  return new Map(all.map(({ value, score }) => [value, String(score)]));
}
