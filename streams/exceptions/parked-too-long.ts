import { defineRule } from './rule.ts';

const LOOK_WITHIN_MS = 24 * 3_600_000;

export const parkedTooLong = defineRule({
  kind: 'parked-too-long',
  question: 'Which reports wait for an order that never arrived?',
  area: 'data',
  owner: 'integration owner',
  playbook: ['Find the order in the sending system.', 'Have it sent again.'],
  endsWhen: 'The order has arrived, or nothing waits for it.',
  watches: 'parked',
  test(parked) {
    if (!parked.overdue || parked.events.length === 0) return null;
    const types = [...new Set(parked.events.map((event) => event.type))].join(', ');
    return {
      title: `Order ${parked.order} never arrived`,
      detail: `${parked.events.length} events wait for it: ${types}`,
      severity: 'medium',
      deadline: parked.since + LOOK_WITHIN_MS,
      moneyAtRisk: 0,
      formula: 'unknown until the order arrives',
      inputs: { events: parked.events.length },
      advice: `Ask ${parked.source} to send the order again; everything that waits is applied when it comes.`,
      order: parked.order,
      source: parked.source,
    };
  },
});
