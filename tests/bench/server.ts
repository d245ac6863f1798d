/** A Tideline of its own for the benchmark: a real server process on an empty data folder, and how it is watched. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../server/start/ports.ts';

const READY_MS_MAX = 120_000;
const entry = fileURLToPath(new URL('../../server/index.ts', import.meta.url));

export type BenchServer = {
  url: string;
  dataDir: string;
  key: string;
  setUpUrl: string;
  /** Bytes of resident memory of the server, the engine and Redis now. */
  memory(): number;
  stop(): Promise<void>;
};

export async function startServer(): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tideline-bench-'));
  const port = await findFreePort();
  const child = spawn(
    process.execPath,
    [...process.execArgv, entry, 'start', '--no-demo', '--data-dir', dataDir, '--port', String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const words = await readyWords(child);
  const setUpUrl = /http:\S+\/set-up\?token=\S+/.exec(words)?.[0] ?? '';
  const engine = (JSON.parse(readFileSync(join(dataDir, 'run', 'engine.json'), 'utf8')) as { pid: number }).pid;
  const redis = (JSON.parse(readFileSync(join(dataDir, 'run', 'redis.json'), 'utf8')) as { pid: number }).pid;
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    key: readFileSync(join(dataDir, 'run', 'local-key'), 'utf8').trim(),
    setUpUrl,
    memory: () => [child.pid!, engine, redis].reduce((sum, pid) => sum + residentBytes(pid), 0),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function readyWords(child: ChildProcess): Promise<string> {
  let words = '';
  const tooLate = setTimeout(() => child.kill('SIGKILL'), READY_MS_MAX);
  for await (const chunk of child.stdout!) {
    words += String(chunk);
    if (words.includes('Ctrl-C stops everything')) break;
  }
  clearTimeout(tooLate);
  if (!words.includes('Ctrl-C stops everything')) throw new Error(`the server did not start:\n${words}`);
  return words;
}

function residentBytes(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
