import { channel, country, currency, orderId, shipBy, source } from './columns.ts';
import { defineView } from './definition.ts';

export const orders = defineView({
  name: 'orders',
  words: 'Orders as they stand now.',
  grain: 'an order',
  columns: {
    order_id: orderId,
    placed_at: ['time', 'When the customer placed it. Filter by it: the view is ordered by it.'],
    status: [
      'name',
      'Where it stands: held, backordered, allocated, released, picking, packed, part-dispatched, dispatched, delivered, cancelled or returned.',
    ],
    source,
    channel,
    node: ['name', 'The node it ships from; empty while none is chosen.'],
    country,
    customer: [
      'id',
      'A pseudonym of the customer: the same for all orders of one customer, and nobody can be found by it. Empty when unknown.',
    ],
    ship_by: shipBy,
    deliver_by: ['time', 'The promise to deliver; null when none was given.', 'nullable'],
    dispatched_at: ['time', 'When the last of it left; null until all of it did.', 'nullable'],
    on_time: [
      'flag',
      'Whether it left by `ship_by`; null while it has not left, and when nothing was promised.',
      'nullable',
    ],
    lines: ['count', 'How many lines it has.'],
    units: ['units', 'Units ordered, after edits.'],
    open_units: ['units', 'Units that still have to be shipped.'],
    currency,
    amount: ['money', 'What the lines are sold for.'],
    cost: ['money', 'What the units cost when they were sold.'],
    margin: ['money', '`amount` less `cost`.'],
  },
  examples: [
    {
      question: 'Orders, units and revenue per channel over the last 28 days',
      sql: `SELECT channel, currency, count() AS orders, sum(units) AS units, sum(amount) / 100 AS revenue
FROM orders
WHERE placed_at >= now() - INTERVAL 28 DAY
GROUP BY channel, currency
ORDER BY revenue DESC`,
    },
    {
      question: 'What share of the orders of each week came from customers who had ordered before?',
      sql: `SELECT toStartOfWeek(placed_at, 1) AS week, countIf(placed_at > first_order) / count() AS returning_share
FROM orders
INNER JOIN (SELECT customer, min(placed_at) AS first_order FROM orders WHERE customer != '' GROUP BY customer) AS customers USING (customer)
GROUP BY week
ORDER BY week`,
    },
    {
      question: 'Which open orders are late, and by how many hours?',
      sql: `SELECT order_id, channel, node, status, dateDiff('hour', ship_by, now64(3)) AS hours_late
FROM orders
WHERE open_units > 0 AND ship_by < now64(3)
ORDER BY ship_by
LIMIT 100`,
    },
  ],
});
