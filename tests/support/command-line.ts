/** The command line as people meet it: a process of its own, what it printed where, and its exit code. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environmentForChildren, projectDir } from '../../server/config.ts';

export type Answer = { code: number | null; out: string; err: string; ms: number };

/** @param environment is added to the little that child processes of the server get themselves */
export function tideline(words: string[], environment: Record<string, string> = {}): Promise<Answer> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(projectDir, 'server', 'index.ts'), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environmentForChildren(), ...environment },
  });
  const endWithUs = () => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('exit', endWithUs);
      resolve({ code, out, err, ms: performance.now() - started });
    });
  });
}
