/**
 * `npm run measure-explanations -- [--cases 100] [--seed 1] [--set shop-20k]`: how many injected causes are found exactly,
 * and how fast, beside the reference methods.
 */
import { parseArgs } from 'node:util';
import { rootsByAdtributor } from '../../../analytics/anomalies/explanation/adtributor.ts';
import { rootsByLikelihood } from '../../../analytics/anomalies/explanation/likelihood.ts';
import { rootsByRisk } from '../../../analytics/anomalies/explanation/riskloc.ts';
import { caseSets } from './cases.ts';
import { type Method, scoreMethods } from './score.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    set: { type: 'string' },
  },
});
const cases = Number(values.cases);
const first = Number(values.seed);
const seeds = Array.from({ length: cases }, (_, at) => first * 100_000 + at);
const methods: Method[] = [
  { name: 'likelihood', find: (leaves, dispersion = 1) => rootsByLikelihood(leaves, { dispersion }) },
  { name: 'riskloc', find: rootsByRisk },
  { name: 'adtributor', find: rootsByAdtributor },
];

const percent = (share: number) => share.toFixed(3).padStart(7);
console.log(`${cases} cases a set, seed ${first}. Exact roots only; ms of CPU on this machine.`);
for (const set of caseSets) {
  if (values.set !== undefined && values.set !== set.name) continue;
  console.log(`\n${set.name}: ${set.words}`);
  console.log('method       precision  recall      F1  exact cases  ms median     max   found by dimensions');
  for (const one of scoreMethods(set, methods, seeds)) {
    const layers = Object.entries(one.byLayer).map(([layer, share]) => `${layer}: ${share.toFixed(2)}`);
    console.log(
      `${one.method.padEnd(12)} ${percent(one.precision)} ${percent(one.recall)} ${percent(one.f1)} ${percent(one.exactCases)}      ` +
        `${one.msMedian.toFixed(1).padStart(8)} ${one.msMax.toFixed(1).padStart(7)}   ${layers.join('  ')}`,
    );
  }
}
