/** Why an order line is promised for when it is: the units it has, where they are, and the receipts the others wait for. */
import { decisionsOf, eventsOfOrder, type OrderEventRow } from '../../../analytics/clickhouse/queries/explain.ts';
import { summaryOf } from '../../../analytics/clickhouse/queries/order-timeline.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { Draft } from '../../../streams/operations/draft.ts';
import { openUnits } from '../../../streams/operations/orders/order-life.ts';
import { promiseOf } from '../../../streams/operations/reservations/promise.ts';
import type { Order, OrderLine } from '../../../streams/operations/states.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { reachable } from '../ask-history.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import {
  type EventsAsked,
  type EventsTold,
  type ExplainDeps,
  explanationOf,
  type Part,
  pageOf,
  sumOf,
} from './told.ts';

const DECISIONS_MAX = 50;

/** @param id `ORDER/LINE`, or `ORDER` for the order with its lines as parts */
export async function explainPromise(deps: ExplainDeps, id: string, asked: EventsAsked): Promise<Explanation | null> {
  const { redis, keys, history } = deps.runtime;
  const at = deps.mirror.businessNow();
  const moment = await atOneMoment(redis, keys, (draft) => {
    const found = find(draft, id);
    if (found === null) return null;
    return {
      ...found,
      ...(found.line === undefined ? ofOrder(found.order) : ofLine(draft, found.order, found.line, at)),
    };
  });
  if (moment.answer === null) return null;
  const { order, line, shipAt, parts } = moment.answer;
  const [rows, decisions, behind] = await Promise.all([
    reachable(eventsOfOrder(history, { order: order.order, ...asked })),
    reachable(decisionsOf(history, order.order, line?.sku ?? '', DECISIONS_MAX)),
    eventsBehind(deps.runtime),
  ]);
  const told = {
    number: `promise:${id}`,
    name: line === undefined ? `Promise of order ${order.order}` : `Promise of ${line.sku} in order ${order.order}`,
    value: shipAt,
    unit: 'time' as const,
    formula:
      line === undefined
        ? 'the moment the order was promised to ship by'
        : 'the promise of the order while all units are reserved; else when the last receipt it waits for can leave',
    parts,
    partsAddUpTo: { words: 'units still to be shipped', value: sumOf(parts) },
    decisions: decisions
      .filter((decision) => line === undefined || decision.line === '' || decision.line === line.line)
      .map(({ line: _, ...decision }) => decision),
    events: pageOf(rows.map(eventOf), asked.limit),
    related: line === undefined ? [] : [`promise:${order.order}`, `waiting:${line.sku}`],
  };
  return explanationOf(moment, told, behind);
}

/** Ids may contain slashes themselves: the first way of reading that names something is it. */
function find(draft: Draft, id: string): { order: Order; line?: OrderLine } | null {
  const whole = draft.get('order', id);
  if (whole !== undefined) return { order: whole };
  for (let cut = id.lastIndexOf('/'); cut > 0; cut = id.lastIndexOf('/', cut - 1)) {
    const order = draft.get('order', id.slice(0, cut));
    const line = order?.lines.find((known) => known.line === id.slice(cut + 1));
    if (order !== undefined && line !== undefined) return { order, line };
  }
  return null;
}

function ofOrder(order: Order): { shipAt: number | null; parts: Part[] } {
  const parts = order.lines.map((line) => ({
    words: `line ${line.line}: ${line.sku}`,
    value: openUnits(line),
    number: `promise:${order.order}/${line.line}`,
  }));
  return { shipAt: order.shipBy || null, parts };
}

function ofLine(draft: Draft, order: Order, line: OrderLine, at: number): { shipAt: number | null; parts: Part[] } {
  const reserved = line.allocated.map(([node, units]) => ({
    words: `reserved at ${node}`,
    value: units,
    number: `bucket:${line.sku}|${node}|allocated`,
  }));
  const promised = promiseOf(draft, order, line, at);
  const waited = (promised?.parts ?? []).map(({ ref, node, units, shipAt }) => ({
    words: ref === '' ? 'from stock on sale' : `from ${ref} at ${node}, leaves by ${new Date(shipAt).toISOString()}`,
    value: units,
    number: ref === '' ? `waiting:${line.sku}` : `inbound:${ref}`,
  }));
  const uncovered = promised?.uncovered ?? 0;
  const rest = openUnits(line) - sumOf(reserved) - sumOf(waited) - uncovered;
  return {
    shipAt: promised === null ? order.shipBy || null : promised.shipAt,
    parts: [
      ...reserved,
      ...waited,
      ...(uncovered === 0
        ? []
        : [{ words: 'waits, and no receipt covers it', value: uncovered, number: `waiting:${line.sku}` }]),
      ...(rest === 0 ? [] : [{ words: 'given back while the order is held', value: rest, number: null }]),
    ],
  };
}

function eventOf({
  seq,
  occurredAt,
  receivedAt,
  source,
  id,
  type,
  data,
  refused,
}: OrderEventRow): EventsTold['items'][number] {
  const summary = summaryOf({ type, data: JSON.parse(data) } as Event);
  const words = refused === '' ? summary : `${summary} (refused: ${refused})`;
  return { seq, occurredAt, receivedAt, source, id, type, words, change: null, balance: null };
}
