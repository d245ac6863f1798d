/** Starts the embedded engine in its own process, keeps it running, and stops it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export type EngineLogger = {
  info(fields: object, words: string): void;
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
};

export type StartEngineOptions = {
  dataDir: string;
  /** 0 or nothing: a free one, kept over restarts. */
  port?: number;
  /** Where the engine also writes `{url, username, password, database, pid}` for other processes (mode 0600). */
  readyFile?: string;
  logger: EngineLogger;
  nodePath?: string;
};

export type RunningEngine = {
  url: string;
  username: string;
  password: string;
  database: string;
  /** Of the process that runs now; it changes with every restart. */
  readonly pid: number;
  stop(): Promise<void>;
  /** Called at every end of the process. `willRestart` is false when the engine is gone for good. */
  onExit(callback: (exit: { code: number | null; signal: NodeJS.Signals | null; willRestart: boolean }) => void): void;
};

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 6_000;
const RESTARTS_IN_ROW_MAX = 20;
const RESTART_DELAY_MS_MIN = 100;
const RESTART_DELAY_MS_MAX = 10_000;
/** An engine that ran this long is healthy: its next end starts the count anew. */
const HEALTHY_AFTER_MS = 30_000;
/** chdb works on libuv threads: sessions, and room beside them for files and compression. */
const UV_THREADS = 12;
const LAST_WORDS_MAX = 3;

/** @throws when the first start fails, with the engine's own last words. */
export async function startEngine(options: StartEngineOptions): Promise<RunningEngine> {
  const credentials = { username: 'tideline', password: randomBytes(24).toString('base64url') };
  const exitCallbacks: Parameters<RunningEngine['onExit']>[0][] = [];
  let port = options.port ?? 0;
  let stopping = false;
  let restartsInRow = 0;
  let restart: NodeJS.Timeout | undefined;
  let startedAt = 0;
  let child = launch();
  const url = await ready(child);
  port = Number(new URL(url).port);

  function launch(): ChildProcess {
    startedAt = Date.now();
    const entry = fileURLToPath(new URL('./engine.ts', import.meta.url));
    const args = ['--no-warnings', entry, '--path', options.dataDir, '--port', String(port), '--parent'];
    if (options.readyFile) args.push('--ready-file', options.readyFile);
    const started = spawn(options.nodePath ?? process.execPath, args, {
      env: { UV_THREADPOOL_SIZE: String(UV_THREADS), TZ: 'UTC' },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: a signal meant for us all must not end the engine before those who still write to it.
      detached: true,
    });
    started.stdin!.on('error', () => {});
    // Left open: its end tells the engine that this process is gone, even after a kill -9.
    started.stdin!.write(`${JSON.stringify(credentials)}\n`);
    return started;
  }

  /** Waits for the line that says ready; its failure carries what the engine last wrote. */
  async function ready(started: ChildProcess): Promise<string> {
    const lastWords: string[] = [];
    const closed = once(started, 'close');
    createInterface({ input: started.stderr! }).on('line', (line) => {
      forward(line);
      lastWords.push(wordsOf(line));
      if (lastWords.length > LAST_WORDS_MAX) lastWords.shift();
    });
    const tooLate = setTimeout(() => started.kill('SIGKILL'), READY_MS_MAX);
    const firstUrl = await readyUrl(started).finally(() => clearTimeout(tooLate));
    if (firstUrl) {
      if (started.exitCode !== null || started.signalCode !== null) onEnd(started);
      else started.once('exit', () => onEnd(started));
      return firstUrl;
    }
    await closed;
    throw new Error(`the embedded engine did not start: ${lastWords.join(' ')}`);
  }

  function forward(line: string): void {
    const { level, msg, name, time, ...fields } = parseLog(line);
    options.logger[level === 'info' ? 'info' : 'warn'](fields, `engine: ${msg}`);
  }

  function onEnd(ended: ChildProcess): void {
    const { exitCode: code, signalCode: signal } = ended;
    if (Date.now() - startedAt > HEALTHY_AFTER_MS) restartsInRow = 0;
    const willRestart = !stopping && restartsInRow < RESTARTS_IN_ROW_MAX;
    for (const callback of exitCallbacks) callback({ code, signal, willRestart });
    if (stopping) return;
    options.logger.error({ code, signal, restartsInRow, willRestart }, 'the embedded engine ended by itself');
    if (willRestart) startAgain();
  }

  function startAgain(): void {
    const delayMs = Math.min(RESTART_DELAY_MS_MAX, RESTART_DELAY_MS_MIN * 2 ** restartsInRow);
    restartsInRow += 1;
    restart = setTimeout(() => {
      const started = launch();
      child = started;
      // The engine's own words are in the log already.
      ready(started).catch(() => onEnd(started));
    }, delayMs);
  }

  return {
    url,
    ...credentials,
    database: 'tideline',
    get pid() {
      return child.pid!;
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const killed = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await ended;
      clearTimeout(killed);
    },
    onExit: (callback) => void exitCallbacks.push(callback),
  };
}

/** The address from the line that says ready, or null when the process ended before it. */
async function readyUrl(started: ChildProcess): Promise<string | null> {
  for await (const line of createInterface({ input: started.stdout! })) {
    if (!line.startsWith('{"ready":true')) continue;
    started.stdout!.resume();
    return JSON.parse(line).url;
  }
  return null;
}

function parseLog(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch {
    return { level: 'warn', msg: line };
  }
}

function wordsOf(line: string): string {
  return String(parseLog(line).msg);
}
