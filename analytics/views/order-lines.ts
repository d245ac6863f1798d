import { channel, country, currency, line, orderId, shipBy, sku } from './columns.ts';
import { defineView } from './definition.ts';

export const orderLines = defineView({
  name: 'order_lines',
  words:
    'The life of each order line in one row, put together from its steps of the last three years. Filter by `placed_at`: without it, every step is read, and sums are asked faster of kpi_days or order_steps.',
  grain: 'a line of an order',
  columns: {
    order_id: orderId,
    line,
    sku,
    channel,
    node: ['name', 'The node that last worked on it; empty while none did.'],
    country,
    placed_at: ['time', 'When the order was placed.'],
    ship_by: shipBy,
    accepted_units: ['units', 'Units ordered at first.'],
    units: ['units', 'Units ordered, after edits.'],
    short_units: ['units', 'Units accepted beyond what could be promised at that moment: oversold.'],
    allocated_units: ['units', 'Units reserved by another system; a unit that was moved counts twice.'],
    picked_units: ['units', 'Units picked.'],
    packed_units: ['units', 'Units packed.'],
    dispatched_units: ['units', 'Units that left.'],
    delivered_units: ['units', 'Units that arrived.'],
    cancelled_units: ['units', 'Units cancelled.'],
    returned_units: ['units', 'Units that came back.'],
    filled: [
      'flag',
      'Whether all of it left at the first attempt; null while nobody has tried to ship it.',
      'nullable',
    ],
    dispatched_at: ['time', 'When the last units left; null when none did.', 'nullable'],
    delivered_at: ['time', 'When the last units arrived; null when none did.', 'nullable'],
    cancelled_at: ['time', 'When units were last cancelled; null when none were.', 'nullable'],
    cancel_cause: ['name', 'Who caused the cancellation: customer, fraud, stock, fulfilment or other; else empty.'],
    currency,
    amount: ['money', 'What the line is sold for, after edits.'],
    cost: ['money', 'What its units cost when they were sold.'],
  },
  examples: [
    {
      question: 'Line fill rate at the first attempt, by node',
      sql: `SELECT node, countIf(filled) / count(filled) AS fill_rate, count(filled) AS attempted
FROM order_lines
WHERE placed_at >= now() - INTERVAL 28 DAY
GROUP BY node
HAVING attempted > 0
ORDER BY fill_rate`,
    },
    {
      question: 'Which items are cancelled most for want of stock?',
      sql: `SELECT sku, count() AS lines, sum(cancelled_units) AS units
FROM order_lines
WHERE cancel_cause = 'stock'
GROUP BY sku
ORDER BY units DESC
LIMIT 20`,
    },
  ],
});
