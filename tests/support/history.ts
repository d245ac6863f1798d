/** A workspace with a facts stream in a real Redis and a history in a real engine, of its own for each test. */
import { createClient } from 'redis';
import { type HistoryClient, queryRows } from '../../analytics/clickhouse/client.ts';
import { createViews } from '../../analytics/clickhouse/create-views.ts';
import { type HistoryWriter, startHistoryWriter } from '../../analytics/clickhouse/history-writer.ts';
import { migrate } from '../../analytics/clickhouse/migrate.ts';
import { migrationsDir } from '../../analytics/sql/load.ts';
import { factRow } from '../../streams/processing/fact-row.ts';
import { type Keys, keysOf } from '../../streams/processing/keys.ts';
import type { Fact } from '../../streams/processing/process-batch.ts';
import type { Redis } from '../../streams/processing/redis.ts';
import type { TestEngine } from './engine.ts';
import { type TestRedis, uniqueWorkspace } from './redis.ts';

export type HistoryBench = {
  redis: Redis;
  history: HistoryClient;
  keys: Keys;
  /** What the processor does with facts: one stream entry per commit, and the checkpoint. */
  append(facts: readonly Fact[], perCommit: number): Promise<void>;
  /** Stopped with the bench. */
  startWriter(): Promise<HistoryWriter & { problems: string[] }>;
  counts(): Promise<Record<string, number>>;
  close(): Promise<void>;
};

export async function openHistoryBench(engine: TestEngine, server: TestRedis): Promise<HistoryBench> {
  const { client: history } = await engine.createDatabase();
  await migrate(history, migrationsDir);
  await createViews(history);
  const keys = keysOf(uniqueWorkspace());
  const clients: Redis[] = [];
  const writers: HistoryWriter[] = [];
  const connect = async () => {
    const client = createClient({ url: server.url }) as Redis;
    client.on('error', () => undefined);
    clients.push(await client.connect());
    return client;
  };
  const redis = await connect();
  return {
    redis,
    history,
    keys,
    async append(facts, perCommit) {
      for (let from = 0; from < facts.length; from += perCommit) {
        const commit = facts.slice(from, from + perCommit);
        const [first, last] = [commit[0]!.seq, commit.at(-1)!.seq];
        const lines = commit.map(factRow).join('\n');
        await redis.xAdd(keys.facts, `${last}-0`, { s: String(first), n: String(commit.length), f: lines });
        await redis.set(keys.checkpoint, JSON.stringify({ position: '1-0', seq: last }));
      }
    },
    async startWriter() {
      const problems: string[] = [];
      const note = (fields: object) => void problems.push(JSON.stringify(fields));
      const logger = { info: () => undefined, warn: note, error: note };
      const writer = startHistoryWriter({ redis: await connect(), history, keys, logger });
      writers.push(writer);
      return { ...writer, problems };
    },
    async counts() {
      const tables = ['events', 'event_subjects', 'event_identities', 'movements', 'order_steps'];
      const sums = tables.map((table) => `(SELECT count() FROM ${table}) AS ${table}`);
      const [row] = await queryRows<Record<string, number>>(
        history,
        `SELECT ${sums.join(', ')}, (SELECT uniqExact(seq) FROM events) AS distinct_events,
           (SELECT count() FROM orders FINAL) AS orders,
           (SELECT sum(steps) FROM kpi_minutes WHERE clock = 'step') AS steps, (SELECT sum(abs(change)) FROM stock_changes) AS changes,
           (SELECT sum(change) FROM stock_hours WHERE place = 'sellable') AS sellable,
           (SELECT sum(events) FROM source_activity) AS activity`,
      );
      return row!;
    },
    async close() {
      await Promise.all(writers.map((writer) => writer.stop()));
      await Promise.all(clients.map((client) => client.close()));
    },
  };
}

/** An order, a SKU, or a setting that is defined. */
const namesItsSubject = ({ type, data }: Fact['event']): boolean =>
  'order' in data || 'sku' in data || /^(policy|node|channel|source)\.defined$|^workspace\.configured$/.test(type);

/** What `counts` must say when each of these facts is in history once. */
export function expectedCounts(facts: readonly Fact[]): Record<string, number> {
  const sum = (value: (fact: Fact) => number) => facts.reduce((total, fact) => total + value(fact), 0);
  const movements = facts.flatMap((fact) => fact.effects.movements);
  const sellable = movements.reduce(
    (total, { from, to, quantity }) =>
      total + (to.place === 'sellable' ? quantity : 0) - (from.place === 'sellable' ? quantity : 0),
    0,
  );
  return {
    events: facts.length,
    distinct_events: facts.length,
    event_identities: facts.length,
    event_subjects: sum(({ event }) => (namesItsSubject(event) ? 1 : 0)),
    movements: movements.length,
    order_steps: sum((fact) => fact.effects.transitions.length),
    orders: new Set(facts.flatMap((fact) => fact.orders.map(({ order }) => order))).size,
    steps: sum((fact) => fact.effects.transitions.reduce((total, { sign }) => total + sign, 0)),
    changes: 2 * movements.reduce((total, { quantity }) => total + quantity, 0),
    sellable,
    activity: facts.length,
  };
}
