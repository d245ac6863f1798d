/** One process that tells one lie after the other and runs the tests that could notice it. Its parent watches the clock. */
import { readdirSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { randomOf } from '../../../server/simulated-company/random.ts';
import { instrument, type Mutant } from './mutants.ts';

export type Task = { folders: string[]; without: string[]; sample: number; seed: number; skip: number[] };
export type Told =
  | { kind: 'ready'; mutants: number; covered: number; tests: number; failing: string[] }
  | { kind: 'begins'; mutant: Mutant }
  | { kind: 'ended'; mutant: Mutant; killedBy: string }
  | { kind: 'done' };

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tell = (message: Told) => process.send?.(message);

process.once('message', (task: Task) => {
  work(task).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});

async function work(task: Task): Promise<void> {
  const mutants: Mutant[] = [];
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === 'vitest' && context.parentURL?.includes('/tests/domain/'))
        return next(new URL('collected-tests.ts', import.meta.url).href, context);
      return next(specifier, context);
    },
    load(url, context, next) {
      const path = url.startsWith('file:') ? fileURLToPath(url).slice(root.length) : '';
      if (!task.folders.some((folder) => path.startsWith(folder))) return next(url, context);
      const { code, mutants: found } = instrument(path, readFileSync(root + path, 'utf8'), mutants.length);
      mutants.push(...found);
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
  let told = -1;
  let hits: Set<number> | undefined;
  Object.assign(globalThis, {
    __mutant(id: number): boolean {
      hits?.add(id);
      return id === told;
    },
  });

  const { collected, nameFile } = await import('./collected-tests.ts');
  for (const name of readdirSync(`${root}tests/domain`).sort()) {
    if (!name.endsWith('.test.ts') || task.without.some((part) => name.startsWith(part))) continue;
    nameFile(name);
    await import(pathToFileURL(`${root}tests/domain/${name}`).href);
  }

  /** Which tests reach which mutant, the fastest first. */
  const reachedBy = new Map<number, { index: number; ms: number }[]>();
  const failing: string[] = [];
  for (const [index, test] of collected.entries()) {
    hits = new Set();
    const started = performance.now();
    try {
      await test.run();
    } catch {
      failing.push(`${test.file}: ${test.name}`);
      continue;
    }
    const ms = performance.now() - started;
    for (const id of hits) reachedBy.set(id, [...(reachedBy.get(id) ?? []), { index, ms }]);
  }
  hits = undefined;

  const random = randomOf(task.seed, 'mutants');
  const order = mutants.map((mutant) => ({ mutant, rank: random.next() })).sort((a, b) => a.rank - b.rank);
  const chosen = order.slice(0, task.sample === 0 ? order.length : task.sample).map(({ mutant }) => mutant);
  tell({ kind: 'ready', mutants: mutants.length, covered: reachedBy.size, tests: collected.length, failing });
  for (const mutant of chosen) {
    if (task.skip.includes(mutant.id)) continue;
    tell({ kind: 'begins', mutant });
    told = mutant.id;
    let killedBy = '';
    for (const { index } of (reachedBy.get(mutant.id) ?? []).toSorted((a, b) => a.ms - b.ms)) {
      try {
        await collected[index]!.run();
      } catch {
        killedBy = `${collected[index]!.file}: ${collected[index]!.name}`;
        break;
      }
    }
    told = -1;
    tell({ kind: 'ended', mutant, killedBy: killedBy || (reachedBy.has(mutant.id) ? '' : 'nobody comes here') });
    // The parent reads in between.
    await new Promise((resolve) => setImmediate(resolve));
  }
  tell({ kind: 'done' });
  process.disconnect?.();
}
