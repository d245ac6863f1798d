/** What history knows of how a number came about. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

type Bucket = { sku: string; node: string; bucket: string };

/** Net change of a bucket by where units came from or went to; over all ways it is what history says the bucket holds. */
export async function bucketParts(history: HistoryClient, bucket: Bucket) {
  type Row = { fromPlace: string; toPlace: string; change: number; movements: number };
  const rows = await queryRows<Row>(history, loadQuery('queries/bucket-parts'), bucket);
  return rows.map((row) => ({ ...row, change: Number(row.change), movements: Number(row.movements) }));
}

/** Who holds the units, the largest first; the others are counted in `more`. */
export async function bucketHolders(history: HistoryClient, bucket: Bucket, limit: number) {
  type Row = { order: string; units: number; total: number; holders: number };
  const rows = await queryRows<Row>(history, loadQuery('queries/bucket-holders'), { ...bucket, limit });
  const holders = rows.map(({ order, units }) => ({ order, units: Number(units) }));
  const shown = holders.reduce((sum, { units }) => sum + units, 0);
  const total = Number(rows[0]?.total ?? 0);
  return { holders, more: Number(rows[0]?.holders ?? 0) - holders.length, unitsOfMore: total - shown };
}

export type ExceptionChangeRow = {
  seq: number;
  at: number;
  change: string;
  title: string;
  severity: string;
  moneyAtRisk: number;
  actor: string;
  id: string;
  source: string;
  type: string;
  receivedAt: number;
};

export async function exceptionHistory(
  history: HistoryClient,
  asked: { kind: string; subject: string; before: number; limit: number },
): Promise<ExceptionChangeRow[]> {
  const rows = await queryRows<ExceptionChangeRow>(history, loadQuery('queries/exception-history'), asked);
  return rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: Number(row.at),
    moneyAtRisk: Number(row.moneyAtRisk),
    receivedAt: Number(row.receivedAt),
  }));
}

export async function decisionsOf(history: HistoryClient, order: string, sku: string, limit: number) {
  type Row = { at: number; policy: string; outcome: string; node: string; line: string; sku: string; inputs: string };
  const rows = await queryRows<Row>(history, loadQuery('queries/decisions-of-order'), { order, sku, limit });
  return rows.map(({ at, policy, outcome, node, line, inputs }) => ({
    at: Number(at),
    policy,
    outcome,
    node,
    line,
    inputs: JSON.parse(inputs || '{}') as Record<string, unknown>,
  }));
}

export type OrderEventRow = {
  seq: number;
  id: string;
  source: string;
  type: string;
  data: string;
  refused: string;
  occurredAt: number;
  receivedAt: number;
};

export async function eventsOfOrder(
  history: HistoryClient,
  asked: { order: string; before: number; limit: number },
): Promise<OrderEventRow[]> {
  const rows = await queryRows<OrderEventRow>(history, loadQuery('queries/events-of-order'), asked);
  return rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    occurredAt: Number(row.occurredAt),
    receivedAt: Number(row.receivedAt),
  }));
}
