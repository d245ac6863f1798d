import { defineView } from './definition.ts';

export const sources = defineView({
  name: 'sources',
  words: 'Who sends events, and when we last heard of them. Counts cover the last 400 days.',
  grain: 'a source',
  columns: {
    source: ['name', 'The system that sends.'],
    events: ['count', 'Events received.'],
    refused: ['count', 'Events of these that a rule of business refused.'],
    first_received: ['time', 'The minute of the first of them.'],
    last_received: ['time', 'When the newest arrived.'],
    last_occurred: ['time', 'The newest time in the business that it spoke of.'],
  },
  examples: [
    {
      question: 'Who has been silent for longest?',
      sql: `SELECT source, dateDiff('minute', last_received, now64(3)) AS minutes_silent, events, refused / events AS refused_share
FROM sources
ORDER BY minutes_silent DESC`,
    },
  ],
});

export const sourceActivity = defineView({
  name: 'source_activity',
  words: 'What sources sent, per minute of arrival. Kept for 400 days.',
  grain: 'a source in a minute of arrival',
  columns: {
    source: ['name', 'The system that sent.'],
    minute: ['minute', 'The minute of arrival (UTC).'],
    events: ['count', 'Events received.'],
    refused: ['count', 'Events of these that a rule of business refused.'],
    last_received: ['time', 'When the last of them arrived.'],
    last_occurred: ['time', 'The newest time in the business that it spoke of.'],
  },
  examples: [
    {
      question: 'Events per hour and source over the last day',
      sql: `SELECT toStartOfHour(minute) AS hour, source, sum(events) AS events
FROM source_activity
WHERE minute >= now() - INTERVAL 1 DAY
GROUP BY hour, source
ORDER BY hour, source`,
    },
  ],
});
