/** Advice against deed, and the decisions about one order. */
import { loadQuery } from '../../sql/load.ts';
import { type HistoryClient, queryRows } from '../client.ts';

/** What one order was advised to do and what was done with it; amounts in minor units. */
export type AdviceRow = {
  seq: number;
  at: number;
  order: string;
  outcome: string;
  advised: { node: string; units: number }[];
  done: { node: string; units: number }[];
  /** Units we had no stock for. */
  unfilled: number;
  shipments: { advised: number; done: number };
  shippingCost: { advised: number; done: number };
};
export type AdviceSummary = { outcome: string; orders: number; moreShipments: number; moreCost: number };
export type AdviceQuery = {
  outcome?: string | undefined;
  order?: string | undefined;
  /** Judged in this time, both ends included; epoch ms. */
  from: number;
  to: number;
  /** Only rows with a smaller sequence. */
  before?: number | undefined;
  limit: number;
};

type Inputs = {
  advised: [string, number][];
  done: [string, number][];
  unfilled: number;
  shipments: [number, number];
  cost: [number, number];
};

const named = (nodes: [string, number][]) => nodes.map(([node, units]) => ({ node, units }));
const compared = ([advised, done]: [number, number]) => ({ advised, done });

export async function advicePage(history: HistoryClient, query: AdviceQuery): Promise<AdviceRow[]> {
  const { outcome = '', order = '', from, to, before = Number.MAX_SAFE_INTEGER, limit } = query;
  const params = { outcome, order, from, to, before, limit };
  const rows = await queryRows<{ seq: number; at: number; order: string; outcome: string; inputs: string }>(
    history,
    loadQuery('queries/advice-page'),
    params,
  );
  return rows.map(({ inputs, ...row }) => {
    const { advised, done, unfilled, shipments, cost } = JSON.parse(inputs) as Inputs;
    const told = { advised: named(advised), done: named(done), unfilled };
    return {
      ...row,
      seq: Number(row.seq),
      at: Number(row.at),
      ...told,
      shipments: compared(shipments),
      shippingCost: compared(cost),
    };
  });
}

export async function adviceSummary(
  history: HistoryClient,
  { from, to, channel = '' }: { from: number; to: number; channel?: string | undefined },
): Promise<AdviceSummary[]> {
  const rows = await queryRows<AdviceSummary>(history, loadQuery('queries/advice-summary'), { from, to, channel });
  return rows.map(({ outcome, orders, moreShipments, moreCost }) => ({
    outcome,
    orders: Number(orders),
    moreShipments: Number(moreShipments),
    moreCost: Number(moreCost),
  }));
}

export type OrderDecision = {
  seq: number;
  at: number;
  policy: string;
  line: string;
  sku: string;
  node: string;
  outcome: string;
  inputs: Record<string, unknown>;
};

/** @param before only decisions with a smaller sequence */
export async function orderDecisions(
  history: HistoryClient,
  order: string,
  { before = Number.MAX_SAFE_INTEGER, limit }: { before?: number | undefined; limit: number },
): Promise<OrderDecision[]> {
  type Row = Omit<OrderDecision, 'inputs'> & { inputs: string };
  const rows = await queryRows<Row>(history, loadQuery('queries/order-decisions'), { order, before, limit });
  return rows.map((row) => ({
    ...row,
    seq: Number(row.seq),
    at: Number(row.at),
    inputs: JSON.parse(row.inputs) as OrderDecision['inputs'],
  }));
}
