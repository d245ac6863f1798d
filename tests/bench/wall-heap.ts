/**
 * Leaves the wall open while the simulated company runs fast, and draws the slope of the browser's heap:
 * `node tests/bench/wall-heap.ts [--minutes 10] [--speed 20]`. Exit code 1 when the heap grows or the console complains.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { startServer } from './server.ts';

const SAMPLE_EVERY_MS = 15_000;
/** Growth per hour that is allowed, as a share of the heap at the start; the first third is warming up. */
const GROWTH_PER_HOUR_MAX = 0.5;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, speed: { type: 'string', default: '20' } },
});
const minutes = Number(values.minutes);
const entry = fileURLToPath(new URL('../../server/index.ts', import.meta.url));
const chromiumPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const server = await startServer();
const simulation = spawn(
  process.execPath,
  [
    entry,
    'simulate',
    '--url',
    server.url,
    '--key',
    server.key,
    '--backfill-days',
    '1',
    '--speed',
    values.speed,
    '--duration',
    `${minutes + 2}m`,
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
const browser = await chromium.launch({ executablePath: chromiumPath, args: quiet });
const complaints: string[] = [];
const samples: { minute: number; heapMiB: number; nodes: number }[] = [];
try {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(server.setUpUrl);
  for (const [name, text] of [
    ['name', 'Wall'],
    ['email', 'wall@example.com'],
    ['password', 'a long enough password'],
  ] as const) {
    await page.locator(`input[name="${name}"]`).first().fill(text);
  }
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/(wall|exceptions)/);
  await page.goto(new URL('/wall', server.setUpUrl).toString());
  // Without figures there would be nothing to grow.
  await page.locator('.node-card, .nodes .card').first().waitFor({ timeout: 180_000 });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const started = Date.now();
  while (Date.now() - started < minutes * 60_000) {
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
    const sample = {
      minute: (Date.now() - started) / 60_000,
      heapMiB: metric('JSHeapUsedSize') / 2 ** 20,
      nodes: metric('Nodes'),
    };
    samples.push(sample);
    console.log(`  ${sample.minute.toFixed(1)} min  heap ${sample.heapMiB.toFixed(2)} MiB  ${sample.nodes} nodes`);
  }
} finally {
  await browser.close();
  simulation.kill('SIGTERM');
  await server.stop();
}

const settled = samples.slice(Math.floor(samples.length / 3));
const slope = slopeOf(settled.map(({ minute, heapMiB }) => [minute, heapMiB]));
const first = settled[0]?.heapMiB ?? Number.NaN;
const perHour = (slope * 60) / first;
console.log(
  `heap ${first.toFixed(2)} MiB, slope ${(slope * 60).toFixed(2)} MiB per hour (${(perHour * 100).toFixed(0)} %), ${complaints.length} console errors`,
);
for (const complaint of complaints.slice(0, 10)) console.log(`  console: ${complaint}`);
if (complaints.length > 0 || !(perHour < GROWTH_PER_HOUR_MAX)) process.exitCode = 1;

/** Least squares. */
function slopeOf(points: [number, number][]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const above = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  return above / points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
}
