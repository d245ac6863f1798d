/** The browser client, built when it is missing or older than its sources. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentForChildren, projectDir } from '../config.ts';
import { StartError } from './start-error.ts';

export const clientDir = join(projectDir, 'client', 'dist');
const stampFile = join(clientDir, '.sources');
/** What the client is made of. */
const sources = [
  'client',
  'server/http/contract',
  'server/http/contract.ts',
  'server/live/contract.ts',
  'streams/events',
  'package-lock.json',
];
const WORDS_KEPT = 2_000;

/** The hash that tells browsers which build they run. */
export function clientBuild(): string {
  const file = join(clientDir, 'build.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { build: string }).build : '';
}

export async function buildClient(say: (words: string) => void): Promise<void> {
  const hash = hashOfSources();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === hash && clientBuild() !== '') return;
  say('building the client');
  await runVite();
  writeFileSync(stampFile, hash);
}

function runVite(): Promise<void> {
  const vite = join(projectDir, 'node_modules', 'vite', 'bin', 'vite.js');
  const child = spawn(process.execPath, [vite, 'build', '--config', 'client/vite.config.ts', '--logLevel', 'error'], {
    cwd: projectDir,
    env: { ...environmentForChildren(), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  const keep = (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-WORDS_KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new StartError(`The client could not be built:\n${words.trim()}`));
    });
  });
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    for (const file of filesUnder(join(projectDir, source))) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path).filter((name) => name !== 'dist');
  return names.sort().flatMap((name) => filesUnder(join(path, name)));
}
