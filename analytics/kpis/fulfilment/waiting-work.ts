/** Open work that cannot go on: orders on hold, lines without stock. */
import { stepsSinceRecord } from '../../sql/asked-rows.ts';
import type { AskedRows } from '../asked.ts';
import { defineKpi, firstVersion, type Kpi } from '../definition.ts';
import { sumOf } from '../levels.ts';

const words = {
  group: 'fulfilment',
  direction: 'down',
  clock: 'level at a moment',
  target: null,
  cadence: 'minute',
  dimensions: ['channel', 'node', 'country'],
  version: 1,
  changes: firstVersion,
  recordedSince: 'judged-order',
} as const;

/** Of orders that were accepted since such steps are told: of older ones history knows the end and not the beginning. */
function told(opened: string, closed: string, counted: 'steps' | 'quantity' | 'amount'): Pick<Kpi, 'sql' | 'asked'> {
  const worth = counted === 'steps' ? '1' : counted;
  const each = `sign * if(step = '${opened}', 1, -1) * ${worth}`;
  const asked: AskedRows = {
    kind: 'rows',
    rows: stepsSinceRecord(opened, closed),
    moment: 'at',
    figure: { kind: 'level', change: `sum(${each})`, emptyIsZero: true },
    dimensions: {
      channel: 'channel',
      node: 'node',
      country: 'country',
      ...(counted === 'steps' ? {} : { sku: 'sku' }),
    },
    shows: ['at', 'step', 'order_id', 'line', 'sku', 'channel', 'node', 'quantity'],
    each,
  };
  return { sql: { file: 'waiting-work', parameters: { opened, closed, counted }, emptyIsZero: true }, asked };
}

const ofStock = {
  owner: 'Inventory planning',
  sources: ['order.placed', 'order.edited', 'order.cancelled', 'stock.received', 'fulfilment.allocated'],
  exceptions: ['order-unallocated', 'stockout-expected'],
  exclusions:
    'pre-orders, and orders that gave their stock back while on hold; where another system reserves (advise mode) nothing counts. In history, orders accepted before this version',
} as const;

export const waitingWork = [
  defineKpi({
    ...words,
    id: 'held-orders',
    name: 'Orders on hold',
    question: 'How many open orders wait for a decision and not for work?',
    formula: 'open orders with at least one hold on',
    unit: 'count',
    exclusions: 'in history, orders accepted before this version',
    owner: 'Head of customer service',
    thresholds: null,
    sources: ['order.held', 'order.released'],
    exceptions: ['order-unallocated', 'stockout-expected'],
    live: { kind: 'level', read: ({ backlogs }, filter) => sumOf(backlogs, filter, ({ heldOrders }) => heldOrders) },
    ...told('order-held', 'order-unheld', 'steps'),
  }),
  defineKpi({
    ...words,
    ...ofStock,
    id: 'backordered-lines',
    name: 'Backordered lines',
    question: 'How many order lines wait for stock?',
    formula: 'open lines with units that nobody could reserve',
    unit: 'count',
    target: 0,
    thresholds: null,
    live: {
      kind: 'level',
      read: ({ backlogs }, filter) => sumOf(backlogs, filter, ({ backordered }) => backordered?.lines ?? 0),
    },
    ...told('line-backordered', 'line-covered', 'steps'),
  }),
  defineKpi({
    ...words,
    ...ofStock,
    id: 'backordered-units',
    name: 'Backordered units',
    question: 'How many units do customers wait for?',
    formula: 'open units that nobody could reserve',
    unit: 'count',
    target: 0,
    thresholds: null,
    live: {
      kind: 'level',
      read: ({ backlogs }, filter) => sumOf(backlogs, filter, ({ backordered }) => backordered?.units ?? 0),
    },
    ...told('line-backordered', 'line-covered', 'quantity'),
  }),
  defineKpi({
    ...words,
    ...ofStock,
    id: 'backordered-value',
    name: 'Backordered value',
    question: 'What is the demand worth that waits for stock?',
    formula: 'open units that nobody could reserve x their price',
    unit: 'money',
    exclusions: `${ofStock.exclusions}; orders in other currencies than the workspace's`,
    target: 0,
    thresholds: null,
    live: {
      kind: 'level',
      read: ({ backlogs, currency = '' }, filter) =>
        sumOf(backlogs, filter, ({ backordered }) => backordered?.amounts[currency] ?? 0),
    },
    ...told('line-backordered', 'line-covered', 'amount'),
  }),
];
