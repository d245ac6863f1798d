/** The simulated company, as a process of its own that speaks to the server like anybody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ids, type Workspace } from '../../streams/operations/states.ts';
import { type Config, environmentForChildren, projectDir } from '../config.ts';
import type { Runtime } from '../runtime.ts';
import { localKeyFile } from './local-key.ts';

/** Busy enough that a wall visibly moves at every hour. */
const ORDERS_PER_DAY = 12_000;
const STOP_MS_MAX = 3_000;
const RESTART_AFTER_MS = 5_000;
/** One that ends this soon after its start, this often in a row, will not do better the next time. */
const TOO_SOON_MS = 10_000;
const FAILED_STARTS_MAX = 3;

/** Only in an empty workspace, or in one that it has filled before. @returns null when it does not run */
export async function startDemo(deps: { config: Config; runtime: Runtime; logger: Logger }) {
  const { config, runtime, logger } = deps;
  const stateFile = join(config.dataDir, 'simulated-company.json');
  if (!config.demo) return null;
  const text = await runtime.redis.hGet(runtime.keys.state('workspace'), ids.workspace);
  const workspace = text === null || text === undefined ? undefined : (JSON.parse(text) as Workspace);
  if (workspace !== undefined && !(workspace.simulated && existsSync(stateFile))) return null;

  let stopped = false;
  let failedStarts = 0;
  let child = launch();
  function launch() {
    const startedAt = Date.now();
    let lastWords = '';
    const started = spawn(
      process.execPath,
      [
        join(projectDir, 'server', 'index.ts'),
        'simulate',
        ...['--url', `http://${config.host}:${config.port}`],
        ...['--key-file', localKeyFile(config.dataDir)],
        ...['--state-file', stateFile],
        ...['--orders-per-day', String(ORDERS_PER_DAY)],
      ],
      { env: environmentForChildren(), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    const tell = (chunk: Buffer) => {
      lastWords = chunk.toString().trim();
      logger.info({ words: lastWords }, 'simulated company');
    };
    started.stdout.on('data', tell);
    started.stderr.on('data', tell);
    started.once('exit', (code) => {
      if (stopped) return;
      failedStarts = Date.now() - startedAt < TOO_SOON_MS ? failedStarts + 1 : 0;
      if (failedStarts >= FAILED_STARTS_MAX) {
        logger.error({ code, lastWords }, 'the simulated company cannot run');
        console.error(`\nThe simulated company has stopped. ${lastWords}\nEverything else goes on.`);
        return;
      }
      logger.warn({ code }, 'the simulated company ended; starting it again');
      setTimeout(() => {
        if (!stopped) child = launch();
      }, RESTART_AFTER_MS).unref();
    });
    return started;
  }
  return {
    async stop() {
      stopped = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const killed = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await ended;
      clearTimeout(killed);
    },
  };
}
