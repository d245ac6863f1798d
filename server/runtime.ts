/** The one place that makes clients of Redis and ClickHouse, and closes them. */
import { createClient } from 'redis';
import { createHistoryClient, type HistoryClient } from '../analytics/clickhouse/client.ts';
import { opsDatabaseOf } from '../analytics/views/index.ts';
import { type Keys, keysOf } from '../streams/processing/keys.ts';
import type { Redis } from '../streams/processing/redis.ts';
import { StartError } from './start/start-error.ts';

export type Reached = {
  redisUrl: string;
  history: { url: string; username: string; password: string; database: string };
};

export type Runtime = {
  /** Where all of it is, for a thread or process that opens its own. */
  reached: Reached;
  /** For short commands; fails at once while Redis is away. */
  redis: Redis;
  history: HistoryClient;
  /** The same, in the database of the analysts' views. */
  ops: HistoryClient;
  keys: Keys;
  /** A connection of its own, for what blocks; its commands wait while Redis is away. */
  connect(): Promise<Redis>;
  /**
   * A connection of its own, for what watches; its commands fail at once while Redis is away. A transaction that waited
   * for the next connection would be carried out there without its WATCH: a commit without its fence.
   */
  connectToWatch(): Promise<Redis>;
  close(): Promise<void>;
};

const RECONNECT_MS_MIN = 50;
const RECONNECT_MS_MAX = 2_000;
const CONNECT_MS_MAX = 10_000;
/** A Redis that starts together with us may need a moment; a wrong address must not wait for ever. */
const FIRST_ANSWER_MS_MAX = 10_000;

export type RuntimeLogger = { warn(fields: object, words: string): void };

/** @throws StartError when Redis does not answer at first; later losses are waited out */
export async function openRuntime(reached: Reached, workspace: string, logger: RuntimeLogger): Promise<Runtime> {
  const clients: Redis[] = [];
  const open = async (queueWhileAway: boolean): Promise<Redis> => {
    const client: Redis = createClient({
      url: reached.redisUrl,
      socket: { connectTimeout: CONNECT_MS_MAX, reconnectStrategy },
      disableOfflineQueue: !queueWhileAway,
    }) as Redis;
    let told = false;
    client.on('error', (error: Error) => {
      if (!told) logger.warn({ reason: error.message }, 'Redis is away');
      told = true;
    });
    client.on('ready', () => {
      told = false;
    });
    clients.push(client);
    await firstAnswer(client, reached.redisUrl);
    return client;
  };
  const redis = await open(false);
  const history = createHistoryClient(reached.history);
  const ops = createHistoryClient({ ...reached.history, database: opsDatabaseOf(reached.history.database) });
  return {
    reached,
    redis,
    history,
    ops,
    keys: keysOf(workspace),
    connect: () => open(true),
    connectToWatch: () => open(false),
    async close() {
      await Promise.all([history.close(), ops.close()]);
      await Promise.all(clients.map((client) => client.close().catch(() => client.destroy())));
    },
  };
}

async function firstAnswer(client: Redis, url: string): Promise<void> {
  let reason = 'no answer';
  const note = (error: Error) => {
    reason = error.message || reason;
  };
  client.on('error', note);
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      client.destroy();
      const where = url.replace(/\/\/[^/]*@/, '//');
      reject(new StartError(`Redis at ${where} cannot be used (${reason}). Is it running? Check --redis-url.`));
    }, FIRST_ANSWER_MS_MAX);
  });
  try {
    await Promise.race([client.connect(), silence]);
  } finally {
    clearTimeout(timer);
    client.off('error', note);
  }
}

function reconnectStrategy(retries: number): number {
  const grown = Math.min(RECONNECT_MS_MAX, RECONNECT_MS_MIN * 2 ** Math.min(retries, 10));
  return grown / 2 + Math.random() * (grown / 2);
}

/** `http://user:password@host:8123/database` taken apart for the client. */
export function historyAddress(url: string): Reached['history'] {
  const parsed = new URL(url);
  const { username, password, pathname } = parsed;
  parsed.username = '';
  parsed.password = '';
  parsed.pathname = '';
  return {
    url: parsed.toString().replace(/\/$/, ''),
    username: decodeURIComponent(username) || 'default',
    password: decodeURIComponent(password),
    database: pathname.replace(/^\//, '') || 'tideline',
  };
}
