import { receivedAt, source } from './columns.ts';
import { defineView } from './definition.ts';

export const events = defineView({
  name: 'events',
  words:
    'Every event in our own vocabulary, as it was understood; see the catalog of events. The bytes that arrived from outside are not here. Kept for good.',
  grain: 'an event',
  columns: {
    seq: ['sequence', 'Its place in the one order in which everything was applied. The view is ordered by it.'],
    id: ['id', 'Its id; unique together with the source.'],
    source,
    type: ['name', 'What it is, such as order.placed.'],
    subject: ['id', 'The order or the item it speaks of first; of settings what is set; else empty.'],
    occurred_at: ['time', 'When it happened in the business.'],
    observed_at: ['time', 'When the source says that it saw it.'],
    received_at: receivedAt,
    corrects: ['id', 'The event it corrects; else empty.'],
    refused: ['text', 'Why a rule of business did not apply it; empty when it was applied.'],
    data: ['json', 'What it says. The customer of an order is left out.'],
  },
  examples: [
    {
      question: 'How late do facts arrive, by source?',
      sql: `SELECT source, count() AS events,
       quantile(0.5)(dateDiff('second', occurred_at, received_at)) AS p50_seconds,
       quantile(0.99)(dateDiff('second', occurred_at, received_at)) AS p99_seconds
FROM events
WHERE received_at >= now() - INTERVAL 7 DAY
GROUP BY source
ORDER BY source`,
    },
    {
      question: 'Everything that was said about an order or an item, in the order in which it was learnt',
      sql: `SELECT seq, occurred_at, received_at, source, type, refused, data
FROM events
WHERE subject = {subject:String}
ORDER BY seq`,
    },
    {
      question: 'Which refunds were there, and of how much?',
      sql: `SELECT occurred_at, JSONExtractString(data, 'order') AS order_id, JSONExtractInt(data, 'amount') / 100 AS amount
FROM events
WHERE type = 'order.refunded' AND refused = ''
ORDER BY occurred_at DESC
LIMIT 100`,
    },
  ],
});
