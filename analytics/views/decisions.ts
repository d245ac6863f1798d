import { receivedAt, seq } from './columns.ts';
import { defineView } from './definition.ts';

export const decisions = defineView({
  name: 'decisions',
  words: 'What policies chose, with all they knew. Kept for a year after arrival.',
  grain: 'a choice of a policy',
  columns: {
    at: ['time', 'When it was chosen.'],
    policy: [
      'name',
      'sourcing, promise, wave-release, reroute, publication, cancel, advice, disposition or moving-average.',
    ],
    order_id: ['id', 'The order it was for; else empty. Filter by it where you can: the view is ordered by it.'],
    line: ['id', 'The line; else empty.'],
    sku: ['id', 'The item; else empty.'],
    node: ['name', 'The node it was about; else empty.'],
    outcome: ['text', 'The choice in a few words, such as BER-1 2, MUC-1 1.'],
    inputs: ['json', 'What it knew and what it turned down.'],
    seq,
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'How often did each policy choose what, yesterday and today?',
      sql: `SELECT policy, outcome, count() AS times
FROM decisions
WHERE at >= today() - 1
GROUP BY policy, outcome
ORDER BY times DESC
LIMIT 50`,
    },
  ],
});

export const instructions = defineView({
  name: 'instructions',
  words: 'What other systems were told to do. Kept for three years after arrival.',
  grain: 'an instruction',
  columns: {
    at: ['time', 'When it was told.'],
    instruction_id: ['id', 'Its idempotency key.'],
    kind: ['name', 'What is to be done, such as ship-orders or move-stock.'],
    recipient: ['name', 'Who must act: a node, a channel or a source.'],
    body: ['json', 'What it must know.'],
    seq,
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'How many instructions went to whom?',
      sql: `SELECT recipient, kind, count() AS instructions, max(at) AS newest
FROM instructions
GROUP BY recipient, kind
ORDER BY instructions DESC`,
    },
  ],
});
