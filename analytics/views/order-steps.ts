import { channel, country, currency, orderId, receivedAt, seq, shipBy, source } from './columns.ts';
import { defineView } from './definition.ts';

export const orderSteps = defineView({
  name: 'order_steps',
  words:
    'The steps in the life of orders, lines and what surrounds them, counted at `at`: what flow KPIs are made of. A step that turned out untrue is taken back by a second row with sign -1, so sum `sign` and `sign * x` instead of counting rows. Kept for three years after arrival.',
  grain: 'a step, or the taking back of one',
  columns: {
    step: ['name', 'What happened; all steps are listed below. Filter by it and by `at`: the view is ordered by them.'],
    at: ['time', 'When it counts, in business time.'],
    sign: ['sign', '1; -1 where a step is taken back.'],
    order_id: orderId,
    line: ['id', 'The line; empty for steps of the whole order.'],
    sku: ['id', 'The item; empty for steps of the whole order.'],
    channel,
    node: ['name', 'The node that took the step, else the node of the order; empty while none is chosen.'],
    country,
    currency,
    quantity: [
      'units',
      'Units of the line; 1 for steps of the whole order. Of an edit the difference, which may be negative.',
    ],
    amount: ['money', 'Sales value of these units.'],
    cost: ['money', 'Cost of these units.'],
    short: [
      'units',
      'line-accepted: units beyond what could be promised; line-attempted: units missing at the first attempt; line-cancelled: 1 for the first cancellation of the line.',
    ],
    placed_at: ['time', 'When the order was placed.'],
    ship_by: shipBy,
    duration_ms: ['milliseconds', 'order-completed: from acceptance to the last dispatch; else 0.'],
    duration_floor: [
      'milliseconds',
      'The lower bound of the bucket `duration_ms` falls into: quantiles from it equal those on the screens.',
    ],
    cause: [
      'name',
      'Of a cancellation: customer, fraud, stock, fulfilment or other. Of a return: its reason. Else mostly empty.',
    ],
    source,
    seq,
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'Median and 90 % order cycle time by channel, in hours',
      sql: `SELECT channel, sum(sign) AS orders,
       quantileExactWeighted(0.5)(duration_ms, toUInt64(sign)) / 3600000 AS p50_hours,
       quantileExactWeighted(0.9)(duration_ms, toUInt64(sign)) / 3600000 AS p90_hours
FROM order_steps
WHERE step = 'order-completed' AND sign > 0
GROUP BY channel
ORDER BY channel`,
    },
    {
      question: 'Units dispatched per node and hour of the day, in the time of Berlin',
      sql: `SELECT node, toHour(at, 'Europe/Berlin') AS hour, sum(sign * quantity) AS units
FROM order_steps
WHERE step = 'line-dispatched' AND at >= now() - INTERVAL 28 DAY
GROUP BY node, hour
ORDER BY node, hour`,
    },
  ],
});
