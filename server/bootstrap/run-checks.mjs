import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './progress.mjs';
import { projectFolder } from './project.mjs';

const steps = [
  { name: 'format and lint', args: ['node_modules/@biomejs/biome/bin/biome', 'check', '--colors=off'] },
  { name: 'types of the server', args: ['node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.json'] },
  {
    name: 'types of the client',
    args: ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', 'client/tsconfig.json'],
    needs: 'client/tsconfig.json',
  },
  {
    name: 'architecture',
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project=architecture', '--reporter=default'],
  },
];

/** Runs all checks side by side; prints each with its time, and what it says if it fails. Resolves with the exit code. */
export async function runChecks(node) {
  const startedAt = performance.now();
  const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(7);
  const results = await Promise.all(
    steps.map(async ({ name, args, needs }) => {
      if (needs && !existsSync(join(projectFolder, needs))) {
        console.log(`skip  ${seconds(performance.now())}  ${name}: there is no ${needs}`);
        return true;
      }
      const stepStartedAt = performance.now();
      const { code, output } = await run(node, args, { cwd: projectFolder, env: { NO_COLOR: '1' } });
      console.log(`${code === 0 ? 'ok  ' : 'FAIL'}  ${seconds(stepStartedAt)}  ${name}`);
      if (code !== 0) console.log(output.trimEnd());
      return code === 0;
    }),
  );
  const failed = results.filter((ok) => !ok).length;
  console.log(
    `${failed === 0 ? 'ok  ' : 'FAIL'}  ${seconds(startedAt)}  check${failed ? `: ${failed} of ${steps.length} failed` : ''}`,
  );
  return failed === 0 ? 0 : 1;
}
