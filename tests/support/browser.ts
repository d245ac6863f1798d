/** A real server and a real browser for one file of tests: anybody can be signed in, any event can be sent. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { createAccess } from '../../server/access/index.ts';
import type { UserRole } from '../../server/http/contract/access.ts';
import { describeServer, makeDataDir, openView, readReach, type ServerProcess, workspace } from './running-tideline.ts';

export const browserPath = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium';
export const browserIsThere = existsSync(browserPath);
if (!browserIsThere) console.log('skipped: there is no Chromium (CHROMIUM_PATH)');

/** Nothing but the pages themselves goes over the network. */
export const browserFlags = (
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
  '--disable-component-update --disable-sync --force-color-profile=srgb'
).split(' ');

const PAGE_MS = 20_000;
const password = 'correct horse battery';
const atDesk = { width: 1440, height: 900 };

/** The people there are: whoever is not a role alone is a second planner. */
export const people = {
  admin: { name: 'Ana Novak', role: 'admin' },
  planner: { name: 'Mei Chen', role: 'planner' },
  'second-planner': { name: 'Jonas Ried', role: 'planner' },
  executive: { name: 'Eva Lang', role: 'executive' },
  analyst: { name: 'Ali Demir', role: 'analyst' },
} as const satisfies Record<string, { name: string; role: UserRole }>;
export type Person = keyof typeof people;

export type BrowserWorld = Awaited<ReturnType<typeof startBrowserWorld>>;

/** An empty workspace with the five people above. End it in `afterAll`. */
export async function startBrowserWorld() {
  const folder = makeDataDir();
  const server: ServerProcess = await describeServer({ dataDir: folder.path });
  await server.start();
  const view = await openView(readReach(folder.path).reached);
  const access = createAccess({ redis: view.redis, workspace });
  for (const [person, { name, role }] of Object.entries(people)) {
    await access.createAccount('test', { email: `${person}@example.com`, name, role, password });
  }
  const ingestKey = await view.ingestKey();
  const browser: Browser = await chromium.launch({ executablePath: browserPath, args: browserFlags });
  const complaints: string[] = [];

  /** A page of somebody's own browser, signed in; `null`: of nobody. */
  async function openAs(person: Person | null, path = '/wall', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: atDesk, baseURL: server.url, ...options });
    if (person !== null) await signIn(context, person);
    return openPage(context, path);
  }

  async function signIn(context: BrowserContext, person: Person): Promise<void> {
    const data = { email: `${person}@example.com`, password };
    const answer = await context.request.post('/v1/session', { data, headers: { origin: server.url } });
    if (!answer.ok()) throw new Error(`${person} could not sign in: ${answer.status()} ${await answer.text()}`);
  }

  /** Another page in the same browser, for the same person. */
  async function openPage(context: BrowserContext, path: string): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_MS);
    page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(path);
    return page;
  }

  /** @returns when it was acknowledged */
  async function send(...events: object[]): Promise<number> {
    const answer = await fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ingestKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
    if (answer.status !== 202) throw new Error(`the events were refused: ${answer.status} ${await answer.text()}`);
    return Date.now();
  }

  return {
    server,
    browser,
    folder: folder.path,
    ingestKey,
    access,
    /** What pages wrote to their consoles: errors and warnings. */
    complaints,
    openAs,
    openPage,
    send,
    async end() {
      await browser.close();
      await view.close();
      await server.end('SIGTERM');
      folder.remove();
    },
  };
}

let count = 0;

/** A CloudEvent of the web shop, now unless said otherwise. */
export function eventOf(type: string, data: object, time = new Date().toISOString()) {
  count += 1;
  return { specversion: '1.0', id: `${type}-${count}-${Math.random()}`, source: 'web-shop', type, time, data };
}

/** One node, one channel, one item in stock: what most tests begin with. */
export const smallCompany = () => [
  eventOf('node.defined', { node: 'BOS-1', name: 'Boston', kind: 'warehouse', timeZone: 'America/New_York' }),
  eventOf('channel.defined', { channel: 'web', name: 'Web shop', kind: 'web', nodes: ['BOS-1'] }),
  eventOf('item.defined', { sku: 'MUG-1', name: 'Mug', unitPrice: 1_490, unitCost: 600 }),
  eventOf('stock.received', { sku: 'MUG-1', node: 'BOS-1', quantity: 40 }),
];

export function orderOf(order: string, sku = 'MUG-1', quantity = 1, more: object = {}) {
  const lines = [{ line: '1', sku, quantity, unitPrice: 1_490 }];
  return eventOf('order.placed', { order, channel: 'web', node: 'BOS-1', currency: 'EUR', lines, ...more });
}
