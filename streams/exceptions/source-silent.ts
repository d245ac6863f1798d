import type { Source } from '../operations/states.ts';
import { defineRule, severityOf } from './rule.ts';

const MINUTE_MS = 60_000;
const FIX_WITHIN_MS = 60 * MINUTE_MS;

export const sourceSilent = defineRule({
  kind: 'source-silent',
  question: 'Which sources have stopped sending?',
  area: 'data',
  owner: 'integration owner',
  playbook: [
    'Check the connection and its credentials.',
    'Look at the other side for an outage.',
    'When it is back, compare its stock with ours.',
  ],
  endsWhen: 'The source has sent again.',
  watches: 'source',
  test(source, draft) {
    if (source.silentSince === 0) return null;
    const perMinute = riskPerMinute(source);
    const moneyAtRisk = Math.round(perMinute * source.silentAfterMinutes);
    return {
      title: `${source.name} is silent`,
      detail: `Nothing for ${source.silentAfterMinutes} minutes; figures that depend on it are out of date`,
      severity: moneyAtRisk > 0 ? severityOf(moneyAtRisk, draft) : 'high',
      deadline: source.silentSince + FIX_WITHIN_MS,
      moneyAtRisk,
      formula: 'minutes of silence when noticed x value of orders per minute from this source',
      inputs: { minutes: source.silentAfterMinutes, valuePerMinute: Math.round(perMinute) },
      advice: 'Check the connection and its credentials; compare with the other system before trusting its stock.',
      source: source.source,
      ...(source.channel === '' ? {} : { channel: source.channel }),
      ...(source.node === '' ? {} : { node: source.node }),
    };
  },
});

/** What was declared, or else the value of the orders this source has sent per minute so far. */
function riskPerMinute(source: Source): number {
  if (source.riskPerMinute > 0) return source.riskPerMinute;
  const minutes = (source.watermark - source.firstOccurredAt) / MINUTE_MS;
  return minutes < 1 ? 0 : source.orderAmount / minutes;
}
