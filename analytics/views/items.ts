import { receivedAt, seq, sku } from './columns.ts';
import { defineView } from './definition.ts';

export const items = defineView({
  name: 'items',
  words: 'Items as they are defined now. What a later definition does not say stays as it was.',
  grain: 'an item',
  columns: {
    sku,
    name: ['text', 'Its name.'],
    category: ['name', 'Its category; else empty.'],
    supplier: ['name', 'Who supplies it; else empty.'],
    abc: ['name', 'A, B or C: the tolerance of counts; else empty.'],
    standard_cost: [
      'money',
      "The cost it is defined with, in the workspace's currency; null when nobody said.",
      'nullable',
    ],
    average_cost: ['money', 'The moving average of what receipts cost; null when no receipt said.', 'nullable'],
    unit_price: ['money', 'The price it is defined with; null when nobody said.', 'nullable'],
    safety_stock: ['units', 'Units kept back at every node.'],
    pack_size: ['units', 'Units in a pack; null when nobody said.', 'nullable'],
    active: ['flag', 'Whether it is sold.'],
    defined_at: ['time', 'The time of the newest definition.'],
  },
  examples: [
    {
      question: 'The products that sell, with their names',
      sql: `SELECT sku, any(name) AS product, sum(sign * quantity) AS units, sum(sign * amount) / 100 AS revenue
FROM order_steps
LEFT JOIN items USING (sku)
WHERE step = 'line-accepted'
GROUP BY sku
ORDER BY revenue DESC
LIMIT 20`,
    },
  ],
});

export const itemCosts = defineView({
  name: 'item_costs',
  words: 'What one unit of each item was worth, and since when: its moving average, as receipts moved it.',
  grain: 'a change of the average cost of an item',
  columns: {
    sku,
    at: ['time', 'Since when, in business time.'],
    unit_cost: [
      'money',
      "What a unit is worth, in the workspace's currency; null: from here on the standard cost of the item holds.",
      'nullable',
    ],
    seq,
    step: ['count', 'Its place among the changes of one event.'],
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'Which items became dearer most, from their first to their newest cost?',
      sql: `SELECT sku, argMin(unit_cost, (seq, step)) AS first, argMax(unit_cost, (seq, step)) AS newest, newest / first - 1 AS change
FROM item_costs
WHERE unit_cost > 0
GROUP BY sku
ORDER BY change DESC
LIMIT 20`,
    },
  ],
});
