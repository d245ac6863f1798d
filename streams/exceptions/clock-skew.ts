import { defineRule, thresholdOf } from './rule.ts';

const MINUTE_MS = 60_000;
const FIX_WITHIN_MS = 4 * 60 * MINUTE_MS;
/** From here on figures land in the wrong hour. */
const HIGH_FROM_MS = 15 * MINUTE_MS;

export const clockSkew = defineRule({
  kind: 'clock-skew',
  question: 'Which sources send events from the future?',
  area: 'data',
  owner: 'integration owner',
  playbook: [
    'Compare the clock of the sender with ours.',
    'Look for local times that are sent as UTC: the lead is then a whole number of hours.',
    'Have the clock or the time zone put right; later events count correctly by themselves.',
  ],
  endsWhen: 'No event of the source came from the future for ten minutes.',
  thresholds: { aheadSeconds: 60 },
  fewerWhen: { aheadSeconds: 'higher' },
  watches: 'source',
  test(source, draft, wasOpen) {
    if (source.aheadMs === 0) return null;
    const limit = thresholdOf(draft, clockSkew, 'aheadSeconds') * 1_000;
    if (source.aheadMs < (wasOpen ? limit / 2 : limit)) return null;
    const minutes = Math.round((source.aheadMs / MINUTE_MS) * 10) / 10;
    return {
      title: `The clock of ${source.name} runs ${minutes} min ahead`,
      detail: 'Its events count in minutes that have not come yet, and deadlines that follow them come early',
      severity: source.aheadMs >= HIGH_FROM_MS ? 'high' : 'medium',
      deadline: source.aheadSince + FIX_WITHIN_MS,
      moneyAtRisk: 0,
      formula: 'not priced: nothing is lost, but figures of the last minutes are in the wrong place',
      inputs: { aheadMinutes: minutes },
      advice: 'Put the clock or the time zone of the sender right.',
      source: source.source,
      dependsOn: [source.source],
    };
  },
});
