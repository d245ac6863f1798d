/**
 * `npm run mutate-rules`: tells small lies in the pure folders and sees whether a test notices. Those that nobody notices
 * are listed: each is a test that is missing, or a lie that changes nothing.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Mutant } from './mutants.ts';
import type { Task, Told } from './try-mutants.ts';

const { values } = parseArgs({
  options: {
    folders: { type: 'string', default: 'streams/operations/,streams/policies/,streams/exceptions/' },
    /** 0 tries all. */
    sample: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    report: { type: 'string' },
  },
});
/** A mutant that takes longer than this runs for ever: that is noticed too. */
const MS_MAX = 30_000;
/** Tests that take long, or that look at documents, connectors and KPIs instead of rules. */
const without = [
  'replay',
  'kpi',
  'docs',
  'connectors',
  'simulated',
  'detection',
  'anomaly',
  'lossless',
  'accuracy-cal',
];

type Result = { mutant: Mutant; killedBy: string };
const results: Result[] = [];
const skip: number[] = [];
const task: Task = {
  folders: values.folders.split(','),
  without,
  sample: Number(values.sample),
  seed: Number(values.seed),
  skip,
};
while (!(await oneProcess()));
report();

/** @returns true when there is nothing left to do */
function oneProcess(): Promise<boolean> {
  const child = fork(new URL('./try-mutants.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.send(task);
  return new Promise((resolve, reject) => {
    let at: Mutant | undefined;
    let timer: NodeJS.Timeout | undefined;
    let done = false;
    child.on('message', (told: Told) => {
      clearTimeout(timer);
      if (told.kind === 'ready' && skip.length === 0) {
        console.log(`${told.mutants} mutants, ${told.covered} reached by ${told.tests} tests`);
        for (const name of told.failing) console.log(`left out, fails without a mutant: ${name}`);
      }
      if (told.kind === 'begins') {
        at = told.mutant;
        timer = setTimeout(() => child.kill('SIGKILL'), MS_MAX);
      }
      if (told.kind === 'ended') {
        results.push({ mutant: told.mutant, killedBy: told.killedBy });
        skip.push(told.mutant.id);
        at = undefined;
      }
      if (told.kind === 'done') done = true;
    });
    child.on('exit', () => {
      clearTimeout(timer);
      if (done) return resolve(true);
      if (at === undefined) return reject(new Error('the process that tries mutants has ended'));
      results.push({ mutant: at, killedBy: 'it runs for ever, or ends the process' });
      skip.push(at.id);
      resolve(false);
    });
  });
}

function report(): void {
  const survivors = results.filter(({ killedBy }) => killedBy === '');
  const unreached = results.filter(({ killedBy }) => killedBy === 'nobody comes here');
  const noticed = results.length - survivors.length - unreached.length;
  const share = (count: number) => `${Math.round((1_000 * count) / results.length) / 10} %`;
  const lines = [
    `${results.length} tried, seed ${values.seed}: ${noticed} noticed (${share(noticed)}), ` +
      `${survivors.length} survive (${share(survivors.length)}), ${unreached.length} not reached (${share(unreached.length)})`,
    ...[...survivors, ...unreached]
      .sort((a, b) =>
        a.mutant.file < b.mutant.file ? -1 : a.mutant.file > b.mutant.file ? 1 : a.mutant.line - b.mutant.line,
      )
      .map(
        ({ mutant, killedBy }) =>
          `${mutant.file}:${mutant.line} ${mutant.what}${killedBy === '' ? '' : ' (not reached)'}`,
      ),
  ];
  console.log(lines.join('\n'));
  if (values.report !== undefined) writeFileSync(values.report, lines.join('\n'));
}
