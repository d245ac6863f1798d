import { node, sku } from './columns.ts';
import { defineView } from './definition.ts';

export const stock = defineView({
  name: 'stock',
  words: 'What lies where now: the sum of all movements.',
  grain: 'an item at a node',
  columns: {
    sku,
    node,
    sellable: ['units', 'Free to be promised. Below zero it says that more was promised than is there.'],
    allocated: ['units', 'Promised to an order line or a live reservation.'],
    quarantined: ['units', 'Waiting for inspection or a decision.'],
    damaged: ['units', 'Not to be sold.'],
    return_pending: ['units', 'Came back and not yet judged.'],
    in_transit: ['units', 'On its way to this node; not on hand.'],
    on_hand: ['units', 'sellable + allocated + quarantined + damaged + return_pending.'],
    safety_stock: ['units', 'Units kept back at every node before anything is promised.'],
    available_to_promise: ['units', '`sellable` less `safety_stock`. Below zero it says by how much it falls short.'],
    unit_cost: [
      'money',
      "What a unit is worth, in the workspace's currency: its moving average, else its standard cost; null when neither is known.",
      'nullable',
    ],
    value: ['money', '`on_hand` at `unit_cost`.', 'nullable'],
  },
  examples: [
    {
      question: 'Which items cannot be promised anywhere, and how many are on their way?',
      sql: `SELECT sku, sum(available_to_promise) AS available, sum(in_transit) AS on_the_way
FROM stock
GROUP BY sku
HAVING available <= 0
ORDER BY available
LIMIT 100`,
    },
    {
      question: 'Value of the stock by node',
      sql: `SELECT node, sum(on_hand) AS units, sum(value) / 100 AS value
FROM stock
GROUP BY node
ORDER BY value DESC`,
    },
  ],
});

export const stockHours = defineView({
  name: 'stock_hours',
  words:
    'Net change of stock per hour: stock over months without reading every movement. One hour may lie in several rows until they are merged: add them up, never count them.',
  grain: 'the net change of an item in one place in one hour, or a part of that',
  columns: {
    sku: ['id', 'The item. Filter by it where you can: the view is ordered by it.'],
    node: ['name', 'The node; empty for the places outside of the company.'],
    place: [
      'name',
      'sellable, allocated, quarantined, damaged, return-pending or in-transit at a node; supplier, customer, loss or unknown outside.',
    ],
    hour: ['minute', 'The beginning of the hour, in business time (UTC).'],
    change: ['units', 'Units that came less units that went.'],
  },
  examples: [
    {
      question: 'Stock on hand at the end of each day, per item',
      sql: `SELECT sku, day, sum(change_of_day) OVER (PARTITION BY sku ORDER BY day) AS on_hand
FROM (
    SELECT sku, toDate(hour) AS day, sum(change) AS change_of_day
    FROM stock_hours
    WHERE node != '' AND place != 'in-transit'
    GROUP BY sku, day
)
ORDER BY sku, day`,
    },
  ],
});

export const stockDays = defineView({
  name: 'stock_days',
  words:
    'Net change of stock per day in UTC: what stands at a moment is the sum of the days before it and of the changes since. One day may lie in several rows until they are merged: add them up, never count them.',
  grain: 'the net change of an item in one place in one day, or a part of that',
  columns: {
    day: ['minute', 'The beginning of the day, in business time (UTC). Filter by it: the view is ordered by it.'],
    node,
    place: [
      'name',
      'sellable, allocated, quarantined, damaged, return-pending or in-transit at a node; supplier, customer, loss or unknown outside.',
    ],
    sku,
    change: ['units', 'Units that came less units that went.'],
  },
  examples: [
    {
      question: 'Units on hand at each node at the end of each day',
      sql: `SELECT node, day, sum(sum(change)) OVER (PARTITION BY node ORDER BY day) AS on_hand
FROM stock_days
WHERE node != '' AND place IN ('sellable', 'allocated', 'quarantined', 'damaged', 'return-pending')
GROUP BY node, day
ORDER BY node, day`,
    },
  ],
});
