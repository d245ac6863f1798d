import { defineRule, severityOf } from './rule.ts';

const MINUTE_MS = 60_000;
/** Master data often comes a little later than the first event that names it. */
const HOLD_MS = 5 * MINUTE_MS;
const DEFINE_WITHIN_MS = 4 * 60 * MINUTE_MS;
const NAMED_MAX = 5;

export const unknownValues = defineRule({
  kind: 'unknown-values',
  question: 'Which items, nodes or channels are named by a source and defined by nobody?',
  area: 'data',
  owner: 'integration owner',
  playbook: [
    'Look whether the value is new or misspelt.',
    'Define it, or have the sender corrected.',
    'Until then its cost, its safety stock and its promises are unknown: look at the orders that name it.',
  ],
  endsWhen: 'Everything that was named has been defined.',
  holdMs: HOLD_MS,
  watches: 'source',
  test(source, draft) {
    const { unknown } = source;
    if (unknown.length === 0) return null;
    const moneyAtRisk = source.unknownAmount;
    const more = unknown.length > NAMED_MAX ? ` and ${unknown.length - NAMED_MAX} more` : '';
    const priced = severityOf(moneyAtRisk, draft);
    return {
      title: `${unknown.length} unknown ${unknown.length === 1 ? 'value' : 'values'} from ${source.name}`,
      detail: `${unknown.slice(0, NAMED_MAX).join(', ').replaceAll(':', ' ')}${more}`,
      severity: priced === 'low' ? 'medium' : priced,
      deadline: source.unknownSince + DEFINE_WITHIN_MS,
      moneyAtRisk,
      formula: 'sales value of the order lines that named an unknown item',
      inputs: { values: unknown.length, events: source.unknownEvents },
      advice: 'Define what is missing, or have the sender corrected.',
      source: source.source,
      dependsOn: [source.source],
    };
  },
});
