/** KPIs that are worked out from history equal what anybody would work out from the movements and steps one by one. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoryClient, insertLines, queryRows } from '../../analytics/clickhouse/client.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import { type AskHistory, kpiSeries } from '../../analytics/kpis/series.ts';
import { loadQuery, migrationsDir } from '../../analytics/sql/load.ts';
import type { Transition } from '../../streams/operations/effects.ts';
import { localDayOf } from '../../streams/operations/time-zone.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { startTestEngine, type TestEngine } from '../support/engine.ts';
import { eventOf } from '../support/fold.ts';
import { isLong } from '../support/how-much.ts';
import { commands, eventsOf, HISTORY_STARTS_AT, NODES, process, type Shop, TIME_ZONE } from '../support/kpi-history.ts';

const seed = Number(globalThis.process.env['SEED'] ?? 20260329);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PHYSICAL = new Set(['sellable', 'allocated', 'quarantined', 'damaged', 'return-pending']);
let engine: TestEngine;

beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine?.stop());

const asker =
  (client: HistoryClient): AskHistory =>
  (query, parameters) =>
    queryRows(client, typeof query === 'string' ? loadQuery(query) : query.sql, parameters);

async function historyOf(shop: Shop): Promise<AskHistory> {
  const { client } = await engine.createDatabase();
  await migrate(client, migrationsDir);
  await insertLines(client, 'facts', shop.facts.map(factRow).join('\n'), { token: 'all' });
  return asker(client);
}

type Change = { at: number; day: number; sku: string; node: string; place: string; units: number };

/** Everything is looked at one by one, day after day: slow, and plain. */
function reckon(shop: Shop, now: number, rateDays: number) {
  const dayOf = (at: number) => localDayOf(TIME_ZONE, at);
  const changes: Change[] = shop.facts.flatMap(({ effects }) =>
    effects.movements.flatMap(({ sku, from, to, quantity, at }) => [
      { at, day: dayOf(at), sku, node: from.node, place: from.place, units: -quantity },
      { at, day: dayOf(at), sku, node: to.node, place: to.place, units: quantity },
    ]),
  );
  const steps = shop.facts.flatMap(({ effects }) => effects.transitions);
  const items = shop.all('item');
  const costOf = (sku: string) => {
    const average = shop.all('ledger').get(sku)?.cost.average ?? null;
    return average === null ? (items.get(sku)?.unitCost ?? 0) : Math.round(average / 10_000);
  };
  const safetyOf = (sku: string) => items.get(sku)?.safetyStock ?? 0;
  const skus = [...new Set(changes.map(({ sku }) => sku))];
  const records = [...new Set(changes.filter(({ node }) => node !== '').map(({ sku, node }) => `${sku}|${node}`))];
  const sum = <T>(list: T[], of: (one: T) => number) => list.reduce((total, one) => total + of(one), 0);
  const units = (test: (change: Change) => boolean) => sum(changes.filter(test), (change) => change.units);
  const isPhysical = ({ node, place }: Change) => node !== '' && PHYSICAL.has(place);
  const stepsOf = (name: Transition['step'], test: (step: Transition, day: number) => boolean) =>
    steps.filter((step) => step.step === name && test(step, dayOf(step.at)));
  const within = (node: string | undefined, its: string) => node === undefined || its === node;
  return {
    balance: (day: number, node?: string) =>
      sum(
        skus,
        (sku) => costOf(sku) * units((c) => c.sku === sku && isPhysical(c) && c.day <= day && within(node, c.node)),
      ),
    hasBalance: (day: number, node?: string) =>
      changes.some((c) => isPhysical(c) && c.day <= day && within(node, c.node)),
    dispatched: (day: number, node?: string) => {
      const those = stepsOf('line-dispatched', (s, at) => at === day && s.currency === 'EUR' && within(node, s.node));
      return { cogs: sum(those, (s) => s.sign * s.cost), margin: sum(those, (s) => s.sign * (s.amount - s.cost)) };
    },
    sold: (day: number) =>
      sum(
        stepsOf('line-dispatched', (_, at) => at === day),
        (s) => s.sign * s.quantity,
      ),
    opening: (day: number) => units((c) => isPhysical(c) && c.day < day),
    received: (day: number) => -units((c) => c.node === '' && c.place === 'supplier' && c.day === day),
    available: (day: number, node?: string) =>
      units((c) => c.node !== '' && c.place === 'sellable' && c.day <= day && within(node, c.node)),
    ordered: (from: number, to: number, test: (step: Transition) => boolean = () => true) =>
      sum(
        stepsOf('line-accepted', (s, at) => at >= from && at <= to && test(s)),
        (s) => s.sign * s.quantity,
      ),
    recordBegan: Math.min(...stepsOf('order-accepted', () => true).map((s) => dayOf(s.at))),
    stockouts: (day: number, node?: string) => {
      const found = records.flatMap((record) => {
        const [sku = '', at = ''] = record.split('|');
        const own = (c: Change) => c.sku === sku && c.node === at && c.day <= day;
        if (!within(node, at) || !changes.some(own)) return [];
        const sellable = units((c) => own(c) && c.place === 'sellable');
        const weight = sum(
          stepsOf('line-accepted', (s, on) => s.sku === sku && on >= day - rateDays && on < day),
          (s) => s.sign * s.quantity,
        );
        return [{ out: sellable <= safetyOf(sku), weight }];
      });
      const out = found.filter((one) => one.out);
      return {
        records: found.length,
        out: out.length,
        demand: sum(found, (f) => f.weight),
        demandOut: sum(out, (f) => f.weight),
      };
    },
    idle: (day: number, horizonDays: number, agedDays: number) => {
      const result = { excess: 0, aged: 0, any: false };
      for (const sku of skus) {
        const onHand = units((c) => c.sku === sku && isPhysical(c) && c.day <= day);
        if (onHand <= 0) continue;
        result.any = true;
        const nodes = records.filter((record) => record.startsWith(`${sku}|`)).length;
        const began = Math.min(...changes.filter((c) => c.sku === sku && c.node !== '').map((c) => c.day));
        const known = Math.max(0, Math.min(rateDays, day - began));
        const sold = units(
          (c) => c.sku === sku && c.node === '' && c.place === 'customer' && c.day >= day - rateDays && c.day < day,
        );
        if (known >= Math.min(7, rateDays)) {
          const need = Math.ceil((Math.max(0, sold) / known) * horizonDays) + safetyOf(sku) * nodes;
          result.excess += costOf(sku) * Math.max(0, onHand - need);
        }
        let younger = 0;
        for (let on = day - agedDays + 1; on <= day; on++)
          younger += Math.max(
            0,
            -units((c) => c.sku === sku && c.node === '' && c.place !== 'customer' && c.day === on),
          );
        result.aged += costOf(sku) * Math.max(0, onHand - younger);
      }
      return result;
    },
    /** Units lost on a day: looks at every hour of it and of the days before. */
    lost: (day: number) =>
      sum(skus, (sku) => {
        const own = changes.filter((c) => c.sku === sku && c.node !== '');
        const nodes = new Set(own.map((c) => c.node)).size;
        const first = Math.floor(Math.min(...own.map((c) => c.at)) / HOUR_MS) * HOUR_MS;
        const emptyHours = (from: number, to: number) => {
          let ms = 0;
          for (let hour = first; hour < now; hour += HOUR_MS) {
            const on = dayOf(hour);
            if (on < from || on > to) continue;
            const level = sum(
              own.filter((c) => c.place === 'sellable' && c.at < hour + HOUR_MS),
              (c) => c.units,
            );
            if (level <= safetyOf(sku) * nodes) ms += Math.min(hour + HOUR_MS, Math.floor(now / 1000) * 1000) - hour;
          }
          return ms / HOUR_MS;
        };
        const hours = emptyHours(day, day);
        if (hours <= 0) return 0;
        const stocked = Math.max(0, Math.min(rateDays, day - dayOf(first)) * 24 - emptyHours(day - rateDays, day - 1));
        const ordered = sum(
          stepsOf('line-accepted', (s, on) => s.sku === sku && on >= day - rateDays && on < day),
          (s) => s.sign * s.quantity,
        );
        return stocked < 24 ? 0 : (hours * Math.max(0, ordered)) / stocked;
      }) * 0.7,
    dayOf,
  };
}

describe(`over random histories (SEED=${seed})`, () => {
  const histories = fc.sample(commands(250, 400), { seed, numRuns: isLong ? 3 : 1 }).map((list) => eventsOf(list));
  const seen = { sold: 0, stockouts: 0, excess: 0, aged: 0, lost: 0 };
  // Short histories: what four weeks are to a company, a few days are to them.
  const cases = histories.flatMap((events, index) =>
    (index === 0 ? [28, 3] : [3]).map((rateDays) => ({ index, events, size: events.length, rateDays })),
  );
  test.each(cases)(
    'history $index of $size events, rates of $rateDays days: turn, supply, sell-through, stockouts, idle stock, lost sales',
    { timeout: 240_000 },
    async ({ events, rateDays }) => {
      const shop = process(events);
      const ask = await historyOf(shop);
      const now = Math.max(...events.map((event) => event.receivedAt));
      const truth = reckon(shop, now, rateDays);
      const from = HISTORY_STARTS_AT + 3 * DAY_MS;
      const series = async (id: string, by?: 'node') => {
        const query = { from, to: now, grain: 'day' as const, timeZone: TIME_ZONE, currency: 'EUR', now };
        const kpi = kpiById(id)!;
        const sql = { file: '', ...kpi.sql, parameters: { ...kpi.sql?.parameters, rateDays } };
        return kpiSeries(ask, { ...kpi, sql }, { ...query, ...(by === undefined ? {} : { by }) });
      };
      const days: number[] = [];
      for (let day = truth.dayOf(from); day <= truth.dayOf(now); day++) days.push(day);
      const ratio = (part: number, whole: number, times = 1) => (whole > 0 ? (times * part) / whole : null);
      const same = (told: number | null | undefined, exact: number | null, what: string) => {
        if (exact === null || told === null || told === undefined) expect(told ?? null, what).toBe(exact);
        else
          expect(Math.abs(told - exact) / Math.max(1, Math.abs(exact)), `${what}: ${told} for ${exact}`).toBeLessThan(
            1e-9,
          );
      };
      const total = (of: (day: number) => number) => days.reduce((sum, day) => sum + of(day), 0);
      for (const node of [undefined, ...NODES]) {
        const told = async (id: string) => {
          const answer = await series(id, node === undefined ? undefined : 'node');
          const own = answer.series.find(({ key }) => key === (node ?? ''));
          return { points: own?.points.map(([, value]) => value) ?? [], total: own?.total ?? null };
        };
        const balance = total((day) => truth.balance(day, node));
        const cogs = total((day) => truth.dispatched(day, node).cogs);
        const margin = total((day) => truth.dispatched(day, node).margin);
        same((await told('days-inventory-outstanding')).total, ratio(balance, cogs), `DIO at ${node}`);
        same((await told('inventory-turns')).total, ratio(cogs, balance, 365), `turns at ${node}`);
        same((await told('gmroi')).total, ratio(margin, balance, 365), `GMROI at ${node}`);
        const daily = (await told('inventory-turns')).points;
        for (const [index, day] of days.entries()) {
          const exact = ratio(truth.dispatched(day, node).cogs, truth.balance(day, node), 365);
          same(daily[index], exact, `turns at ${node} on day ${index}`);
        }
        const supply = (await told('days-of-supply')).points;
        for (const [index, day] of days.entries()) {
          const known = Math.min(rateDays, day - truth.recordBegan + 1);
          const ordered = truth.ordered(day - rateDays + 1, day, (step) => node === undefined || step.node === node);
          const exact = ordered > 0 && known > 0 ? (truth.available(day, node) * known) / ordered : null;
          same(supply[index], exact, `days of supply at ${node} on day ${index}`);
        }
        const stockouts = days.map((day) => truth.stockouts(day, node));
        const sums = (name: 'records' | 'out' | 'demand' | 'demandOut') =>
          stockouts.reduce((sum, one) => sum + one[name], 0);
        same((await told('stockout-rate')).total, ratio(sums('out'), sums('records'), 100), `stockouts at ${node}`);
        same(
          (await told('stockout-rate-weighted')).total,
          ratio(sums('demandOut'), sums('demand'), 100),
          `stockouts by demand at ${node}`,
        );
      }
      const offered = truth.opening(days[0]!) + total(truth.received);
      const sellThrough = await series('sell-through');
      same(sellThrough.total, ratio(total(truth.sold), offered, 100), 'sell-through');
      for (const [index, day] of days.entries()) {
        const exact = ratio(truth.sold(day), truth.opening(day) + truth.received(day), 100);
        same(sellThrough.series[0]?.points[index]?.[1], exact, `sell-through on day ${index}`);
      }
      // Short histories: what 90 and 180 days are to a company, these are to them.
      for (const [horizonDays, agedDays] of [
        [2, 3],
        [90, 180],
      ] as const) {
        const parameters = { horizonDays, agedDays, rateDays };
        const points = async (id: string) => {
          const kpi = { ...kpiById(id)!, sql: { file: 'idle-stock', parameters } };
          const query = { from, to: now, grain: 'day' as const, timeZone: TIME_ZONE, currency: 'EUR', now };
          return (await kpiSeries(ask, kpi, query)).series[0]?.points ?? [];
        };
        const [excess, aged] = [await points('excess-value'), await points('aged-value')];
        for (const [index, day] of days.entries()) {
          const exact = truth.idle(day, horizonDays, agedDays);
          same(excess[index]?.[1] ?? 0, exact.excess, `excess on day ${index}`);
          same(aged[index]?.[1] ?? 0, exact.aged, `aged on day ${index}`);
        }
      }
      seen.sold += total((day) => truth.dispatched(day).cogs);
      seen.stockouts += total((day) => truth.stockouts(day).out);
      seen.excess += total((day) => truth.idle(day, 2, 3).excess);
      seen.aged += total((day) => truth.idle(day, 2, 3).aged);
      seen.lost += total(truth.lost);
      const lost = await series('lost-sales-units');
      for (const [index, day] of days.entries()) {
        same(lost.series[0]?.points[index]?.[1], truth.lost(day), `lost sales on day ${index}`);
      }
    },
  );

  test('the histories do what this is about', () => {
    for (const [what, amount] of Object.entries(seen)) expect(amount, what).toBeGreaterThan(0);
  });

  test.each(histories.map((events, index) => ({ index, events })))(
    'history $index: how late suppliers were, and how far lead times stray',
    { timeout: 120_000 },
    async ({ events }) => {
      const shop = process(events);
      const ask = await historyOf(shop);
      const now = Math.max(...events.map((event) => event.receivedAt));
      const due = shop.facts.flatMap(({ effects }) => effects.transitions).filter(({ step }) => step === 'supply-due');
      const received = shop.facts
        .flatMap(({ effects }) => effects.transitions)
        .filter(({ step }) => step === 'supply-received');
      let [units, unitDays] = [0, 0];
      // Of a line that was told again, the newest telling; of one that was taken back, none.
      for (const [name, told] of Map.groupBy(due, ({ line }) => line)) {
        if (told.reduce((sum, { sign }) => sum + sign, 0) <= 0) continue;
        const line = told.findLast(({ sign }) => sign === 1)!;
        units += line.quantity;
        const own = received.filter((one) => one.line === name);
        const came = own.reduce((sum, one) => sum + one.sign * one.quantity, 0);
        for (const one of own) unitDays += (one.sign * one.quantity * Math.max(0, one.at - line.at)) / DAY_MS;
        unitDays += (Math.max(0, line.quantity - came) * Math.max(0, now - line.at)) / DAY_MS;
      }
      const query = {
        from: HISTORY_STARTS_AT - DAY_MS,
        to: now + 5 * DAY_MS,
        grain: 'day' as const,
        timeZone: TIME_ZONE,
        currency: 'EUR',
        now: now + 5 * DAY_MS,
      };
      const late = await kpiSeries(ask, kpiById('supplier-days-late')!, { ...query, now });
      if (units > 0) expect(late.total).toBeCloseTo(unitDays / units, 6);
      else expect(late.total).toBe(null);
      const took = [...shop.all('purchase-order').values()]
        .flatMap(({ lines }) => lines)
        .filter(({ completedAt }) => completedAt > 0)
        .map(({ completedAt, firstStatedAt }) => Math.max(0, completedAt - firstStatedAt) / DAY_MS);
      const mean = took.reduce((sum, days) => sum + days, 0) / took.length;
      const deviation = Math.sqrt(took.reduce((sum, days) => sum + (days - mean) ** 2, 0) / took.length);
      const told = await kpiSeries(ask, kpiById('lead-time-deviation')!, query);
      if (took.length === 0) expect(told.total).toBe(null);
      else expect(told.total).toBeCloseTo(deviation, 6);
    },
  );

  test('how long units wait between their receipt and the shelf, first in, first out', {
    timeout: 60_000,
  }, async () => {
    const at = HISTORY_STARTS_AT;
    const receive = (hours: number, quantity: number, into: 'sellable' | 'quarantined') =>
      eventOf('stock.received', { sku: 'chair', node: 'north', quantity, into }, { at: at + hours * HOUR_MS });
    const change = (
      hours: number,
      quantity: number,
      from: 'quarantined' | 'sellable',
      to: 'sellable' | 'damaged' | 'loss',
    ) =>
      eventOf(
        'stock.condition-changed',
        { sku: 'chair', node: 'north', quantity, from, to, reason: 'looked at' },
        { at: at + hours * HOUR_MS },
      );
    const shop = process([
      eventOf('workspace.configured', { name: 'Test', currency: 'EUR', timeZone: TIME_ZONE }, { at: at - HOUR_MS }),
      receive(0, 10, 'quarantined'),
      receive(1, 2, 'sellable'),
      receive(2, 10, 'quarantined'),
      change(3, 4, 'quarantined', 'sellable'),
      change(4, 3, 'quarantined', 'damaged'),
      // Three of the first receipt, five of the second: after five and after three hours.
      change(5, 8, 'quarantined', 'sellable'),
    ]);
    expect(shop.facts.map(({ effects }) => effects.refused)).toEqual(Array(7).fill(''));
    const ask = await historyOf(shop);
    const figure = async (percent: number, to: number) => {
      const query = { from: at - HOUR_MS, to, grain: 'hour' as const, timeZone: TIME_ZONE, currency: 'EUR', now: to };
      return (await kpiSeries(ask, kpiById(`receipt-to-stock-p${percent}`)!, query)).total;
    };
    // Of 14 units two took none, four and five took three hours, three took five.
    expect(await figure(50, at + 6 * HOUR_MS)).toBe(3);
    expect(await figure(90, at + 6 * HOUR_MS)).toBe(5);
    expect(await figure(90, at + 2 * HOUR_MS)).toBe(0);
    expect(await figure(50, at + HOUR_MS)).toBe(null);
  });
});
