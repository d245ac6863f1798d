import type { Source } from '../operations/states.ts';
import { defineRule, severityOf } from './rule.ts';

const LOOK_WITHIN_MS = 4 * 3_600_000;

export const averageOrder = (source: Source): number =>
  source.orders === 0 ? 0 : Math.round(source.orderAmount / source.orders);

export const deadLettersWaiting = defineRule({
  kind: 'dead-letters-waiting',
  question: 'What arrived and could not be understood?',
  area: 'data',
  owner: 'integration owner',
  playbook: ['Read the reason.', 'Mend the mapping or the sender.', 'Replay what waits.'],
  endsWhen: 'No dead letter of the source waits.',
  watches: 'source',
  test(source, draft) {
    if (source.deadLetters === 0) return null;
    const moneyAtRisk = source.deadLetters * averageOrder(source);
    return {
      title: `${source.deadLetters} dead ${source.deadLetters === 1 ? 'letter' : 'letters'} from ${source.name}`,
      detail: 'Arrived, kept, but not understood; what they say is missing from every figure',
      severity: severityOf(moneyAtRisk, draft),
      deadline: source.lastReceivedAt + LOOK_WITHIN_MS,
      moneyAtRisk,
      formula: 'waiting dead letters x average order of this source',
      inputs: { deadLetters: source.deadLetters, averageOrder: averageOrder(source) },
      advice: 'Read the reason on the Sources page, fix the cause, then replay them.',
      source: source.source,
    };
  },
});
