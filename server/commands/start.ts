/** `tideline start`: everything from an empty machine to a wall that moves, and back down in order. */
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Logger } from 'pino';
import { addServerOptions, type Config, configOf } from '../config.ts';
import { renewStates } from '../rebuild/renew-states.ts';
import { startRoles } from '../roles/start-roles.ts';
import { openRuntime } from '../runtime.ts';
import { buildClient } from '../start/client-build.ts';
import { preparePrivateFolder } from '../start/data-folder.ts';
import { startDemo } from '../start/demo.ts';
import { keepLocalKey } from '../start/local-key.ts';
import { openLog } from '../start/log.ts';
import { requireFreePort } from '../start/ports.ts';
import { prepareHistory } from '../start/prepare-history.ts';
import { reachFile, startServices } from '../start/reach.ts';
import { welcome } from '../start/welcome.ts';

/** Ctrl-C ends everything within this time, in order as far as it goes. */
const STOP_MS_MAX = 9_500;

export function startCommand(): Command {
  const command = new Command('start').description(
    'Start Tideline: what it stores, what it works with, and the web server.',
  );
  return addServerOptions(command)
    .addHelpText(
      'after',
      '\nEvery option can be given as an environment variable as well. Data stays where --data-dir says.',
    )
    .action(async (flags) => {
      await start(configOf(flags));
    });
}

/** Resolves when everything has been stopped again. */
export async function start(config: Config): Promise<void> {
  const say = (words: string) => console.log(`  ${words}`);
  const stopping = new AbortController();
  const stops: [string, () => Promise<void>][] = [];
  const onSignal = () => stopping.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let logger: Logger | undefined;
  try {
    const web = config.roles.includes('web');
    if (web) await requireFreePort(config.port, config.host);
    preparePrivateFolder(config.dataDir);
    logger = openLog(config);
    const services = await startServices(config, logger, say);
    stops.push(['storage', services.stop]);
    preparePrivateFolder(`${config.dataDir}/run`);
    writeFileSync(reachFile(config.dataDir), JSON.stringify(services.reached), { mode: 0o600 });
    await prepareHistory(services.reached, { required: config.roles.includes('history'), logger, say });
    if (web) await buildClient(say);
    if (stopping.signal.aborted) return;
    const runtime = await openRuntime(services.reached, config.workspace, logger);
    stops.push(['connections', runtime.close]);
    if (config.roles.includes('process')) {
      const writesHistory = config.roles.includes('history');
      await renewStates({ runtime, logger, say, writesHistory, restore: config.restore });
    }
    const running = await startRoles({ config, runtime, logger });
    stops.push(['work', running.stop]);
    if (running.web !== undefined) {
      await keepLocalKey(running.web.access, config.dataDir);
      const demo = await startDemo({ config, runtime, logger });
      if (demo !== null) stops.push(['simulation', demo.stop]);
      console.log(await welcome(config, running.web.access, demo !== null));
    } else {
      console.log(`Tideline runs here as ${config.roles.join(', ')}.`);
    }
    await new Promise<void>((resolve) => {
      if (stopping.signal.aborted) resolve();
      else stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    console.log('\nStopping …');
  } finally {
    await stopAll(stops, logger);
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** What was started last is stopped first. What hangs is left behind: all that matters is stored. */
async function stopAll(stops: [string, () => Promise<void>][], logger: Logger | undefined): Promise<void> {
  const deadline = setTimeout(() => {
    console.error('Something did not stop in time and was ended; nothing that was acknowledged is lost.');
    process.exit(1);
  }, STOP_MS_MAX);
  for (const [name, stop] of stops.reverse()) {
    const started = performance.now();
    await stop().catch((error: unknown) => logger?.error({ err: error, name }, 'did not stop cleanly'));
    logger?.info({ name, ms: Math.round(performance.now() - started) }, 'stopped');
  }
  clearTimeout(deadline);
}
