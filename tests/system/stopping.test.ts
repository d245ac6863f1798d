import { expect, it } from 'vitest';
import { audit, faultless, untilSettled } from '../support/counted-once.ts';
import { createShop } from '../support/order-ledger.ts';
import { describeServer, makeDataDir, openView, readReach, until } from '../support/running-tideline.ts';

const seed = Number(process.env['TIDELINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const STOP_MS_MAX = 10_000;
const WAIT_MS_MAX = 60_000;

it('a busy server stops within 10 s when asked, loses nothing, and finds everything at its next start', {
  timeout: 180_000,
}, async () => {
  console.log(`seed ${seed}`);
  const folder = makeDataDir();
  const server = await describeServer({ dataDir: folder.path });
  const view = () => openView(readReach(folder.path).reached);
  try {
    await server.start();
    const first = await view();
    const shop = createShop({ url: server.url, key: await first.ingestKey(), seed, eventsPerSecond: 800 });
    await first.close();
    let over = false;
    const trade = shop.trade(() => over, new AbortController().signal);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const before = shop.ledger.acknowledged.size;
      await until('trade goes on', WAIT_MS_MAX, () => shop.ledger.acknowledged.size > before + 1_500);
      const { ms, code } = await server.end(signal);
      console.log(`${signal}: ended after ${Math.round(ms)} ms with ${shop.ledger.acknowledged.size} acknowledged`);
      expect(ms).toBeLessThan(STOP_MS_MAX);
      expect(code).toBe(0);
      await server.start();
    }
    over = true;
    await trade;
    const busy = await view();
    await untilSettled(busy, WAIT_MS_MAX);
    const before = await audit(busy, shop.ledger);
    expect(before).toEqual(faultless(shop.ledger, before));
    await busy.close();

    expect((await server.end('SIGTERM')).code).toBe(0);
    await server.start();
    const again = await view();
    await untilSettled(again, WAIT_MS_MAX);
    const after = await audit(again, shop.ledger);
    // Of its own it may have measured how fast it was.
    expect({ ...after, sequence: null }).toEqual({ ...before, sequence: null });
    await again.close();
  } finally {
    await server.end('SIGTERM');
  }
  folder.remove();
});
