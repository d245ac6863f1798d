import { receivedAt, seq } from './columns.ts';
import { type ColumnDefinition, defineView } from './definition.ts';

const about: Record<string, ColumnDefinition> = {
  sku: ['id', 'The item it is about; else empty.'],
  node: ['name', 'The node it is about; else empty.'],
  channel: ['name', 'The channel it is about; else empty.'],
  order_id: ['id', 'The order it is about; else empty.'],
  source: ['name', 'The source it is about; else empty.'],
};

export const exceptions = defineView({
  name: 'exceptions',
  words:
    'Exceptions as they stood when something last happened to them. Changes are kept for three years after arrival.',
  grain: 'an exception, from its opening to its end',
  columns: {
    exception_id: ['id', 'Its number, such as EX-17.'],
    kind: ['name', 'What kind it is, such as negative-stock; see the exception catalog.'],
    subject: ['id', 'What it is about: the item, order or source that gives it its identity.'],
    title: ['text', 'What it says.'],
    severity: ['name', 'critical, high, medium or low.'],
    condition: ['name', 'open while it holds, closed when it is over.'],
    work: ['name', 'new, acknowledged, in-progress, snoozed, resolved or dismissed: what people did about it.'],
    since: ['time', 'When it was first seen.'],
    opened_at: ['time', 'When it opened; null when that is older than what is kept.', 'nullable'],
    acknowledged_at: ['time', 'When somebody first took it up; null when nobody did.', 'nullable'],
    resolved_at: ['time', 'When it was last resolved or dismissed; null when it was not.', 'nullable'],
    closed_at: ['time', 'When it was over; null while it holds.', 'nullable'],
    deadline: ['time', 'The last useful moment to act; null when there is none.', 'nullable'],
    money_at_risk: ['money', 'What was last at risk.'],
    money_at_risk_max: ['money', 'The most that ever was.'],
    changes: ['count', 'How many changes it has had.'],
    last_actor: ['name', 'The person who last did something about it; else empty.'],
    ...about,
  },
  examples: [
    {
      question: 'How long did exceptions of each kind last, and how fast were they taken up? In minutes',
      sql: `SELECT kind, count() AS opened,
       quantile(0.5)(dateDiff('minute', opened_at, closed_at)) AS p50_minutes_open,
       quantile(0.5)(dateDiff('minute', opened_at, acknowledged_at)) AS p50_minutes_to_acknowledge
FROM exceptions
GROUP BY kind
ORDER BY opened DESC`,
    },
    {
      question: 'What is at risk now, by node?',
      sql: `SELECT node, count() AS exceptions, sum(money_at_risk) / 100 AS money
FROM exceptions
WHERE condition = 'open' AND work NOT IN ('resolved', 'dismissed')
GROUP BY node
ORDER BY money DESC`,
    },
  ],
});

export const exceptionChanges = defineView({
  name: 'exception_changes',
  words: 'Everything that happened to exceptions. Kept for three years after arrival.',
  grain: 'a change of an exception',
  columns: {
    exception_id: ['id', 'The number of the exception, such as EX-17.'],
    kind: ['name', 'What kind it is. Filter by it and by `at`: the view is ordered by them.'],
    subject: ['id', 'What it is about.'],
    change: [
      'name',
      'opened, updated, recovering, returned, closed; acknowledged, assigned, started, commented, snoozed, woken, resolved, dismissed, reopened.',
    ],
    at: ['time', 'When it changed.'],
    title: ['text', 'What it said then.'],
    severity: ['name', 'critical, high, medium or low.'],
    since: ['time', 'When the exception was first seen.'],
    deadline: ['time', 'The last useful moment to act; null when there is none.', 'nullable'],
    money_at_risk: ['money', 'What was at risk then.'],
    actor: ['name', 'The person who did it; empty when nobody did.'],
    ...about,
    seq,
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'How many exceptions opened and closed per day?',
      sql: `SELECT toDate(at) AS day, countIf(change = 'opened') AS opened, countIf(change = 'closed') AS closed
FROM exception_changes
GROUP BY day
ORDER BY day`,
    },
  ],
});

export const exceptionRatings = defineView({
  name: 'exception_ratings',
  words:
    'What people said of exceptions: whether they were worth telling. Of each person the newest about an exception holds. Kept for three years after arrival.',
  grain: 'a rating of an exception by a person',
  columns: {
    exception_id: ['id', 'The number of the exception, such as EX-17.'],
    kind: ['name', 'What kind it is. Filter by it and by `at`: the view is ordered by them.'],
    subject: ['id', 'What the exception is about.'],
    at: ['time', 'When it was said.'],
    useful: ['flag', 'Whether it was worth telling.'],
    reason: ['text', 'Why, in the words of the person; empty when nobody said.'],
    actor: ['name', 'The person.'],
    seq,
    received_at: receivedAt,
  },
  examples: [
    {
      question: 'Of which kinds do people find what share worth telling?',
      sql: `SELECT kind, count() AS rated, countIf(says) / rated AS precision
FROM (SELECT kind, exception_id, actor, argMax(useful, (at, seq)) AS says FROM exception_ratings GROUP BY kind, exception_id, actor)
GROUP BY kind
ORDER BY rated DESC`,
    },
  ],
});
