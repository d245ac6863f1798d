/** KPIs of exceptions, counts and suppliers equal what anybody would count from the events and what they did. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsOf, durationBucketOf } from '../../analytics/kpis/histogram.ts';
import { flowValue, gaugeValue, kpiById, sumBuckets } from '../../analytics/kpis/index.ts';
import { commands, eventsOf, gaugesOf, NODES, process, type Shop } from '../support/kpi-history.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const DAY_MS = 86_400_000;

const live = (shop: Shop, node?: string) =>
  sumBuckets(
    [...shop.all('bucket')]
      .filter(([id]) => {
        const [grain, , , itsNode] = id.split('|');
        return grain === 'day' && (node === undefined || itsNode === node);
      })
      .map(([, bucket]) => bucket),
  ) ?? {};
const figure = (id: string, shop: Shop, node?: string) => flowValue(kpiById(id)!, live(shop, node), 'EUR');
const share = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);

function forAll(check: (shop: Shop, now: number) => void) {
  fc.assert(
    fc.property(commands(1, 220), (list) => {
      const events = eventsOf(list);
      check(process(events), Math.max(...events.map((event) => event.receivedAt)));
    }),
    { seed, numRuns: 60 },
  );
}

/** Quantiles are told to the width of a bucket of the histogram. */
function expectQuantile(id: string, shop: Shop, durations: number[], unitMs: number, percent: number) {
  const value = figure(id, shop);
  if (durations.length === 0) return expect(value).toBe(null);
  const exact = [...durations].sort((a, b) => a - b)[Math.ceil((percent / 100) * durations.length) - 1]!;
  const [from, to] = boundsOf(durationBucketOf(exact));
  expect(value! * unitMs).toBeCloseTo((from + to - 1) / 2, 3);
}

describe(`exceptions (SEED=${seed})`, () => {
  test('opened, ended, open, in time, false alarms and how long they took', () => {
    let seen = { ended: 0, falseAlarms: 0, acknowledged: 0, reopened: 0 };
    forAll((shop, now) => {
      const since = new Map<string, number>();
      const untouched = new Set<string>();
      const open = new Set<string>();
      const tally = { opened: 0, ended: 0, inTime: 0, falseAlarms: 0 };
      const acknowledged: number[] = [];
      const took: number[] = [];
      for (const { event, effects } of shop.facts) {
        for (const { id, change, at, deadline } of effects.exceptions) {
          if (change === 'opened') tally.opened += 1;
          if (change === 'opened' || change === 'reopened') {
            since.set(id, at);
            untouched.add(id);
            open.add(id);
          }
          if (change === 'reopened') seen = { ...seen, reopened: seen.reopened + 1 };
          if ((change === 'acknowledged' || change === 'started') && untouched.delete(id)) {
            acknowledged.push(Math.max(0, at - since.get(id)!));
          }
          if ((change === 'resolved' || change === 'dismissed' || change === 'closed') && open.delete(id)) {
            tally.ended += 1;
            if (deadline === 0 || at <= deadline) tally.inTime += 1;
            took.push(Math.max(0, at - since.get(id)!));
            if (event.type === 'exception.dismissed' && event.data.because === 'false-alarm') tally.falseAlarms += 1;
          }
        }
      }
      seen = {
        ...seen,
        ended: seen.ended + tally.ended,
        falseAlarms: seen.falseAlarms + tally.falseAlarms,
        acknowledged: seen.acknowledged + acknowledged.length,
      };
      expect(figure('exceptions-opened', shop)).toBe(tally.opened);
      expect(figure('exceptions-ended', shop)).toBe(tally.ended);
      expect(gaugeValue(kpiById('exceptions-open')!, gaugesOf(shop, now))).toBe(open.size);
      expect(figure('exceptions-in-sla', shop)).toBe(share(tally.inTime, tally.ended));
      expect(figure('false-alarm-share', shop)).toBe(share(tally.falseAlarms, tally.ended));
      for (const percent of [50, 90]) {
        expectQuantile(`time-to-acknowledge-p${percent}`, shop, acknowledged, 60_000, percent);
        expectQuantile(`time-to-resolve-p${percent}`, shop, took, 3_600_000, percent);
      }
    });
    // The histories do what the test is about.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  });
});

describe(`counts of the shelf (SEED=${seed})`, () => {
  test('a count is right when it is within the tolerance of its class, whatever others found', () => {
    forAll((shop) => {
      for (const node of [undefined, ...NODES]) {
        const last = new Map<string, number>();
        let [counts, right] = [0, 0];
        for (const { event, effects } of shop.facts) {
          if (event.type !== 'stock.counted' || effects.refused !== '') continue;
          const { sku, node: at, bucket, quantity } = event.data;
          const id = `${sku}|${at}|${bucket}`;
          if (event.observedAt < (last.get(id) ?? 0)) continue;
          last.set(id, event.observedAt);
          if (node !== undefined && at !== node) continue;
          counts += 1;
          const found = effects.movements.find(({ reason }) => reason === 'count variance');
          const variance = found === undefined ? 0 : found.quantity * (found.to.node === '' ? -1 : 1);
          if (Math.abs(variance) <= Math.floor(0.05 * Math.abs(quantity - variance))) right += 1;
        }
        expect(figure('record-accuracy', shop, node)).toBe(share(right, counts));
      }
    });
  });
});

describe(`suppliers (SEED=${seed})`, () => {
  test('lines on time, in full, and their lead time, also when events come out of order', () => {
    let seen = 0;
    forAll((shop) => {
      for (const node of [undefined, ...NODES]) {
        const lines = [...shop.all('purchase-order').values()]
          .flatMap((order) => order.lines)
          .filter((line) => node === undefined || line.node === node);
        const due = lines.flatMap((line) => (line.due === null ? [] : [{ ...line, due: line.due }]));
        const complete = lines.filter((line) => line.completedAt > 0);
        seen += due.length * complete.length;
        const onTime = due.filter(({ due: { units, came } }) => units === came);
        expect(figure('supplier-on-time', shop, node)).toBe(share(onTime.length, due.length));
        const inFull = due.filter((line) => line.completedAt > 0);
        expect(figure('supplier-in-full', shop, node)).toBe(share(inFull.length, due.length));
        const took = complete.map(({ completedAt, firstStatedAt }) => Math.max(0, completedAt - firstStatedAt));
        const mean = took.length === 0 ? null : took.reduce((sum, ms) => sum + ms, 0) / took.length / DAY_MS;
        const told = figure('lead-time-mean', shop, node);
        if (mean === null) expect(told).toBe(null);
        else expect(told).toBeCloseTo(mean, 9);
        if (node === undefined) for (const p of [50, 90]) expectQuantile(`lead-time-p${p}`, shop, took, DAY_MS, p);
      }
    });
    expect(seen).toBeGreaterThan(0);
  });
});
