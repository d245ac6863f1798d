import { defineRule, severityOf } from './rule.ts';

const ASK_WITHIN_MS = 3_600_000;

export const instructionUnanswered = defineRule({
  kind: 'instruction-unanswered',
  question: 'Who has not done what we told them to do?',
  area: 'fulfilment',
  owner: 'fulfilment planner',
  playbook: [
    'Ask the other side whether it reads its instructions.',
    'Have it done by hand, and confirm the instruction.',
    'Repeat it, or withdraw it and decide something else.',
  ],
  endsWhen: 'Every instruction to this recipient is confirmed, told again or withdrawn.',
  watches: 'recipient',
  test({ to, overdue, failed, worth, since }, draft) {
    if (overdue + failed === 0) return null;
    const counted = [overdue > 0 ? `${overdue} unanswered` : '', failed > 0 ? `${failed} failed` : ''];
    return {
      title: `${to} has not carried out ${overdue + failed === 1 ? 'an instruction' : `${overdue + failed} instructions`}`,
      detail: counted.filter(Boolean).join(', '),
      severity: worth > 0 ? severityOf(worth, draft) : 'medium',
      deadline: since + ASK_WITHIN_MS,
      moneyAtRisk: worth,
      formula: 'sales value of what these instructions are about',
      inputs: { overdue, failed, worth },
      advice: `Ask ${to}; then confirm, repeat or withdraw each instruction.`,
    };
  },
});
