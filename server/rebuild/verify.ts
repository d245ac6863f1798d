/** Whether history explains the live state: a copy of the live states, and how it differs from a rebuild. */
import { checkpointOf } from '../../streams/processing/commit.ts';
import { type Keys, stateKinds } from '../../streams/processing/keys.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { Runtime } from '../runtime.ts';

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
