/** What people in front of a screen may rely on: through a crash of the server, and down to a single number. */
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tideline } from '../support/command-line.ts';
import { describeServer, makeDataDir, type ServerProcess, until } from '../support/running-tideline.ts';

const browserPath = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
const present = existsSync(browserPath);
if (!present) console.log('skipped: there is no Chromium (CHROMIUM_PATH)');
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SEEN_WITHIN_MS = 1_000;
const SIGNED_OUT_WITHIN_MS = 8_000;
const SECRET = 'what the shop signs with';

/** What axe puts into the page, as far as it is used here. */
type Axe = {
  run(page: unknown, options: object): Promise<{ violations: { id: string; nodes: { target: string[] }[] }[] }>;
};

describe.skipIf(!present)('in a browser', () => {
  const folder = makeDataDir();
  const place = ['--data-dir', folder.path];
  const complaints: string[] = [];
  let server: ServerProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let key = '';
  let orders = 0;

  beforeAll(async () => {
    server = await describeServer({ dataDir: folder.path });
    await server.start();
    await until('the link to sign in is printed', 10_000, () => /set-up\?token=\S+/.test(server.output()));
    key = (await tideline(['keys', 'create', 'web-shop', ...place])).out.trim();
    await tideline(['keys', 'webhook', 'shop', '--secret', SECRET, ...place]);
    browser = await chromium.launch({ executablePath: browserPath, args: flags.split(' ') });
    context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, baseURL: server.url });
    page = await open(context);
    await page.goto(`/set-up${/set-up(\?token=\S+)/.exec(server.output())![1]}`);
    await page.fill('[name=name]', 'Ana Novak');
    await page.fill('[name=email]', 'ana@example.com');
    await page.fill('[name=password]', 'correct horse battery');
    await page.click('button[type=submit]');
    await page.waitForURL('**/wall');
    await post(
      event('node.defined', { node: 'BOS-1', name: 'Boston', kind: 'warehouse', timeZone: 'America/New_York' }),
      event('channel.defined', { channel: 'web', name: 'Web shop', kind: 'web', nodes: ['BOS-1'] }),
      event('item.defined', { sku: 'MUG-1', name: 'Mug', unitPrice: 1_490, unitCost: 600 }),
      event('stock.received', { sku: 'MUG-1', node: 'BOS-1', quantity: 40 }),
      event('stock.received', { sku: 'VASE-1', node: 'BOS-1', quantity: 2 }),
    );
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await server?.end('SIGTERM');
    folder.remove();
  });

  async function open(within: BrowserContext): Promise<Page> {
    const opened = await within.newPage();
    opened.setDefaultTimeout(20_000);
    opened.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    return opened;
  }

  function event(type: string, data: object) {
    const id = `${type}-${Math.random()}`;
    return { specversion: '1.0', id, source: 'web-shop', type, time: new Date().toISOString(), data };
  }

  function order(sku: string, quantity: number) {
    orders += 1;
    const lines = [{ line: '1', sku, quantity, unitPrice: 1_490 }];
    return event('order.placed', { order: `order-${orders}`, channel: 'web', node: 'BOS-1', currency: 'EUR', lines });
  }

  /** @returns when it was acknowledged */
  async function post(...events: object[]): Promise<number> {
    const answer = await fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    expect(answer.status, await answer.text()).toBe(202);
    return Date.now();
  }

  const shown = (count: number) =>
    page.waitForFunction(
      (text) => document.querySelector('.story [data-figure]')?.textContent?.trim() === text,
      String(count),
      { polling: 20 },
    );

  test('the wall shows an order within a second', async () => {
    await post(order('MUG-1', 1));
    await shown(1);
    const took: number[] = [];
    for (let count = 2; count <= 3; count++) {
      const acknowledged = await post(order('MUG-1', 1));
      await shown(count);
      took.push(Date.now() - acknowledged);
    }
    console.log(`order to wall: ${took.join(', ')} ms`);
    // The better of two: a machine that runs other tests beside this one stalls now and then.
    expect(Math.min(...took)).toBeLessThan(SEEN_WITHIN_MS);
    expect(complaints).toEqual([]);
  });

  test('a number of stock is explained by movements that end at it', async () => {
    const stock = await open(context);
    await stock.goto('/stock/MUG-1');
    await stock.getByRole('button', { name: '37 Sellable at BOS-1: why?' }).click();
    await stock.getByRole('heading', { name: 'Why is sellable at Boston 37?' }).waitFor();
    const cells = stock.locator('section.movements tbody td:last-child');
    const numbers = async () => (await cells.allTextContents()).map((text) => Number(text.trim()));
    await until('history has the last movement', 20_000, async () => (await numbers())[0] === 37);
    const balances = await numbers();
    expect(balances).toEqual([37, 38, 39, 40]);
    expect(complaints).toEqual([]);
    await stock.close();
  });

  test('an oversell is on the exceptions page within a second', async () => {
    const watching = await open(context);
    await watching.goto('/exceptions');
    await watching.waitForSelector('h1');
    await watching.getByText('Live', { exact: true }).waitFor();
    const acknowledged = await post(order('VASE-1', 7));
    await watching.getByText('5 units oversold').first().waitFor();
    const took = Date.now() - acknowledged;
    console.log(`order to exception: ${took} ms`);
    expect(took).toBeLessThan(SEEN_WITHIN_MS);
    await watching.close();
  });

  test('what could not be understood is shown with its reason, and can be sent on its way again', async () => {
    const body = '{"id": "this is not an order"}';
    const answer = await fetch(`${server.url}/v1/webhooks/shop`, {
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
    const sources = await open(context);
    await until('the dead letter is listed', 20_000, async () => {
      await sources.goto('/sources');
      await sources.getByRole('heading', { name: 'Dead letters' }).waitFor();
      return sources.getByRole('button', { name: 'Replay' }).first().isVisible({ timeout: 1_000 });
    });
    await sources.getByRole('button', { name: 'Look' }).first().click();
    await sources.getByText('this is not an order').waitFor();
    await sources.keyboard.press('Escape');
    const replayed = sources.waitForResponse((response) => response.url().endsWith('/replay'));
    await sources.getByRole('button', { name: 'Replay' }).first().click();
    expect((await replayed).status()).toBe(202);
    await sources.close();
  });

  test('a crash of the server leads to the right wall without a reload', async () => {
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
    await server.kill();
    await page
      .getByText(/Connection lost|No connection|Reconnecting/i)
      .first()
      .waitFor();
    const began = Date.now();
    await server.start();
    const up = Date.now();
    await post(order('MUG-1', 1), order('MUG-1', 1));
    await shown(6);
    console.log(`server up again after ${up - began} ms, wall right ${Date.now() - up} ms later`);
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true);
    const unexpected = complaints.filter((text) => !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(text));
    expect(unexpected).toEqual([]);
    complaints.length = 0;
  });

  test.each(['light', 'dark'] as const)(
    'every page in %s colours is accessible by the rules of axe',
    async (colours) => {
      const small = await open(context);
      await small.setViewportSize({ width: 1440, height: 900 });
      await small.emulateMedia({ colorScheme: colours });
      const found: string[] = [];
      for (const path of [
        '/wall',
        '/exceptions',
        '/stock',
        '/stock/MUG-1',
        '/orders',
        '/orders/order-1',
        '/kpis',
        '/kpis/orders',
        '/sources',
        '/nowhere',
      ]) {
        await small.goto(path);
        await small.waitForSelector('main');
        await small.waitForLoadState('networkidle').catch(() => undefined);
        await small.evaluate(axe);
        const violations = await small.evaluate(async () => {
          const { axe } = window as unknown as { axe: Axe };
          const results = await axe.run(document, { resultTypes: ['violations'] });
          return results.violations.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`,
          );
        });
        found.push(...violations.map((text: string) => `${path} ${text}`));
      }
      await small.close();
      expect(found).toEqual([]);
    },
  );

  test('signing out ends access, also of the wall next door', async () => {
    const office = await open(context);
    await office.goto('/orders');
    await office.getByRole('button', { name: 'Sign out' }).click();
    await office.waitForURL('**/sign-in**');
    expect((await context.request.get('/v1/orders')).status()).toBe(401);
    await page.waitForURL('**/sign-in**', { timeout: SIGNED_OUT_WITHIN_MS });
    await office.goto('/stock');
    await office.waitForURL('**/sign-in**');
  });
});
