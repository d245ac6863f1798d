/** `tideline rebuild --verify`: replays all history into a fresh Redis and compares every state with the live one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import { Command } from 'commander';
import { addPlaceOptions, type Config } from '../config.ts';
import { rebuildStates } from '../rebuild/from-history.ts';
import { compareStates, copyLiveStates } from '../rebuild/verify.ts';
import { openRuntime } from '../runtime.ts';
import { startPrivateRedis } from '../start/private-redis.ts';
import { findServices } from '../start/reach.ts';

const DIFFERENCES_SHOWN_MAX = 20;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function rebuildCommand(): Command {
  return addPlaceOptions(new Command('rebuild'))
    .description(
      'Replay history into a fresh Redis database and compare every state, byte for byte, with the live one.',
    )
    .requiredOption('--verify', 'compare only; nothing live is changed')
    .addHelpText('after', '\nExit codes: 0 the same, 1 something differs. Tideline goes on running meanwhile.')
    .action(async (flags: Config) => {
      process.exitCode = await rebuild(flags);
    });
}

async function rebuild(flags: Config): Promise<number> {
  const services = findServices(flags);
  const live = await openRuntime(services, flags.workspace, quiet);
  const scratch = mkdtempSync(join(tmpdir(), 'tideline-rebuild-'));
  const fresh = await startPrivateRedis({ dataDir: scratch, logger: quiet, appendfsync: 'everysec' });
  const rebuilt = await openRuntime({ redisUrl: fresh.url, history: services.history }, flags.workspace, quiet);
  const bar = new SingleBar({ format: '  {bar} {percentage}% | {value} of {total} events | {duration_formatted}' });
  try {
    const started = performance.now();
    const { seq, copied } = await copyLiveStates(live);
    try {
      bar.start(seq, 0);
      await rebuildStates(rebuilt, seq, (done) => bar.update(done));
      bar.stop();
      const { states, differences } = await compareStates(copied, rebuilt);
      for (const difference of differences.slice(0, DIFFERENCES_SHOWN_MAX)) console.log(`  differs: ${difference}`);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.log(`${seq} events, ${states} states compared, ${differences.length} differ (${seconds} s)`);
      return differences.length === 0 ? 0 : 1;
    } finally {
      await copied.drop();
    }
  } finally {
    bar.stop();
    await Promise.all([live.close(), rebuilt.close()]);
    await fresh.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}
