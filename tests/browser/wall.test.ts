/** What people in front of a screen may rely on: through a crash of the server, and down to a single number. */
import { createHmac } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BrowserWorld,
  browserIsThere,
  eventOf,
  orderOf,
  smallCompany,
  startBrowserWorld,
} from '../support/browser.ts';
import { tideline } from '../support/command-line.ts';
import { until } from '../support/running-tideline.ts';

const SEEN_WITHIN_MS = 1_000;
const SIGNED_OUT_WITHIN_MS = 8_000;
const SECRET = 'what the shop signs with';

describe.skipIf(!browserIsThere)('in a browser', () => {
  let world: BrowserWorld;
  let page: Page;
  let orders = 0;

  beforeAll(async () => {
    world = await startBrowserWorld();
    await tideline(['keys', 'webhook', 'shop', '--secret', SECRET, '--data-dir', world.folder]);
    page = await world.openAs('admin', '/wall', { viewport: { width: 1920, height: 1080 } });
    await page.getByText('No event has arrived yet').waitFor();
    await world.send(...smallCompany(), eventOf('stock.received', { sku: 'VASE-1', node: 'BOS-1', quantity: 2 }));
  }, 120_000);

  afterAll(() => world?.end());

  /** In the same browser, for the same person. */
  const open = (path: string) => world.openPage(page.context(), path);

  function order(sku: string, quantity: number) {
    orders += 1;
    return orderOf(`order-${orders}`, sku, quantity);
  }

  const shown = (count: number) =>
    page.waitForFunction(
      (text) => document.querySelector('.story [data-figure]')?.textContent?.trim() === text,
      String(count),
      { polling: 20 },
    );

  test('the wall shows an order within a second', async () => {
    await world.send(order('MUG-1', 1));
    await shown(1);
    const took: number[] = [];
    for (let count = 2; count <= 3; count++) {
      const acknowledged = await world.send(order('MUG-1', 1));
      await shown(count);
      took.push(Date.now() - acknowledged);
    }
    console.log(`order to wall: ${took.join(', ')} ms`);
    // The better of two: a machine that runs other tests beside this one stalls now and then.
    expect(Math.min(...took)).toBeLessThan(SEEN_WITHIN_MS);
    expect(world.complaints).toEqual([]);
  });

  test('a number of stock is explained by movements that end at it', async () => {
    const stock = await open('/stock/MUG-1');
    await stock.getByRole('button', { name: '37 Sellable at BOS-1: why?' }).click();
    await stock.getByRole('heading', { name: 'Why is sellable at Boston 37?' }).waitFor();
    const cells = stock.locator('section.movements tbody td:last-child');
    const numbers = async () => (await cells.allTextContents()).map((text) => Number(text.trim()));
    await until('history has the last movement', 20_000, async () => (await numbers())[0] === 37);
    const balances = await numbers();
    expect(balances).toEqual([37, 38, 39, 40]);
    expect(world.complaints).toEqual([]);
    await stock.close();
  });

  test('an oversell is on the exceptions page within a second', async () => {
    const watching = await open('/exceptions');
    await watching.waitForSelector('h1');
    await watching.getByText('Live', { exact: true }).waitFor();
    const acknowledged = await world.send(order('VASE-1', 7));
    await watching.getByText('5 units oversold').first().waitFor();
    const took = Date.now() - acknowledged;
    console.log(`order to exception: ${took} ms`);
    expect(took).toBeLessThan(SEEN_WITHIN_MS);
    await watching.close();
  });

  test('what could not be understood is shown with its reason, and can be sent on its way again', async () => {
    const body = '{"id": "this is not an order"}';
    const answer = await fetch(`${world.server.url}/v1/webhooks/shop`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'orders/create',
        'x-shopify-webhook-id': 'w-1',
        'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
      },
    });
    expect(answer.status, await answer.text()).toBeLessThan(300);
    const sources = await open('/sources');
    await until('the dead letter is listed', 20_000, async () => {
      await sources.goto('/sources');
      await sources.getByRole('heading', { name: 'Dead letters' }).waitFor();
      return sources.getByRole('button', { name: 'Replay' }).first().isVisible({ timeout: 1_000 });
    });
    await sources.getByRole('button', { name: 'Look' }).first().click();
    await sources.getByText('this is not an order').waitFor();
    await sources.keyboard.press('Escape');
    const replayed = sources.waitForResponse((response) => response.url().endsWith('/settle'));
    await sources.getByRole('button', { name: 'Replay' }).first().click();
    expect((await replayed).ok()).toBe(true);
    await sources.close();
  });

  test('a crash of the server leads to the right wall without a reload', async () => {
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
    await world.server.kill();
    await page
      .getByText(/Connection lost|No connection|Reconnecting/i)
      .first()
      .waitFor();
    const began = Date.now();
    await world.server.start();
    const up = Date.now();
    await world.send(order('MUG-1', 1), order('MUG-1', 1));
    await shown(6);
    console.log(`server up again after ${up - began} ms, wall right ${Date.now() - up} ms later`);
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
    const unexpected = world.complaints.filter(
      (text) => !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(text),
    );
    expect(unexpected).toEqual([]);
    world.complaints.length = 0;
  });

  test('signing out ends access, also of the wall next door', async () => {
    const office = await open('/orders');
    await office.getByRole('button', { name: 'Sign out' }).click();
    await office.waitForURL('**/sign-in**');
    expect((await page.context().request.get('/v1/orders')).status()).toBe(401);
    await page.waitForURL('**/sign-in**', { timeout: SIGNED_OUT_WITHIN_MS });
    await office.goto('/stock');
    await office.waitForURL('**/sign-in**');
  });
});
