/** What must hold of everything that is known about how far records can be trusted. */
import { expect } from 'vitest';
import type { SourceDrift } from '../../streams/operations/accuracy/accuracy-state.ts';
import { measures } from '../../streams/operations/accuracy/as-of.ts';
import { skusAt } from '../../streams/operations/nodes/node-skus.ts';
import type { Stock } from '../../streams/operations/states.ts';
import { onHand } from '../../streams/operations/stock/on-hand.ts';
import type { World } from './world.ts';

export function expectSoundAccuracy(world: World): void {
  for (const stock of world.all('stock')) {
    expectSlotsAddUp(stock);
    const name = `${stock.sku} at ${stock.node}`;
    const { counts, statedAt } = stock.evidence;
    const spoken = [...counts, ...stock.assertions].map(({ at }) => at);
    expect(statedAt, `newest statement about ${name}`).toBe(Math.max(0, ...spoken));
    const largest = Math.max(0, ...counts.map(({ variance }) => Math.abs(variance)));
    expect(Math.abs(stock.countVariance), `variance of ${name}`).toBe(largest);
  }
  expectDrift(world);
  for (const feed of world.all('snapshot-feed')) {
    const waits = feed.waiting !== '' && world.get('snapshot', feed.waiting) !== undefined;
    expect(waits, `what ${feed.source} waits for`).toBe(feed.waiting !== '');
  }
  expect(
    world
      .all('snapshot')
      .map(({ snapshot }) => snapshot)
      .sort(),
  ).toEqual(
    world
      .all('snapshot-feed')
      .flatMap(({ waiting }) => (waiting === '' ? [] : [waiting]))
      .sort(),
  );
  const draft = world.draft();
  for (const node of new Set(world.all('stock').map((stock) => stock.node)))
    expect(skusAt(draft, node).sort(), `SKUs at ${node}`).toEqual(
      world
        .all('stock')
        .filter((stock) => stock.node === node)
        .map(({ sku }) => sku)
        .sort(),
    );
}

/** What came in and went out in all slots of time is what is there. */
function expectSlotsAddUp(stock: Stock): void {
  for (const [index, measure] of measures.entries()) {
    let sum = 0;
    for (let at = 0; at < stock.recent.length; at += 4)
      if (stock.recent[at + 1] === index) sum += stock.recent[at + 2]! - stock.recent[at + 3]!;
    expect(sum, `${measure} of ${stock.sku} at ${stock.node} in slots`).toBe(
      measure === 'on-hand' ? onHand(stock) : stock[measure],
    );
  }
}

function expectDrift(world: World): void {
  const sums = new Map<
    string,
    Pick<SourceDrift, 'stated' | 'drifting' | 'unitsOver' | 'unitsUnder' | 'openSinceSum'>
  >();
  for (const { source } of world.all('drift'))
    sums.set(source, { stated: 0, drifting: 0, unitsOver: 0, unitsUnder: 0, openSinceSum: 0 });
  for (const { source, drift, since } of world.all('stock').flatMap((stock) => stock.assertions)) {
    const sum = sums.get(source)!;
    sum.stated += 1;
    if (since === 0) continue;
    sum.drifting += 1;
    sum.unitsOver += Math.max(0, drift);
    sum.unitsUnder += Math.max(0, -drift);
    sum.openSinceSum += since;
  }
  for (const drift of world.all('drift')) expect(drift).toMatchObject(sums.get(drift.source)!);
}
