/** The small schema that corpora of attacks are written for, and the questions of such a corpus. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { GuardSchema } from '../../../analytics/guard/index.ts';

export type CorpusCase = { name: string; sql: string; mustBe: 'rejected' | 'bounded' | 'allowed' };

/** Cases of others that lie beside the project where they do; null elsewhere. */
export function readCorpus(): CorpusCase[] | null {
  const path = fileURLToPath(new URL('../../../../shared/data/sql-attacks.json', import.meta.url));
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

const tables: Record<string, Record<string, string>> = {
  events: {
    event_id: 'String',
    ts: "DateTime64(3, 'UTC')",
    event_type: 'LowCardinality(String)',
    sku: 'String',
    channel: 'LowCardinality(String)',
    warehouse: 'LowCardinality(String)',
    qty: 'Int64',
    amount: 'Float64',
    payload: 'String',
  },
  orders: {
    order_id: 'String',
    ts: "DateTime64(3, 'UTC')",
    sku: 'String',
    channel: 'LowCardinality(String)',
    warehouse: 'LowCardinality(String)',
    qty: 'Int64',
    amount: 'Float64',
  },
  stock: { sku: 'String', warehouse: 'LowCardinality(String)', on_hand: 'Int64', available: 'Int64' },
  minute_agg: { minute: "DateTime('UTC')", channel: 'LowCardinality(String)', orders: 'Int64' },
};

export const corpusSchema: GuardSchema = {
  database: 'ops',
  views: Object.entries(tables).map(([name, columns]) => ({
    name,
    columns: Object.keys(columns).map((column) => ({ name: column })),
  })),
};

const list = (columns: Record<string, string>): string =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ');

/** Hidden tables in `raw`, and views of them in `ops` that read with the rights of their maker. */
export function corpusStatements(rows: number): string[] {
  const event = `concat('e', toString(number)), now64(3) - INTERVAL number % 400000 SECOND,
    ['order_created', 'order_cancelled', 'refund'][number % 3 + 1], concat('SKU-', toString(number % 50)),
    ['shopify', 'amazon', 'pos'][number % 3 + 1], ['north', 'south'][number % 2 + 1], number % 7, number % 90 + 0.5,
    concat('{"n":', toString(number % 11), ',"note":"something longer that is said of it"}')`;
  const order = `concat('o', toString(number)), now64(3) - INTERVAL number % 400000 SECOND, concat('SKU-', toString(number % 50)),
    ['shopify', 'amazon', 'pos'][number % 3 + 1], ['north', 'south'][number % 2 + 1], number % 7, number % 90 + 0.5`;
  const selects: Record<string, string> = {
    events: `SELECT ${event} FROM numbers(${rows})`,
    orders: `SELECT ${order} FROM numbers(${Math.ceil(rows / 2)})`,
    stock: `SELECT concat('SKU-', toString(number % 50)), ['north', 'south'][number % 2 + 1], number % 40, number % 40 - 5 FROM numbers(100)`,
    minute_agg: `SELECT toDateTime('2026-01-01 00:00:00', 'UTC') + number * 60, 'shopify', number FROM numbers(100)`,
  };
  return [
    'CREATE DATABASE IF NOT EXISTS raw ENGINE = Atomic',
    'CREATE DATABASE IF NOT EXISTS ops ENGINE = Atomic',
    'CREATE TABLE raw.secrets (k String, v String) ENGINE = MergeTree ORDER BY k',
    `INSERT INTO raw.secrets SELECT 'api_key', 's3cr3t'`,
    ...Object.entries(tables).flatMap(([name, columns]) => [
      `CREATE TABLE raw.${name} (${list(columns)}) ENGINE = MergeTree ORDER BY tuple()`,
      `INSERT INTO raw.${name} ${selects[name]}`,
      `CREATE VIEW ops.${name} (${list(columns)}) DEFINER = tideline_views SQL SECURITY DEFINER AS SELECT * FROM raw.${name}`,
    ]),
  ];
}
