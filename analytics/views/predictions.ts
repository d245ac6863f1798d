import { defineView } from './definition.ts';

export const predictions = defineView({
  name: 'predictions',
  words:
    'What was predicted, and what came of it: stockouts, missed cut-offs and late receipts. Kept for three years after arrival.',
  grain: 'a prediction about one subject, said at one moment',
  columns: {
    prediction: ['name', 'stockout, cut-off-miss or late-receipt.'],
    at: ['time', 'When it was said.'],
    horizon: ['time', 'What happens up to then counts. Filter by it and by `prediction`.'],
    subject: ['id', 'What it is about: item and node, node and promise, or purchase order and line.'],
    among: ['id', 'The node or the supplier it belongs to; empty when nobody knows.'],
    probability: ['share', 'What was said.'],
    uncorrected: ['share', 'What had been worked out before it was corrected by what came true before.'],
    happened: ['flag', 'Whether it happened; null until it is settled.', 'nullable'],
    settled_at: ['time', 'When that was found out; null before.', 'nullable'],
  },
  examples: [
    {
      question: 'How often did what was said come true, by tenths? Both shares should be alike',
      sql: `SELECT prediction, floor(probability * 10) / 10 AS said_from, count() AS predictions,
       avg(probability) AS mean_said, avg(happened) AS share_happened
FROM predictions
WHERE happened IS NOT NULL
GROUP BY prediction, said_from
ORDER BY prediction, said_from`,
    },
  ],
});
