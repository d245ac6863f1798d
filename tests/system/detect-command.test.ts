import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { environmentForChildren, projectDir } from '../../server/config.ts';

let child: ReturnType<typeof start>;
const start = () =>
  spawn(process.execPath, [join(projectDir, 'server', 'index.ts'), 'detect', '--echo'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: environmentForChildren(),
  });
beforeAll(() => {
  child = start();
});
afterAll(() => void child.kill('SIGKILL'));

test('`tideline detect` answers a line before the next one comes, keeps up with many, and ends with its input', async () => {
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await answers.next()).value as string);
  for (const t of [60, 120, 180]) {
    child.stdin.write(`{"series":"slow","t":${t},"v":${t}}\n`);
    expect(await next()).toMatchObject({ series: 'slow', t: t * 1_000, what: 'normal' });
  }
  const count = 20_000;
  const lines = Array.from({ length: count }, (_, i) =>
    i === 777 ? 'no point' : `{"series":"s${i % 50}","t":${60 * i},"v":${i % 7},"kind":"count"}`,
  );
  // Written at once, far more than a pipe holds: it must read on only as fast as it is read.
  child.stdin.end(lines.join('\n'));
  for (let i = 0; i < count; i++) {
    const answer = await next();
    if (i === 777) expect(answer).toEqual({ error: expect.stringContaining('not JSON') });
    else expect([answer.series, answer.t]).toEqual([`s${i % 50}`, 60_000 * i]);
  }
  expect((await answers.next()).done).toBe(true);
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
});
