/** The promises hold through everything that can go wrong between two steps. More seeds: `npm run simulate-faults`. */
import { expect, test } from 'vitest';
import { brokenPromises } from './promises.ts';
import { runSeed } from './run-seed.ts';

const SEEDS = 60;

test(`what was acknowledged counts once, history explains the states, and nothing is left over, after ${SEEDS} seeds of faults`, {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const broken = await brokenPromises(await runSeed(seed));
    expect(broken, `seed ${seed}; again with: npm run simulate-faults -- --seed ${seed}`).toEqual([]);
  }
});

test('a seed gives the same run each time, byte for byte', async () => {
  const run = async () => {
    const { store, keys, history, steps, kills } = await runSeed(11);
    return { steps, kills, rows: history.rows(), orders: [...store.hash(keys.state('order'))] };
  };
  expect(await run()).toEqual(await run());
});
