/**
 * `npm run bench`: what the machine can do, in order events per second of two lines each: the fold alone, raw XADD of the
 * same events, and the whole way from HTTP to committed state and to history; then how late screens are at half of that
 * load. Writes bench-report.json. With `--viewers 1000` instead: what that many browsers on one board cost the server. Ratios of one run hold better than absolute figures.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureFold } from './fold.ts';
import { measureRawAppend } from './raw-append.ts';
import { measureViewers } from './viewers/measure.ts';
import { measureWholeWay } from './whole-way.ts';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    viewers: { type: 'string' },
    out: { type: 'string', default: 'bench-report.json' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log('npm run bench -- [--orders 100000 | --viewers 1000] [--out bench-report.json]');
  process.exit(0);
}
const orders = Number(values.orders);
if (!Number.isInteger(orders) || orders < 1_000) {
  console.error('--orders must be a whole number of at least 1000');
  process.exit(1);
}

const say = (words: string) => console.log(`  ${words}`);
const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
if (values.viewers !== undefined) {
  const most = Number(values.viewers);
  const viewers = await measureViewers([...new Set([1, Math.min(100, most), most])], say);
  writeFileSync(values.out, `${JSON.stringify({ at: new Date().toISOString(), machine, viewers }, null, 2)}\n`);
  process.exit(0);
}
const perSecond = (rate: number) => `${Math.round(rate).toLocaleString('en')} order events/s`;

say(`fold only, ${orders} orders`);
const fold = measureFold(orders);
say(`  ${perSecond(fold)}`);
say('raw XADD of the same events');
const rawAppend = await measureRawAppend(orders);
say(`  ${perSecond(rawAppend)}`);
say('from HTTP to committed state and to history');
const whole = await measureWholeWay(orders, say);
say(`  committed ${perSecond(whole.committed)}, in history ${perSecond(whole.inHistory)}`);

const report = {
  at: new Date().toISOString(),
  machine,
  orders,
  orderEventsPerSecond: { foldOnly: fold, rawAppend, httpToCommitted: whole.committed, httpToHistory: whole.inHistory },
  ratios: {
    committedToFold: whole.committed / fold,
    committedToRawAppend: whole.committed / rawAppend,
    historyToFold: whole.inHistory / fold,
  },
  atHalfLoad: whole.atHalfLoad,
  peakMemoryMiB: Math.round(whole.peakMemory / 2 ** 20),
};
writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`);
say(`committed / fold only: ${report.ratios.committedToFold.toFixed(2)}`);
const { p50Ms, p99Ms, rate, hops } = whole.atHalfLoad;
say(
  `acknowledged to websocket at ${perSecond(rate)}: p50 ${p50Ms} ms, p99 ${p99Ms} ms; peak memory ${report.peakMemoryMiB} MiB`,
);
for (const [hop, late] of Object.entries(hops)) say(`  ${hop}: p50 ${late.p50Ms} ms, p99 ${late.p99Ms} ms`);
say(`written to ${values.out}`);
