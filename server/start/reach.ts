/** How commands on this machine find the Redis and the engine of a Tideline that runs, and how `start` makes them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EngineLogger, startEngine } from '../../analytics/clickhouse/embedded/start-engine.ts';
import type { Config } from '../config.ts';
import { historyAddress, type Reached } from '../runtime.ts';
import { preparePrivateFolder } from './data-folder.ts';
import { startPrivateRedis } from './private-redis.ts';
import { StartError } from './start-error.ts';

type Place = Pick<Config, 'dataDir' | 'redisUrl' | 'clickhouseUrl'>;

const engineFile = (dataDir: string): string => join(dataDir, 'run', 'engine.json');
const redisFile = (dataDir: string): string => join(dataDir, 'run', 'reach.json');

export type Services = { reached: Reached; stop(): Promise<void> };

/** Starts what is not given: a private Redis and the embedded engine. `say` tells the operator what takes time. */
export async function startServices(
  config: Place,
  logger: EngineLogger,
  say: (words: string) => void,
): Promise<Services> {
  preparePrivateFolder(config.dataDir);
  preparePrivateFolder(join(config.dataDir, 'run'));
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of stops.reverse()) await end();
  };
  try {
    let { redisUrl } = config;
    if (redisUrl === '') {
      say('starting Redis');
      const redis = await startPrivateRedis({ dataDir: config.dataDir, logger });
      stops.push(redis.stop);
      redisUrl = redis.url;
    }
    if (config.clickhouseUrl !== '') {
      return { reached: { redisUrl, history: historyAddress(config.clickhouseUrl) }, stop };
    }
    say('starting the ClickHouse engine');
    const dataDir = preparePrivateFolder(join(config.dataDir, 'clickhouse'));
    const engine = await startEngine({ dataDir, readyFile: engineFile(config.dataDir), logger });
    stops.push(engine.stop);
    const { url, username, password, database } = engine;
    return { reached: { redisUrl, history: { url, username, password, database } }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Finds the services of the Tideline that runs on this data folder. */
export function findServices(config: Place): Reached {
  const redisUrl = config.redisUrl || runningRedis(config.dataDir);
  if (config.clickhouseUrl !== '') return { redisUrl, history: historyAddress(config.clickhouseUrl) };
  const file = engineFile(config.dataDir);
  if (!existsSync(file)) throw notRunning(config.dataDir);
  const { url, username, password, database = 'tideline' } = JSON.parse(readFileSync(file, 'utf8'));
  return { redisUrl, history: { url, username, password, database } };
}

/** The address that the Redis of this folder was started with. */
function runningRedis(dataDir: string): string {
  const file = redisFile(dataDir);
  if (!existsSync(file)) throw notRunning(dataDir);
  return (JSON.parse(readFileSync(file, 'utf8')) as { redisUrl: string }).redisUrl;
}

const notRunning = (dataDir: string): StartError =>
  new StartError(
    `No Tideline runs on ${dataDir}. Start it first (npm start), or name its folder with --data-dir, or its services with --redis-url and --clickhouse-url.`,
  );

export const reachFile = redisFile;
