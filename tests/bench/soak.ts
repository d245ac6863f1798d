/**
 * `npm run soak`: leaves a board open for minutes or hours while the simulated company runs fast, and draws the slope of
 * the browser's heap and of its nodes. Exit code 1 when the heap grows or the console complains. Writes soak.svg.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { projectDir } from '../../server/config.ts';
import { startBrowserWorld } from '../support/browser.ts';
import { drawLine, type Point, slopeOf } from './slope.ts';

/** Growth per hour that is allowed, as a share of the heap at the start; the first third is warming up. */
const GROWTH_PER_HOUR_MAX = 0.5;
const SAMPLES_MIN = 12;
const SAMPLE_EVERY_MS_MAX = 15_000;
const MIB = 2 ** 20;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    hours: { type: 'string' },
    speed: { type: 'string', default: '20' },
    path: { type: 'string', default: '/wall' },
    out: { type: 'string', default: 'soak.svg' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const minutes = options.hours === undefined ? Number(options.minutes) : 60 * Number(options.hours);
if (options.help || !(minutes > 0)) {
  console.log('npm run soak [-- --minutes 10 | --hours 8] [--speed 20] [--path /wall] [--out soak.svg]');
  process.exit(options.help ? 0 : 1);
}

const world = await startBrowserWorld();
const simulation = startSimulation();
const heap: Point[] = [];
const nodes: Point[] = [];
try {
  const page = await world.openAs('admin', options.path, { viewport: { width: 1920, height: 1080 } });
  // Without figures there would be nothing to grow.
  await page.waitForFunction(() => document.querySelectorAll('main [data-figure], main [role=row]').length > 2, null, {
    timeout: 180_000,
  });
  await sample(page);
} finally {
  simulation.kill('SIGTERM');
  await world.end();
}
report();

function startSimulation() {
  return spawn(
    process.execPath,
    [
      join(projectDir, 'server', 'index.ts'),
      'simulate',
      ...['--url', world.server.url, '--key', world.ingestKey, '--backfill-days', '1', '--speed', options.speed],
      ...['--duration', `${Math.ceil(minutes) + 2}m`],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

async function sample(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const everyMs = Math.min(SAMPLE_EVERY_MS_MAX, (minutes * 60_000) / SAMPLES_MIN);
  const started = Date.now();
  while (Date.now() - started < minutes * 60_000) {
    await wait(everyMs);
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? 0;
    const minute = (Date.now() - started) / 60_000;
    heap.push([minute, metric('JSHeapUsedSize') / MIB]);
    nodes.push([minute, metric('Nodes')]);
    console.log(`  ${minute.toFixed(1)} min  heap ${heap.at(-1)![1].toFixed(2)} MiB  ${metric('Nodes')} nodes`);
  }
}

function report(): void {
  const settled = heap.slice(Math.floor(heap.length / 3));
  const first = settled[0]?.[1] ?? Number.NaN;
  const perHour = slopeOf(settled) * 60;
  writeFileSync(options.out, drawLine(heap, settled, `Heap of ${options.path} in MiB, over ${minutes} minutes`));
  console.log(
    `heap ${first.toFixed(2)} MiB after warming up, slope ${perHour.toFixed(2)} MiB per hour ` +
      `(${((100 * perHour) / first).toFixed(0)} %), nodes ${nodes[0]?.[1]} -> ${nodes.at(-1)?.[1]}, ` +
      `${world.complaints.length} complaints of the console; drawn in ${options.out}`,
  );
  for (const complaint of world.complaints.slice(0, 10)) console.log(`  console: ${complaint}`);
  if (world.complaints.length > 0 || !(perHour / first < GROWTH_PER_HOUR_MAX)) process.exitCode = 1;
}
