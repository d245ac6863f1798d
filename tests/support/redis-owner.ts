// A Tideline in miniature for tests that kill it: starts a private Redis on the folder given, tells its pid, waits.
import { startPrivateRedis } from '../../server/start/private-redis.ts';

const redis = await startPrivateRedis({
  dataDir: process.argv[2] ?? '',
  logger: { info: () => undefined, warn: () => undefined },
});
console.log(redis.pid);
setInterval(() => undefined, 60_000);
process.once('SIGTERM', () => void redis.stop().then(() => process.exit(0)));
