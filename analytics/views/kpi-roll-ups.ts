import { channel, country, currency, node } from './columns.ts';
import { type ColumnDefinition, defineView, type Example, type View } from './definition.ts';

const levels = {
  minute: { views: 'minutes', kept: 'Kept for 400 days after the last arrival.' },
  hour: { views: 'hours', kept: 'Kept for five years after the last arrival.' },
  day: { views: 'days', kept: 'Days are those of UTC. Kept for good.' },
} as const;
type Level = keyof typeof levels;

const step: ColumnDefinition = ['name', 'The step; see order_steps. Filter by it first: the view is ordered by it.'];
const parts: Record<string, ColumnDefinition> = {
  channel,
  node,
  country,
  currency,
  cause: ['name', 'Of a cancellation: customer, fraud, stock, fulfilment or other. Else mostly empty.'],
};
const sums: Record<string, ColumnDefinition> = {
  steps: ['count', 'How many steps, those taken back subtracted.'],
  quantity: ['units', 'Units of these steps.'],
  amount: ['money', 'Sales value of these units.'],
  cost: ['money', 'Cost of these units.'],
  short: ['units', 'Units short; see order_steps.'],
  duration_ms: ['milliseconds', 'Sum of the durations.'],
  on_time: ['count', 'Steps taken by their promise to ship, or without one.'],
  filled: ['count', 'Steps that were not short.'],
  durations: [
    'histogram',
    'How many steps took how long: the ms at which a bucket begins, and its steps. Add up with sumMap. Steps of no duration are not in it.',
  ],
  unique_orders: [
    'sketch',
    'The orders whose step was ever told, for uniqCombined64Merge(14)(unique_orders): a count good to about 1 %.',
  ],
  unique_skus: ['sketch', 'The items, for uniqCombined64Merge(14)(unique_skus).'],
  arrivals: ['count', 'How many rows of order_steps were summed, of either sign.'],
  last_arrival: ['time', 'When the last of them arrived.'],
  late: [
    'arrivals',
    'Of those that came a quarter of an hour or more after the end of the bucket: the minute of arrival (minutes since 1970) and how many.',
  ],
};
const bucket = (level: Level): ColumnDefinition => ['minute', `The beginning of the ${level} (UTC), in business time.`];
const again = 'One bucket may lie in several rows until they are merged: add them up, never count them.';

const rollUp = (level: Level, example: Example): View =>
  defineView({
    name: `kpi_${levels[level].views}`,
    words: `The steps of orders and lines, summed per ${level}. ${again} ${levels[level].kept}`,
    grain: `a kind of step in one ${level} of one channel, node, country, currency and cause, or a part of that`,
    columns: { step, at: bucket(level), ...parts, ...sums },
    examples: [example],
  });

const rollUpByClock = (level: Level, example: Example): View =>
  defineView({
    name: `kpi_${levels[level].views}_by_clock`,
    words: `The same as kpi_${levels[level].views} with steps counted at other moments as well. Name one clock, or a step is counted twice.`,
    grain: `a kind of step on one clock in one ${level} of one channel, node, country, currency and cause, or a part of that`,
    columns: {
      step,
      clock: [
        'name',
        'step: when it was taken; promise: at the promise to ship, for steps that have one; overdue: when open work passed its promise, for what opens and closes.',
      ],
      at: bucket(level),
      ...parts,
      ...sums,
    },
    examples: [example],
  });

export const kpiRollUps: readonly View[] = [
  rollUp('minute', {
    question: 'Orders and revenue per local day and channel, from minutes because days of Berlin are not those of UTC',
    sql: `SELECT toDate(at, 'Europe/Berlin') AS day, channel,
       sumIf(steps, step = 'order-accepted') AS orders,
       sumIf(amount, step IN ('line-accepted', 'line-edited')) / 100 AS revenue
FROM kpi_minutes
WHERE step IN ('order-accepted', 'line-accepted', 'line-edited') AND currency = 'EUR'
GROUP BY day, channel
ORDER BY day, channel`,
  }),
  rollUp('hour', {
    question: 'At which hour of the day do lines leave, and how many of them in time? In the time of Berlin',
    sql: `SELECT toHour(at, 'Europe/Berlin') AS hour, sum(steps) AS lines, sum(on_time) / sum(steps) AS on_time_share
FROM kpi_hours
WHERE step = 'line-dispatched'
GROUP BY hour
ORDER BY hour`,
  }),
  rollUp('day', {
    question: 'Orders and units per month and channel, and how many different items they were of',
    sql: `SELECT toStartOfMonth(at) AS month, channel, sum(steps) AS lines, sum(quantity) AS units,
       uniqCombined64Merge(14)(unique_skus) AS items
FROM kpi_days
WHERE step = 'line-accepted'
GROUP BY month, channel
ORDER BY month, channel`,
  }),
  rollUpByClock('minute', {
    question: 'Orders that were due in each of the last 24 hours',
    sql: `SELECT toStartOfHour(at) AS hour, sum(steps) AS orders_due
FROM kpi_minutes_by_clock
WHERE step = 'order-accepted' AND clock = 'promise' AND at >= now() - INTERVAL 1 DAY
GROUP BY hour
ORDER BY hour`,
  }),
  rollUpByClock('hour', {
    question: 'Which node has most to ship in each of the coming hours?',
    sql: `SELECT at AS hour, node, sum(quantity) AS units_due
FROM kpi_hours_by_clock
WHERE step = 'line-accepted' AND clock = 'promise' AND at >= now()
GROUP BY hour, node
ORDER BY hour, units_due DESC`,
  }),
  rollUpByClock('day', {
    question: 'Open orders past their promise at the end of each day',
    sql: `SELECT toDate(at) AS day, sum(sum(if(step = 'order-opened', steps, -steps))) OVER (ORDER BY day) AS overdue
FROM kpi_days_by_clock
WHERE step IN ('order-opened', 'order-closed') AND clock = 'overdue'
GROUP BY day
ORDER BY day`,
  }),
];
