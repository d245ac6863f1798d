/** Every page there is opens without a complaint, fits its screen, and keeps the rules of WCAG as axe-core knows them. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../../client/pages.ts';
import { violationsOn } from '../support/axe.ts';
import {
  type BrowserWorld,
  browserIsThere,
  eventOf,
  orderOf,
  smallCompany,
  startBrowserWorld,
} from '../support/browser.ts';
import { partOf } from '../support/how-much.ts';

/** What stands for the parts of addresses that name something. */
const named: Record<string, string> = {
  board: 'operations',
  sku: 'MUG-1',
  order: 'order-1',
  purchaseOrder: 'PO-1',
  node: 'BOS-1',
  kpi: 'orders',
  source: 'web-shop',
  part: 'items',
  policy: 'exceptions',
  question: '',
};
/** Needs no sign-in, or leads away at once. */
const elsewhere = ['/', '/sign-in', '/set-up', '/invitation', '/pair', '/:rest(.*)*'];

const addresses = pages
  .map(({ path }) => path)
  .filter((path) => !elsewhere.includes(path))
  .map((path) => path.replaceAll(/:(\w+)\??/g, (_, name: string) => named[name] ?? `no-${name}`));

/** Every page in one of these, each day in another. */
const looks = [
  { name: 'in light colours', share: 0, options: { colorScheme: 'light' } },
  { name: 'in dark colours', share: 1, options: { colorScheme: 'dark' } },
  {
    name: 'on a telephone',
    share: 2,
    options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
  },
] as const;

describe.skipIf(!browserIsThere)('every page', () => {
  let world: BrowserWorld;
  beforeAll(async () => {
    world = await startBrowserWorld();
    await world.send(
      ...smallCompany(),
      eventOf('purchase-order.confirmed', {
        purchaseOrder: 'PO-1',
        supplier: 'mills',
        lines: [{ line: '1', sku: 'MUG-1', node: 'BOS-1', quantity: 100, expectedAt: Date.now() + 86_400_000 }],
      }),
      orderOf('order-1'),
      orderOf('order-2', 'VASE-1', 7),
    );
  });
  afterAll(() => world?.end());

  /** Loaded, and past what it shows while it loads. */
  async function settled(page: Page): Promise<void> {
    await page.waitForSelector('main h1, main h2, .wall-grid');
    await page.waitForLoadState('networkidle').catch(() => undefined);
  }

  test.each(looks)('$name opens without a complaint and keeps the rules of axe', async ({ share, options }) => {
    const page = await world.openAs('admin', '/wall', options);
    const found: string[] = [];
    for (const address of partOf(addresses, looks.length, share)) {
      await page.goto(address);
      await settled(page);
      found.push(...(await violationsOn(page)).map((violation) => `${address} ${violation}`));
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) found.push(`${address} is ${wider} px wider than its screen`);
      found.push(...world.complaints.splice(0).map((complaint) => `${address} complains: ${complaint}`));
    }
    await page.context().close();
    expect(found).toEqual([]);
  });

  test.each(['/sign-in', '/set-up', '/pair'])(
    '%s keeps them too, for somebody who is not signed in',
    async (address) => {
      const page = await world.openAs(null, address);
      await page.waitForSelector('main');
      expect(await violationsOn(page)).toEqual([]);
      await page.context().close();
    },
  );
});
