/** The whole of it: an order posted from outside, seen on a wall in a browser. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const project = fileURLToPath(new URL('../..', import.meta.url));
/** The pinned Node, whichever one runs the tests. */
const node = join(project, 'node_modules', '.bin', 'node');
const browserPath = process.env['CHROMIUM_PATH'] ?? '';
const STARTED_WITHIN_MS = 100_000;
const SEEN_WITHIN_MS = 1_000;
const PAGE_MS = 15_000;
const ORDERS_TIMED = 7;

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe.skipIf(!existsSync(browserPath))('the wall in a browser (needs Chromium)', () => {
  let folder = '';
  let tideline: ChildProcess;
  let output = '';
  let address = '';
  let browser: Browser;
  let page: Page;
  let key = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tideline-wall-'));
    const port = await freePort();
    address = `http://localhost:${port}`;
    tideline = spawn(node, ['server/index.ts', 'start', ...places(), '--no-demo', '--port', String(port)], {
      cwd: project,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    tideline.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    tideline.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await vi.waitFor(() => expect(output).toMatch(/set-up\?token=\S+/), { timeout: STARTED_WITHIN_MS, interval: 200 });
    key = /tl_\w+/.exec(await run('keys', 'create', 'web-shop', ...places()))?.[0] ?? '';
    browser = await chromium.launch({ executablePath: browserPath, args: flags });
    page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
    page.setDefaultTimeout(PAGE_MS);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, STARTED_WITHIN_MS + 20_000);

  afterAll(async () => {
    await browser?.close();
    if (tideline?.exitCode === null) {
      const ended = new Promise((resolve) => tideline.once('exit', resolve));
      tideline.kill('SIGTERM');
      await ended;
    }
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const places = () => ['--data-dir', join(folder, 'data')];

  it('opens with the one-time link, whose token leaves the address at once', async () => {
    await page.goto(/http\S+set-up\?token=\S+/.exec(output)?.[0] ?? '');
    await page.fill('[name=name]', 'Ana Novak');
    expect(page.url()).not.toContain('token');
    await page.fill('[name=email]', 'ana@example.com');
    await page.fill('[name=password]', 'correct horse battery');
    await page.click('button[type=submit]');
    await page.waitForURL('**/wall');
  });

  it('of an empty workspace says how to send the first events', async () => {
    await page.getByText('No event has arrived yet').waitFor();
    expect(await page.textContent('main')).toContain('keys create web-shop');
  });

  it('shows an order within a second of its acknowledgement', async () => {
    await post(
      event('node.defined', { node: 'BOS-1', name: 'Boston', kind: 'warehouse', timeZone: 'America/New_York' }),
    );
    await post(order('order-1'));
    await seen('1');
    const tookMs: number[] = [];
    for (let count = 2; count <= ORDERS_TIMED + 1; count += 1) {
      await post(order(`order-${count}`));
      const acknowledgedAt = Date.now();
      await seen(String(count));
      tookMs.push(Date.now() - acknowledgedAt);
    }
    // The median: a machine that runs other tests beside this one stalls now and then.
    tookMs.sort((a, b) => a - b);
    expect(tookMs[Math.floor(ORDERS_TIMED / 2)], `${tookMs.join(', ')} ms`).toBeLessThan(SEEN_WITHIN_MS);
  });

  it('fits its screen without scrolling, and complains of nothing', async () => {
    const overflow = await page.evaluate(() => [
      document.documentElement.scrollWidth - innerWidth,
      document.documentElement.scrollHeight - innerHeight,
    ]);
    expect(overflow).toEqual([0, 0]);
    expect(complaints).toEqual([]);
  });

  it.each(['/exceptions', '/stock', '/stock/MUG-1', '/orders', '/orders/order-2', '/kpis', '/sources'])(
    '%s opens without a complaint',
    async (path) => {
      await page.goto(address + path);
      await page.getByRole('contentinfo').getByText('Live', { exact: true }).waitFor();
      await page.waitForSelector('h1');
      expect(complaints).toEqual([]);
    },
  );

  /** Waits until the wall shows this many orders to ship. */
  async function seen(count: string): Promise<void> {
    await page.waitForFunction(
      (wanted) => document.querySelector('.story [data-figure]')?.textContent === wanted,
      count,
      { polling: 20 },
    );
  }

  function event(type: string, data: object) {
    const id = `${type}-${Math.random()}`;
    return { specversion: '1.0', id, source: 'web-shop', type, time: new Date().toISOString(), data };
  }

  function order(name: string) {
    const lines = [{ line: '1', sku: 'MUG-1', quantity: 1, unitPrice: 1_490 }];
    return event('order.placed', { order: name, channel: 'web', node: 'BOS-1', currency: 'EUR', lines });
  }

  async function post(body: object): Promise<void> {
    const response = await fetch(`${address}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(202);
  }
});

/** The command line's answer. */
function run(...words: string[]): Promise<string> {
  const child = spawn(node, ['server/index.ts', ...words], { cwd: project });
  let answer = '';
  child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  return new Promise((resolve) => child.once('close', () => resolve(answer)));
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
