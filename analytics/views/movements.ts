import { receivedAt, seq, sku, source } from './columns.ts';
import { defineView } from './definition.ts';

const from =
  'sellable, allocated, quarantined, damaged, return-pending or in-transit at a node; supplier, customer, loss or unknown outside';

export const movements = defineView({
  name: 'movements',
  words: 'Stock as double entry: units that went from one place to another. Nothing appears or vanishes.',
  grain: 'units of an item that moved from a place to a place',
  columns: {
    sku: ['id', 'The item. Filter by it where you can: the view is ordered by it.'],
    at: ['time', 'When they moved, in business time.'],
    from_node: ['name', 'The node they left; empty outside of the company.'],
    from_place: ['name', `The place they left: ${from}.`],
    to_node: ['name', 'The node they came to; empty outside of the company.'],
    to_place: ['name', 'The place they came to, of the same list.'],
    quantity: ['units', 'How many; always positive.'],
    reason: ['text', 'Why, in a few words.'],
    order_id: ['id', 'The order it was for; else empty.'],
    line: ['id', 'The line of the order; else empty.'],
    event_type: ['name', 'The kind of event that moved them, such as fulfilment.dispatched.'],
    source,
    seq,
    position: ['count', 'Its place among the movements of one event, from 1.'],
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'What moved of an item, newest first?',
      sql: `SELECT at, from_node, from_place, to_node, to_place, quantity, reason, order_id
FROM movements
WHERE sku = {sku:String}
ORDER BY seq DESC, position DESC
LIMIT 100`,
    },
    {
      question: 'How many units went to or came from nowhere anybody can explain, per item?',
      sql: `SELECT sku, sumIf(quantity, to_place = 'unknown') AS lost, sumIf(quantity, from_place = 'unknown') AS found
FROM movements
WHERE to_place = 'unknown' OR from_place = 'unknown'
GROUP BY sku
ORDER BY lost + found DESC
LIMIT 20`,
    },
  ],
});

export const stockChanges = defineView({
  name: 'stock_changes',
  words:
    'The same as movements with one signed row per place, for everything that adds up. Over all places of an item it is zero.',
  grain: 'the change of an item in one place by one movement',
  columns: {
    sku,
    node: ['name', 'The node; empty for the places outside of the company.'],
    place: ['name', `The place: ${from}.`],
    at: ['time', 'When it changed, in business time.'],
    change: ['units', 'Units that came (positive) or went (negative).'],
    reason: ['text', 'Why, in a few words.'],
    order_id: ['id', 'The order it was for; else empty.'],
    line: ['id', 'The line of the order; else empty.'],
    event_type: ['name', 'The kind of event that moved them.'],
    source,
    seq,
    position: ['count', 'The place of the movement among those of one event, from 1.'],
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'Stock of every item in every place at a moment of business time',
      sql: `SELECT sku, node, place, sum(change) AS quantity
FROM stock_changes
WHERE at < {moment:DateTime} AND node != ''
GROUP BY sku, node, place
HAVING quantity != 0
ORDER BY sku, node, place`,
    },
    {
      question: 'Are units conserved? This is empty when they are',
      sql: `SELECT sku, sum(change) AS lost_or_found
FROM stock_changes
GROUP BY sku
HAVING lost_or_found != 0`,
    },
  ],
});
