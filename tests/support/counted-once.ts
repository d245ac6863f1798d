/** What Redis and ClickHouse hold, compared with the books of whoever sent it. */
import { queryRows } from '../../analytics/clickhouse/client.ts';
import { readPosition } from '../../analytics/clickhouse/history-position.ts';
import { rebuildStates } from '../../server/rebuild/from-history.ts';
import { compareStates, copyLiveStates } from '../../server/rebuild/verify.ts';
import { openRuntime, type Runtime } from '../../server/runtime.ts';
import { openDeliveries } from '../../streams/ingestion/deliveries.ts';
import type { Order, Ledger as SkuLedger, Stock } from '../../streams/operations/states.ts';
import { checkpointOf } from '../../streams/processing/commit.ts';
import type { StateKind } from '../../streams/processing/keys.ts';
import type { Ledger } from './order-ledger.ts';
import { startTestRedis } from './redis.ts';
import { until } from './running-tideline.ts';

const silent = { info() {}, warn() {}, error() {} };

/** Resolves when queue, log and outbox are empty: everything that was acknowledged has arrived everywhere. */
export async function untilSettled({ redis, keys }: Runtime, msMax: number): Promise<void> {
  const deliveries = openDeliveries(redis, keys.workspace);
  let seen = '';
  try {
    await until('queue, log and outbox are empty', msMax, async () => {
      const [depth, newest, checkpointText, position, outbox] = await Promise.all([
        deliveries.depth(),
        redis.xRevRange(keys.log, '+', '-', { COUNT: 1 }),
        redis.get(keys.checkpoint),
        readPosition(redis, keys),
        redis.xLen(keys.facts),
      ]);
      const checkpoint = checkpointOf(checkpointText);
      const last = newest?.[0]?.id ?? checkpoint.position;
      const log = compareIds(last, checkpoint.position) > 0 ? 1 : 0;
      seen = `queue ${depth}, log ${log}, outbox ${outbox}, history ${position.seq} of ${checkpoint.seq}`;
      return depth === 0 && log === 0 && outbox === 0 && position.seq === checkpoint.seq;
    });
  } catch (error) {
    throw new Error(`it does not settle: ${seen}`, { cause: error });
  } finally {
    await deliveries.stop();
  }
}

function compareIds(a: string, b: string): number {
  const [aMs, aSeq] = a.split('-').map(Number) as [number, number];
  const [bMs, bSeq] = b.split('-').map(Number) as [number, number];
  return aMs - bMs || aSeq - bSeq;
}

export type Audit = {
  /** Acknowledged, and not in history. */
  lost: string[];
  /** More than once in history. */
  doubled: string[];
  /** In history, and never sent by us. */
  unknown: string[];
  refused: string[];
  /** Holes and repeats in the sequence. */
  sequence: { first: number; last: number; rows: number; distinct: number };
  /** Places whose live figure is not the sum of its movements. */
  stockUnlikeMovements: string[];
  /** Nodes whose stock is not what was received less what was dispatched. */
  stockUnlikeBooks: string[];
  ordersUnlikeBooks: string[];
  /** SKUs whose units do not add up to zero over all places. */
  notConserved: string[];
  ordersInHistory: number;
  ordersAcceptedInKpis: number;
  parked: number;
  deadLetters: number;
};

/** All lists are empty and all counts those of the ledger when everything counted once. */
export async function audit({ redis, history, keys }: Runtime, ledger: Ledger): Promise<Audit> {
  const rows = await queryRows<{ identity: string; times: number; refused: string }>(
    history,
    `SELECT concat(source, '|', id) AS identity, toUInt32(count()) AS times, max(refused) AS refused
     FROM events WHERE source IN ('shop', 'warehouse') GROUP BY identity`,
  );
  const times = new Map(rows.map((row) => [row.identity, row.times]));
  const [sequence] = await queryRows<Audit['sequence']>(
    history,
    `SELECT toUInt32(min(seq)) AS first, toUInt32(max(seq)) AS last, toUInt32(count()) AS rows,
       toUInt32(uniqExact(seq)) AS distinct FROM events`,
  );
  const [counts] = await queryRows<{ orders: number; accepted: number }>(
    history,
    `SELECT toUInt32((SELECT count() FROM orders FINAL)) AS orders,
       toInt32((SELECT sum(steps) FROM kpi_minutes WHERE step = 'order-accepted' AND clock = 'step')) AS accepted`,
  );
  const states = async <S>(kind: StateKind): Promise<S[]> =>
    (await redis.hVals(keys.state(kind))).map((text) => JSON.parse(text) as S);
  const [stocks, skus, orders] = await Promise.all([
    states<Stock>('stock'),
    states<SkuLedger>('ledger'),
    states<Order>('order'),
  ]);
  return {
    lost: [...ledger.acknowledged].filter((identity) => !times.has(identity)),
    doubled: rows.filter((row) => row.times > 1).map((row) => row.identity),
    unknown: rows.filter((row) => !ledger.sent.has(row.identity)).map((row) => row.identity),
    refused: rows.filter((row) => row.refused !== '').map((row) => `${row.identity}: ${row.refused}`),
    sequence: sequence!,
    stockUnlikeMovements: await unlikeMovements(history, stocks, skus),
    stockUnlikeBooks: unlikeBooks(stocks, ledger),
    ordersUnlikeBooks: ordersUnlikeBooks(orders, ledger),
    notConserved: skus.filter((sku) => unitsOf(sku, stocks) !== 0).map(({ sku }) => sku),
    ordersInHistory: counts!.orders,
    ordersAcceptedInKpis: counts!.accepted,
    parked: await redis.hLen(keys.state('parked')),
    deadLetters: await redis.zCard(keys.deadLetterIndex),
  };
}

/** What an audit says when nothing is wrong; `last` is taken over, everything else follows from the ledger. */
export const faultless = (ledger: Ledger, { sequence: { last } }: Audit): Audit => ({
  lost: [],
  doubled: [],
  unknown: [],
  refused: [],
  sequence: { first: 1, last, rows: last, distinct: last },
  stockUnlikeMovements: [],
  stockUnlikeBooks: [],
  ordersUnlikeBooks: [],
  notConserved: [],
  ordersInHistory: ledger.orders.size,
  ordersAcceptedInKpis: ledger.orders.size,
  parked: 0,
  deadLetters: 0,
});

const physical = ['sellable', 'allocated', 'quarantined', 'damaged', 'return-pending', 'in-transit'] as const;
const virtual = ['supplier', 'customer', 'loss', 'unknown'] as const;

async function unlikeMovements(history: Runtime['history'], stocks: Stock[], skus: SkuLedger[]): Promise<string[]> {
  const rows = await queryRows<{ place: string; units: number }>(
    history,
    `SELECT concat(sku, '|', node, '|', place) AS place, toInt32(sum(change)) AS units FROM stock_changes GROUP BY place`,
  );
  const summed = new Map(rows.map((row) => [row.place, row.units]));
  const live = [
    ...stocks.flatMap((stock) =>
      physical.map((place) => [`${stock.sku}|${stock.node}|${place}`, stock[place]] as const),
    ),
    ...skus.flatMap((sku) => virtual.map((place) => [`${sku.sku}||${place}`, sku[place]] as const)),
  ];
  const known = new Set<string>(live.map(([place]) => place));
  return [
    ...live
      .filter(([place, units]) => units !== (summed.get(place) ?? 0))
      .map(([place, units]) => `${place}: live ${units}, moved ${summed.get(place) ?? 0}`),
    ...[...summed.keys()].filter((place) => !known.has(place)),
  ];
}

function unlikeBooks(stocks: Stock[], { received, dispatched }: Ledger): string[] {
  const live = new Map(stocks.map((stock) => [`${stock.sku}|${stock.node}`, stock.sellable + stock.allocated]));
  return [...received]
    .map(([id, units]) => ({ id, books: units - (dispatched.get(id) ?? 0), live: live.get(id) ?? 0 }))
    .filter(({ books, live }) => books !== live)
    .map(({ id, books, live }) => `${id}: live ${live}, books ${books}`);
}

function ordersUnlikeBooks(orders: Order[], ledger: Ledger): string[] {
  const live = new Map(orders.map((order) => [order.order, order]));
  const wrong = [...ledger.orders.values()].filter(({ order, lines, dispatched }) => {
    const state = live.get(order);
    return lines.some(({ line, quantity }) => {
      const known = state?.lines.find((one) => one.line === line);
      return known?.quantity !== quantity || known.dispatched !== (dispatched ? quantity : 0);
    });
  });
  const phantoms = orders.filter(({ order }) => !ledger.orders.has(order));
  return [...wrong, ...phantoms].map(({ order }) => order);
}

function unitsOf(sku: SkuLedger, stocks: Stock[]): number {
  const outside = virtual.reduce((sum, place) => sum + sku[place], 0);
  return stocks
    .filter((stock) => stock.sku === sku.sku)
    .reduce((sum, stock) => physical.reduce((units, place) => units + stock[place], sum), outside);
}

/** Replays history into an empty Redis. @returns the states that differ from the live ones */
export async function differencesFromRebuild(view: Runtime, history: { redisUrl: string } & Reached) {
  const fresh = await startTestRedis();
  const rebuilt = await openRuntime({ ...history, redisUrl: fresh.url }, view.keys.workspace, silent);
  try {
    const { seq, copied } = await copyLiveStates(view);
    await rebuildStates(rebuilt, seq, () => undefined);
    const compared = await compareStates(copied, rebuilt);
    await copied.drop();
    return { ...compared, seq };
  } finally {
    await rebuilt.close();
    await fresh.stop();
  }
}
type Reached = Parameters<typeof openRuntime>[0];
