/** What each policy decides, and where that shows. */
import type { PolicyKind } from './setting-schemas.ts';

type PolicyWords = { name: string; decides: string; used: string; page?: string };

export const policyWords: Record<PolicyKind, PolicyWords> = {
  ownership: {
    name: 'Ownership',
    decides: 'Who takes care of an exception.',
    used: 'Owner of every exception, when it opens',
    page: '/exceptions',
  },
  exceptions: {
    name: 'Exceptions',
    decides: 'From which amounts exceptions are high or critical, how long something must hold, which kinds count.',
    used: 'Every exception, when it is judged',
    page: '/exceptions',
  },
  alerts: {
    name: 'Alerts',
    decides: 'Who is told of an exception, when, by which channel, and who else when nobody acts.',
    used: 'Every exception, from when it opens until it is over',
    page: '/alerts',
  },
  signals: {
    name: 'Signals',
    decides: 'How surprising a figure must be before anybody is told.',
    used: 'The detectors of KPIs, at every figure',
    page: '/signals',
  },
  allocation: {
    name: 'Allocation',
    decides: 'Who comes first, who may take the last units, what happens when nothing is left.',
    used: 'Every order line, when it asks for stock',
    page: '/orders',
  },
  protection: {
    name: 'Protection',
    decides: 'Stock kept for some buyers before others.',
    used: 'Allocation and what channels may sell',
    page: '/stock',
  },
  promise: {
    name: 'Promise',
    decides: 'What may be promised from goods that are still on their way.',
    used: 'Dates promised to orders that wait for stock',
    page: '/stock',
  },
  publication: {
    name: 'Publication',
    decides: 'Which channels are told what they may sell, and how big a change must be to be told.',
    used: 'Instructions to channels',
  },
  stockout: {
    name: 'Stockout',
    decides: 'When a node is expected to run out before its next receipt.',
    used: 'Exceptions “Stockout expected”',
    page: '/exceptions',
  },
  lateness: {
    name: 'Lateness',
    decides: 'What an order that leaves late is taken to cost.',
    used: 'Money at risk of late orders, and rerouting',
  },
  'wave-release': {
    name: 'Wave release',
    decides: 'When a node is told to begin with orders, and with how many.',
    used: 'Waves of every node',
    page: '/fulfilment',
  },
  reroute: {
    name: 'Reroute',
    decides: 'When work of an impaired node is worth moving.',
    used: 'Proposals to move orders to another node',
    page: '/nodes',
  },
  sourcing: {
    name: 'Sourcing',
    decides: 'From which nodes an order ships.',
    used: 'Every order, when it is placed',
    page: '/orders',
  },
  orders: {
    name: 'Orders',
    decides: 'How long each step may take, what holds do to stock, what may be refunded.',
    used: 'Deadlines of every order, and their exceptions',
    page: '/orders',
  },
  disposition: {
    name: 'Disposition',
    decides: 'What becomes of returned goods.',
    used: 'Every return, when it comes in',
  },
  excess: {
    name: 'Excess',
    decides: 'What counts as too much, too old or too near its date.',
    used: 'Exceptions “Excess or aged stock”, once a week',
    page: '/exceptions',
  },
  assertion: {
    name: 'Stated stock',
    decides: 'Whose word counts when another system states a quantity.',
    used: 'Every stock figure that a source sends',
    page: '/sources',
  },
  snapshot: {
    name: 'Snapshots',
    decides: 'When a snapshot changes too much at once to be believed without a person.',
    used: 'Every snapshot a source sends',
    page: '/sources',
  },
  accuracy: {
    name: 'Accuracy',
    decides: 'How exact a record must be to count as right, and when its confidence is low.',
    used: 'Counts, record accuracy and confidence',
    page: '/stock',
  },
  instructions: {
    name: 'Instructions',
    decides: 'How long others may take to answer what they were told to do, and how often it is told.',
    used: 'Everything other systems are told to do',
  },
  benefit: {
    name: 'Benefit',
    decides: 'What Tideline costs in a month, and what a unit of a better KPI is worth.',
    used: 'Return on investment, against frozen baselines',
    page: '/kpis',
  },
};
