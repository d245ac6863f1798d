import { onTheWay, unsent } from '../operations/stock/transfer-state.ts';
import { defineRule, severityOf } from './rule.ts';

const TRACE_WITHIN_MS = 24 * 3_600_000;

export const transferLate = defineRule({
  kind: 'transfer-late',
  question: 'Which transfers have not arrived when they were expected?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Ask the sending node whether the goods have left, and the carrier where they are.',
    'Name a new day of arrival, so that nothing is promised too early.',
    'Close the transfer with a reason when nothing more will come.',
  ],
  endsWhen: 'Everything has arrived, a later day is named, or the transfer is closed or cancelled.',
  watches: 'transfer',
  test(transfer, draft) {
    if (!transfer.late) return null;
    let [missing, waiting, amount] = [0, 0, 0];
    for (const line of transfer.lines) {
      const item = draft.get('item', line.sku);
      const units = Math.max(0, onTheWay(line)) + unsent(transfer, line);
      missing += Math.max(0, onTheWay(line));
      waiting += unsent(transfer, line);
      amount += units * (item?.unitPrice ?? item?.unitCost ?? 0);
    }
    if (missing + waiting === 0) return null;
    const { fromNode, toNode, expectedAt } = transfer;
    return {
      title: `${missing + waiting} units have not arrived at ${toNode}`,
      detail: `Transfer ${transfer.transfer} from ${fromNode}: ${missing} on their way, ${waiting} not sent`,
      severity: severityOf(amount, draft),
      deadline: expectedAt + TRACE_WITHIN_MS,
      moneyAtRisk: amount,
      formula: 'units not arrived x sales price: what cannot be sold there',
      inputs: { onTheWay: missing, notSent: waiting, expectedAt },
      advice: waiting > 0 ? `Ask ${fromNode} when the rest leaves.` : 'Trace the shipment.',
      ...(transfer.lines.length === 1 ? { sku: transfer.lines[0]!.sku } : {}),
      node: toNode,
      dependsOn: [transfer.source],
    };
  },
});
