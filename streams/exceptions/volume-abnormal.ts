import { SLOT_MS } from '../operations/sources/source-quality.ts';
import type { SlotVolume } from '../operations/sources/source-quality-state.ts';
import { averageOrder } from './dead-letters-waiting.ts';
import { defineRule, severityOf, thresholdOf } from './rule.ts';

const LOOK_WITHIN_MS = 60 * 60_000;
/** One odd quarter of an hour is a batch that came late; two in a row are not. A little longer than the second lasts. */
const HOLD_MS = SLOT_MS + 60_000;
/** How much nearer to the usual it must come again before it is over. */
const EASE = 1.5;

export const volumeAbnormal = defineRule({
  kind: 'volume-abnormal',
  question: 'Which sources send far more or far less than is usual at this time of the week?',
  area: 'data',
  owner: 'integration owner',
  playbook: [
    'Look for an outage, a queue that is stuck, or an export that ran twice.',
    'Compare with the other side: how many did it send?',
    'A campaign or a holiday is no fault: dismiss it with that reason.',
  ],
  endsWhen: 'A quarter of an hour was within what is usual again.',
  holdMs: HOLD_MS,
  // Feeds come in bursts: a threefold volume is the least that is news. Repeats of known events are not counted at all.
  thresholds: { lowSharePercent: 50, highSharePercent: 300, deviations: 6 },
  fewerWhen: { lowSharePercent: 'lower', highSharePercent: 'higher', deviations: 'higher' },
  watches: 'source',
  test(source, draft, wasOpen) {
    const { volume } = source;
    if (volume === null) return null;
    const [low, high] = bandOf(
      volume,
      thresholdOf(draft, volumeAbnormal, 'lowSharePercent') / 100,
      thresholdOf(draft, volumeAbnormal, 'highSharePercent') / 100,
      thresholdOf(draft, volumeAbnormal, 'deviations'),
      wasOpen ? EASE : 1,
    );
    const { count, usual, from } = volume;
    if (count >= low && count <= high) return null;
    const isLow = count < low;
    const missing = isLow ? Math.round((usual - count) * orderShare(source)) : 0;
    const moneyAtRisk = missing * averageOrder(source);
    return {
      title: `${source.name} sends ${isLow ? 'far less' : 'far more'} than usual`,
      detail: `${count} events in a quarter of an hour; ${Math.round(usual)} are usual at this time`,
      severity: moneyAtRisk > 0 ? severityOf(moneyAtRisk, draft) : 'medium',
      deadline: from + SLOT_MS + LOOK_WITHIN_MS,
      moneyAtRisk,
      formula: 'events missing in the quarter of an hour x share of events that are orders x average order',
      inputs: { count, usual: Math.round(usual), low: Math.round(low), high: Math.round(high), missingOrders: missing },
      advice: isLow
        ? 'Check the sender and its queue; compare its count with ours.'
        : 'Look for an export that ran twice or a loop; repeats under the same id do no harm.',
      source: source.source,
      dependsOn: [source.source],
      ...(source.channel === '' ? {} : { channel: source.channel }),
      ...(source.node === '' ? {} : { node: source.node }),
    };
  },
});

const orderShare = ({ orders, events }: { orders: number; events: number }): number =>
  events === 0 ? 0 : orders / events;

/** Outside of the band is what both a share of the usual and some deviations from it call unusual. */
function bandOf(
  { usual, deviation }: SlotVolume,
  lowShare: number,
  highShare: number,
  deviations: number,
  ease: number,
): [number, number] {
  const low = Math.min(usual * Math.min(1, lowShare * ease), usual - (deviations / ease) * deviation);
  const high = Math.max(usual * Math.max(1, highShare / ease), usual + (deviations / ease) * deviation);
  return [low, high];
}
