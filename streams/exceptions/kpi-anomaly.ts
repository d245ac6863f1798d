/** KPI anomalies are found by a detector outside of the fold, and told like any other exception. */
import type { EventOf } from '../events/index.ts';
import type { Draft } from '../operations/draft.ts';
import { lower, raise } from './life.ts';
import type { ExceptionDefinition, Finding } from './rule.ts';

const LOOK_WITHIN_MS = 3_600_000;

export const kpiAnomaly: ExceptionDefinition = {
  kind: 'kpi-anomaly',
  question: 'Which figure is outside of what is usual for this hour and weekday?',
  area: 'signals',
  owner: 'head of operations',
  playbook: [
    'Check the channel and its source for an outage.',
    'Look for a campaign, a price change or a holiday that explains it.',
    'Compare with the orders and the stock behind the figure.',
  ],
  endsWhen: 'The figure is back in its expected band.',
};

export function anomalyDetected(draft: Draft, event: EventOf<'anomaly.detected'>): void {
  const { kpi, channel, node, at, value, low, expected, high, score } = event.data;
  const below = value < low;
  const finding: Finding = {
    title: `${kpi} ${below ? 'below' : 'above'} its expected band`,
    detail: `${channel ?? node ?? 'whole workspace'}: ${round(value)} a minute, expected ${round(low)} to ${round(high)}`,
    severity: below ? 'high' : 'medium',
    deadline: at + LOOK_WITHIN_MS,
    moneyAtRisk: 0,
    formula: 'not priced yet: see the orders it holds back',
    inputs: { value: round(value), low: round(low), expected: round(expected), high: round(high), score: round(score) },
    advice: below
      ? 'Check the channel and its source first; then prices, stock and the shop itself.'
      : 'Check stock cover and promise dates.',
    ...(channel === undefined ? {} : { channel }),
    ...(node === undefined ? {} : { node }),
  };
  raise(draft, kpiAnomaly, subjectOf(event.data), finding, { ...event, occurredAt: at });
}

export function anomalyCleared(draft: Draft, event: EventOf<'anomaly.cleared'>): void {
  lower(draft, kpiAnomaly, subjectOf(event.data), { ...event, occurredAt: event.data.at });
}

const subjectOf = ({ kpi, channel = '', node = '' }: { kpi: string; channel?: string; node?: string }): string =>
  [kpi, channel, node].join('/');
const round = (value: number): number => Math.round(value * 100) / 100;
