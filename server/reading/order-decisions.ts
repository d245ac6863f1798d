/** Decisions about orders and advice against deed, from history; steps that are due, from the live state. */
import { adviceSummary, orderDecisions, advicePage as readAdvice } from '../../analytics/clickhouse/queries/advice.ts';
import type { Cohort } from '../../streams/operations/orders/cohort-state.ts';
import { Refusal } from '../http/problems.ts';
import type { OrderModel } from '../http/read-model.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';
import { createStateIndex } from './state-index.ts';

const ADVICE_DAYS = 30;
const DAY_MS = 86_400_000;

export function createOrderModel({ redis, keys, history }: Runtime, now: () => number): OrderModel {
  const cohorts = createStateIndex<Cohort>(redis, keys.state('cohort'), now);
  return {
    /** @returns null when there is no such order */
    async orderDecisions(order, { cursor, limit }) {
      if (!(await redis.hExists(keys.state('order'), order))) return null;
      const items = await reachable(orderDecisions(history, order, { before: sequenceOf(cursor), limit }));
      return { items, next: items.length < limit ? null : String(items.at(-1)!.seq) };
    },

    async advice(query) {
      const { cursor, limit, outcome, order, channel, to = now(), from = to - ADVICE_DAYS * DAY_MS } = query;
      const [rows, outcomes] = await reachable(
        Promise.all([
          readAdvice(history, { outcome, order, from, to, before: sequenceOf(cursor), limit }),
          adviceSummary(history, { from, to, channel }),
        ]),
      );
      const sum = (value: (row: (typeof outcomes)[number]) => number) =>
        outcomes.reduce((all, row) => all + value(row), 0);
      const orders = sum((row) => row.orders);
      const followed = sum((row) => (row.outcome === 'followed' ? row.orders : 0));
      return {
        items: rows.map(({ seq: _, ...row }) => row),
        next: rows.length < limit ? null : String(rows.at(-1)!.seq),
        summary: {
          orders,
          followed,
          followedPercent: orders === 0 ? null : Math.round((followed * 10_000) / orders) / 100,
          moreShipments: sum((row) => row.moreShipments),
          moreCost: sum((row) => row.moreCost),
          outcomes,
        },
      };
    },

    async orderSteps(query) {
      const { cursor = '', limit, kind, node, overdue } = query;
      const { items, next } = await cohorts.page(
        cursor,
        limit,
        (cohort) =>
          (kind === undefined || cohort.kind === kind) &&
          (node === undefined || cohort.node === node) &&
          (overdue === undefined || cohort.overdue === overdue),
      );
      return { items: items.map(({ source: _, ...cohort }) => cohort), next };
    },
  };
}

function sequenceOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const sequence = Number(cursor);
  if (!Number.isSafeInteger(sequence) || sequence < 0)
    throw new Refusal(400, { detail: 'The cursor is not one of ours.' });
  return sequence;
}
