/**
 * `npm run measure-pages`: how soon each page is of use on a slow machine and a slow line, as a table for the report.
 * On a server of its own with a small company, or with `--url`, `--email` and `--password` on one that runs.
 */
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium } from 'playwright-core';
import { browserFlags, browserPath, orderOf, smallCompany, startBrowserWorld } from '../support/browser.ts';
import { measureLoad, midRangeTelephone } from '../support/page-load.ts';

const RUNS = 3;
const ORDERS = 300;
const paths = ['/sign-in', '/wall', '/exceptions', '/stock', '/orders', '/fulfilment', '/nodes', '/kpis', '/sources'];
const { values: options } = parseArgs({
  options: {
    url: { type: 'string' },
    email: { type: 'string', default: 'admin@example.com' },
    password: { type: 'string', default: 'correct horse battery' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (options.help) {
  console.log('npm run measure-pages [-- --url http://localhost:7070 --email … --password …]');
  process.exit(0);
}

const world = options.url === undefined ? await startBrowserWorld() : undefined;
const url = options.url ?? world!.server.url;
await world?.send(...smallCompany(), ...Array.from({ length: ORDERS }, (_, index) => orderOf(`order-${index}`)));
const browser = await chromium.launch({ executablePath: browserPath, args: browserFlags });
const { cpuTimes, latencyMs, bitsPerSecond } = midRangeTelephone;
console.log(`CPU ${cpuTimes} times slower, ${latencyMs} ms latency, ${bitsPerSecond / 1e6} Mbit/s, best of ${RUNS}\n`);
console.log('| page | code KB | all KB | first paint ms | largest paint ms | blocked ms | layout shift |');
console.log('|---|---|---|---|---|---|---|');
try {
  for (const path of paths) {
    const loads = [];
    for (let run = 0; run < RUNS; run++) loads.push(await loadOnce(path));
    const { weight, ...best } = loads.sort((a, b) => a.largestPaintMs - b.largestPaintMs)[0]!;
    const kB = (bytes: number) => Math.round(bytes / 1_000);
    console.log(
      `| ${path} | ${kB(weight.script + weight.style)} | ${kB(weight.total)} | ${best.firstPaintMs} | ${best.largestPaintMs} | ${best.blockedMs} | ${best.layoutShift.toFixed(3)} |`,
    );
  }
} finally {
  await browser.close();
  await world?.end();
}

async function loadOnce(path: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: url });
  if (path !== '/sign-in') await signIn(context);
  const page = await context.newPage();
  const load = await measureLoad(
    page,
    path,
    async () => {
      await page.waitForSelector('main, form');
      await page.waitForLoadState('networkidle');
    },
    midRangeTelephone,
  );
  await context.close();
  return load;
}

async function signIn(context: BrowserContext): Promise<void> {
  const data = { email: options.email, password: options.password };
  const answer = await context.request.post('/v1/session', { data, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`signing in answered ${answer.status()}: ${await answer.text()}`);
}
