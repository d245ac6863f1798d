/** Channels in Redis, with their secrets; what their last tests said lies beside them. */
import type { Keys } from '../../../streams/processing/keys.ts';
import type { Redis } from '../../../streams/processing/redis.ts';
import type { KeptChannel, LastTest } from './settings.ts';

export type KeptChannels = ReturnType<typeof openKeptChannels>;

/** Of ids that cannot hold this sign. */
const testField = (id: string) => `${id}|test`;

/** Stores ARGV[3] unless another version than ARGV[2] stands there, 0 being none. */
const STORE_IF_VERSION = `
  local known = redis.call('HGET', KEYS[1], ARGV[1])
  local version = known and cjson.decode(known).version or 0
  if version ~= tonumber(ARGV[2]) then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return 1`;

export function openKeptChannels(redis: Redis, keys: Keys) {
  const channels = keys.alerts('channels');

  async function find(id: string): Promise<KeptChannel | null> {
    const text = id.includes('|') ? null : await redis.hGet(channels, id);
    return text === null ? null : (JSON.parse(text) as KeptChannel);
  }

  /** By name. */
  async function all(): Promise<{ channel: KeptChannel; lastTest: LastTest | null }[]> {
    const stored = new Map(Object.entries(await redis.hGetAll(channels)));
    return [...stored]
      .filter(([field]) => !field.includes('|'))
      .map(([id, text]) => {
        const tested = stored.get(testField(id));
        return {
          channel: JSON.parse(text) as KeptChannel,
          lastTest: tested === undefined ? null : (JSON.parse(tested) as LastTest),
        };
      })
      .sort((a, b) => (a.channel.name < b.channel.name ? -1 : 1));
  }

  /** @returns false when another version stands there by now */
  const keep = async (channel: KeptChannel, basedOn: number): Promise<boolean> =>
    (await redis.eval(STORE_IF_VERSION, {
      keys: [channels],
      arguments: [channel.id, String(basedOn), JSON.stringify(channel)],
    })) === 1;

  async function lastTestOf(id: string): Promise<LastTest | null> {
    const text = await redis.hGet(channels, testField(id));
    return text === null ? null : (JSON.parse(text) as LastTest);
  }

  return {
    find,
    all,
    keep,
    lastTestOf,
    keepTest: (id: string, test: LastTest) => redis.hSet(channels, testField(id), JSON.stringify(test)),
    remove: (id: string) => redis.hDel(channels, [id, testField(id)]),
  };
}
