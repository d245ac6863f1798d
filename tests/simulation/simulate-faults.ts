/**
 * `npm run simulate-faults`: seed after seed for a while, or `--seed N` alone. Ends with code 1 at the first seed that
 * breaks a promise, and says how to see it again.
 */
import { parseArgs } from 'node:util';
import { brokenPromises } from './promises.ts';
import { runSeed } from './run-seed.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1000' },
    'go-on': { type: 'boolean', default: false },
  },
});
const SHOWN_MAX = 8;

const first = Number(values.seed ?? values.from);
const last = values.seed === undefined ? first + Number(values.seeds) - 1 : first;
let steps = 0;
let kills = 0;
let failed = 0;
for (let seed = first; seed <= last; seed++) {
  let broken: string[];
  try {
    const outcome = await runSeed(seed);
    steps += outcome.steps;
    kills += outcome.kills;
    broken = await brokenPromises(outcome);
    if (values.seed !== undefined) console.log(outcome.plan, { kills: outcome.kills, steps: outcome.steps });
  } catch (error) {
    broken = [(error as Error).stack ?? String(error)];
  }
  if (broken.length === 0) continue;
  failed += 1;
  console.log(`seed ${seed} breaks ${broken.length}: npm run simulate-faults -- --seed ${seed}`);
  for (const one of broken.slice(0, SHOWN_MAX))
    console.log(`  ${one.slice(0, values.seed === undefined ? 300 : 4_000)}`);
  if (!values['go-on']) break;
}
const { user, system } = process.cpuUsage();
const seconds = (user + system) / 1_000_000;
const seeds = last - first + 1;
console.log(
  `${seeds} seeds, ${failed} broken, ${kills} kills, ${Math.round(steps / seeds)} steps a seed, ` +
    `${seconds.toFixed(1)} s of one core: ${Math.round((seeds / seconds) * 60)} seeds a minute`,
);
process.exitCode = failed > 0 ? 1 : 0;
