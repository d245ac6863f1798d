/** How heavy a page is and how long it takes to be of use, as the browser itself measures it. */
import type { CDPSession, Page } from 'playwright-core';

export type Weight = { script: number; style: number; font: number; other: number; total: number };
export type Load = {
  weight: Weight;
  /** Milliseconds from the start of the navigation. */
  firstPaintMs: number;
  largestPaintMs: number;
  /** What long tasks took beyond 50 ms each, until `settled`. */
  blockedMs: number;
  /** Share of the screen that moved by itself. */
  layoutShift: number;
};

/** How slow the machine and the line are made: what Lighthouse calls a mid-range telephone. */
export type Throttle = { cpuTimes: number; latencyMs: number; bitsPerSecond: number };
export const midRangeTelephone: Throttle = { cpuTimes: 4, latencyMs: 150, bitsPerSecond: 1_638_400 };

/** Opens `path` with an empty cache. @param settled resolves when the page shows what it is for */
export async function measureLoad(
  page: Page,
  path: string,
  settled: (page: Page) => Promise<unknown>,
  throttle?: Throttle,
): Promise<Load> {
  const session = await page.context().newCDPSession(page);
  const bytes = await countBytes(session);
  if (throttle !== undefined) await slowDown(session, throttle);
  await page.addInitScript(observe);
  await page.goto(path);
  await settled(page);
  const observed = await page.evaluate(() => (window as unknown as { observed: Observed }).observed);
  const weight = bytes();
  await session.detach();
  return { weight, ...observed };
}

type Observed = Omit<Load, 'weight'>;

/** Runs in the page, before anything of it. */
function observe(): void {
  const observed = { firstPaintMs: 0, largestPaintMs: 0, blockedMs: 0, layoutShift: 0 };
  Object.assign(window, { observed });
  const LONG_TASK_MS = 50;
  const on = (type: string, take: (entry: PerformanceEntry & { value?: number; hadRecentInput?: boolean }) => void) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  on('paint', ({ name, startTime }) => {
    if (name === 'first-contentful-paint') observed.firstPaintMs = Math.round(startTime);
  });
  on('largest-contentful-paint', ({ startTime }) => {
    observed.largestPaintMs = Math.round(startTime);
  });
  on('longtask', ({ duration }) => {
    observed.blockedMs += Math.round(duration - LONG_TASK_MS);
  });
  on('layout-shift', ({ value = 0, hadRecentInput }) => {
    if (!hadRecentInput) observed.layoutShift += value;
  });
}

async function countBytes(session: CDPSession): Promise<() => Weight> {
  const addresses = new Map<string, string>();
  const weight: Weight = { script: 0, style: 0, font: 0, other: 0, total: 0 };
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, response }) => addresses.set(requestId, response.url));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    weight[kindOf(addresses.get(requestId) ?? '')] += encodedDataLength;
    weight.total += encodedDataLength;
  });
  return () => weight;
}

function kindOf(address: string): keyof Weight {
  if (/\.js(\?|$)/.test(address)) return 'script';
  if (/\.css(\?|$)/.test(address)) return 'style';
  return /\.woff2(\?|$)/.test(address) ? 'font' : 'other';
}

async function slowDown(session: CDPSession, { cpuTimes, latencyMs, bitsPerSecond }: Throttle): Promise<void> {
  const throughput = bitsPerSecond / 8;
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpuTimes });
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
}
