/**
 * Takes the pictures of docs/images from a Tideline that runs, best on the simulated company once its past is sent:
 * `node tests/browser/take-screenshots.ts --url http://localhost:7070 --set-up <token of the one-time link>`,
 * or `--email … --password …` once there is an account. `--only wall,stock` takes some, `--out` puts them elsewhere.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
  .concat(['--disable-background-networking', '--disable-component-update', '--disable-sync'])
  .concat('--force-color-profile=srgb');
const PAGE_MS_MAX = 30_000;
/** After the last request a page may still draw its charts. */
const SETTLE_MS = 1_500;

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:7070' },
    'set-up': { type: 'string' },
    email: { type: 'string', default: 'ana@example.com' },
    password: { type: 'string', default: 'correct horse battery' },
    out: { type: 'string', default: fileURLToPath(new URL('../../docs/images', import.meta.url)) },
    only: { type: 'string', default: '' },
    browser: { type: 'string', default: '/usr/bin/chromium' },
  },
});

type Picture = { name: string; open(page: Page): Promise<void>; ready: string };
const at = (path: string) => async (page: Page) => void (await page.goto(options.url + path));

const pictures: Picture[] = [
  { name: 'wall', open: at('/wall'), ready: '.story [data-figure]' },
  {
    name: 'exceptions',
    open: async (page) => {
      await at('/exceptions')(page);
      await page.waitForSelector('[role=row][aria-rowindex], [role=option], .row');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
    },
    ready: 'h1',
  },
  { name: 'stock', open: at('/stock'), ready: 'h1' },
  { name: 'sku', open: async (page) => at(await addressOfBusySku(page))(page), ready: 'h1' },
  { name: 'orders', open: at('/orders'), ready: 'h1' },
  { name: 'kpis', open: at('/kpis/orders'), ready: 'canvas' },
  { name: 'sources', open: at('/sources'), ready: 'h1' },
];

const browser = await chromium.launch({ executablePath: options.browser, args: flags });
try {
  const cookies = await signIn();
  mkdirSync(options.out, { recursive: true });
  for (const picture of pictures.filter(({ name }) => options.only === '' || options.only.split(',').includes(name))) {
    const onWall = picture.name === 'wall';
    const context = await browser.newContext({
      viewport: onWall ? { width: 1920, height: 1080 } : { width: 1440, height: 900 },
      colorScheme: onWall ? 'dark' : 'light',
      reducedMotion: 'reduce',
    });
    await context.addCookies(cookies);
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS_MAX);
    await picture.open(page);
    await page.waitForSelector(picture.ready);
    await page.waitForTimeout(SETTLE_MS);
    const path = join(options.out, `${picture.name}.png`);
    await page.screenshot({ path });
    console.log(path);
    await context.close();
  }
} finally {
  await browser.close();
}

async function signIn(): Promise<Awaited<ReturnType<BrowserContext['cookies']>>> {
  const { email, password, url } = options;
  const context = await browser.newContext();
  const token = options['set-up'];
  const answer =
    token === undefined
      ? await context.request.post(`${url}/v1/session`, { data: { email, password } })
      : await context.request.post(`${url}/v1/setup`, { data: { token, email, password, name: 'Ana Novak' } });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}: ${await answer.text()}`);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** The SKU with the most units reserved: there is something to see in its buckets and movements. */
async function addressOfBusySku(page: Page): Promise<string> {
  const answer = await page.context().request.get(`${options.url}/v1/stock?limit=500`);
  const { items } = (await answer.json()) as { items: { sku: string; node: string; allocated: number }[] };
  const busiest = items.toSorted((one, other) => other.allocated - one.allocated)[0];
  if (busiest === undefined) throw new Error('there is no stock to show');
  const { sku, node } = busiest;
  return `/stock/${encodeURIComponent(sku)}?node=${encodeURIComponent(node)}&bucket=sellable`;
}
