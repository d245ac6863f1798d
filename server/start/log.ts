/** The log: JSON lines into a file of the data folder, or to standard output where something collects them. */
import { join } from 'node:path';
import { destination, type Logger, pino } from 'pino';
import type { Config } from '../config.ts';

/** Never written, wherever in a log line they stand. */
const secrets = ['password', 'token', 'secret', 'key', 'authorization', 'cookie'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

export function openLog(config: Config): Logger {
  const collected = config.redisUrl !== '' && config.clickhouseUrl !== '';
  const target = collected ? 1 : join(config.dataDir, 'tideline.log');
  return pino(
    {
      level: config.logLevel,
      redact: { paths: secrets, censor: '[redacted]' },
      base: { roles: config.roles.join(',') },
    },
    destination({ dest: target, mkdir: true, sync: false, mode: 0o600 }),
  );
}
