import type { Draft } from '../operations/draft.ts';
import { policyOf } from '../operations/policy.ts';
import { percentOf } from '../operations/predictions/predicted.ts';
import { receiptShares, receiptsAhead, stockoutFigures } from '../operations/predictions/stockout.ts';
import type { Stock } from '../operations/states.ts';
import { nodeAtp } from '../policies/available-to-promise.ts';
import { comesBy } from '../policies/chances/arrival.ts';
import { runsOutAt, salesOf } from '../policies/stockout.ts';
import { defineRule, severityOf } from './rule.ts';

const DAY_MS = 86_400_000;
/** Once expected, a stockout stays so until the receipt comes this much before it, so that it does not come and go. */
const SLACK_MS = DAY_MS / 2;

export const stockoutExpected = defineRule({
  kind: 'stockout-expected',
  question: 'Which items will run out before their next receipt, at the rate they sell?',
  area: 'inventory',
  owner: 'inventory planner',
  playbook: [
    'Ask whether the next receipt can come earlier, or a part of it.',
    'Move stock from a node that has more than it sells.',
    'Keep the rest for the orders that matter most.',
  ],
  endsWhen: 'Stock lasts until the next receipt again: it came, came nearer, or less is sold.',
  watches: 'stock',
  test(stock, draft, wasOpen) {
    // What does not sell costs no further look; nearly every record ends here.
    if (stock.demand.length === 0) return null;
    const policy = policyOf(draft, 'stockout');
    const at = stock.lastMovementAt;
    const { units, perDay } = salesOf(stock.demand, at, policy.learnDays);
    if (units < policy.unitsMin) return null;
    const item = draft.get('item', stock.sku);
    const available = nodeAtp(stock, item);
    const outAt = runsOutAt(available, perDay, at);
    const horizonAt = at + policy.horizonDays * DAY_MS;
    if (outAt === null || outAt >= horizonAt) return null;
    const receipt = nextReceipt(draft, stock, at);
    // Who tells us of no receipts at all cannot be warned that none comes in time.
    if (receipt === null) return null;
    const { coveredAt, ref } = receipt;
    if (coveredAt <= outAt + (wasOpen ? -SLACK_MS : 0)) return null;
    // Within the slack the receipt may come before the last unit is sold: that costs nothing, and never less.
    const daysUncovered = Math.max(0, Math.round((10 * (Math.min(coveredAt, horizonAt) - outAt)) / DAY_MS) / 10);
    const uncovered = Math.ceil(perDay * daysUncovered);
    const unitMargin = Math.max(0, (item?.unitPrice ?? 0) - (item?.unitCost ?? 0));
    const moneyAtRisk = Math.round(perDay * unitMargin * daysUncovered);
    const perDayShown = Math.round(10 * perDay) / 10;
    const gone = available <= 0;
    const figures = gone ? null : stockoutFigures(draft, stock, at);
    const chance: Record<string, number> = figures === null ? {} : { chancePercent: percentOf(figures.probability) };
    const likely = figures === null ? '' : `, ${percentOf(figures.probability)} % likely`;
    return {
      title: gone
        ? `Nothing left at ${stock.node} until ${ref} comes`
        : `Runs out at ${stock.node} before ${ref} comes`,
      detail: `${item?.name ?? stock.sku}: ${Math.max(0, available)} available, ${perDayShown} sold a day, ${daysUncovered > 0 ? `receipt ${daysUncovered} days too late` : 'the receipt comes just in time'}${likely}`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: outAt,
      moneyAtRisk,
      formula: 'units sold a day x unit margin x days without stock',
      inputs: {
        perDay: perDayShown,
        unitMargin,
        daysUncovered,
        available,
        learnDays: policy.learnDays,
        receipt: ref,
        ...chance,
      },
      advice: `Have ${ref} come earlier, or move stock to ${stock.node}.`,
      cause: `${receipt.kind === 'transfer' ? 'transfer-late' : 'inbound'}:${ref}`,
      suggests:
        uncovered === 0
          ? []
          : [{ action: 'transfer', input: { sku: stock.sku, toNode: stock.node, quantity: uncovered } }],
      sku: stock.sku,
      node: stock.node,
    };
  },
});

/**
 * The soonest receipt at the record's node that has a date to come; else one that should have come, by when half of what
 * is as late as that has come.
 */
function nextReceipt(draft: Draft, stock: Stock, at: number) {
  const ahead = receiptsAhead(draft, stock, at);
  const dated = ahead.find(({ confirmed, expectedAt }) => confirmed && expectedAt > at);
  if (dated !== undefined) return { ...dated, coveredAt: dated.expectedAt };
  const [overdue] = ahead;
  if (overdue === undefined || overdue.expectedAt > at) return null;
  const coveredAt = comesBy(receiptShares(draft, overdue), overdue.expectedAt, at, 0.5);
  return { ...overdue, coveredAt: coveredAt ?? Number.POSITIVE_INFINITY };
}
