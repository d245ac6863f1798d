import type { Assertion } from '../operations/accuracy/accuracy-state.ts';
import { defineRule, severityOf } from './rule.ts';

const HOUR_MS = 3_600_000;
const SYNC_WITHIN_MS = 4 * HOUR_MS;

/** Units a channel believes to have and we do not know of will be sold all the same; units it does not know of will not. */
export const channelDrift = defineRule({
  kind: 'channel-drift',
  question: 'Which systems state other quantities than we know of?',
  area: 'inventory',
  owner: 'channel manager',
  playbook: [
    'See which way it differs: what a system believes to have beyond our figure will be oversold.',
    'Look for the movement that one side has and the other has not.',
    'Have the system synchronised; if nobody can say who is right, have the record counted.',
  ],
  endsWhen: 'The system states a quantity within the tolerance of ours.',
  // Systems report with different delays: what one of them has seen and another has not yet is no drift.
  holdMs: 30_000,
  watches: 'stock',
  test(stock, draft) {
    const worst = worstOf(stock.assertions);
    if (worst === undefined) return null;
    const item = draft.get('item', stock.sku);
    const { source, measure, drift, since, quantity } = worst;
    const unitPrice = item?.unitPrice ?? item?.unitCost ?? 0;
    // Too many promised: the whole sale has to be made good. Too few: the margin is not earned.
    const perUnit = drift > 0 ? unitPrice : Math.max(0, unitPrice - (item?.unitCost ?? 0));
    const units = Math.abs(drift);
    const { channel = '', name = source } = draft.get('source', source) ?? {};
    const moneyAtRisk = units * perUnit;
    return {
      title: `${name} states ${units} ${drift > 0 ? 'more' : 'fewer'} at ${stock.node}`,
      detail: `${item?.name ?? stock.sku}: ${measure} is ${quantity} there and ${quantity - drift} here`,
      severity: severityOf(moneyAtRisk, draft),
      deadline: since + SYNC_WITHIN_MS,
      moneyAtRisk,
      formula:
        drift > 0
          ? 'units it may sell beyond ours x sales price'
          : 'units it does not offer x (sales price - unit cost)',
      inputs: { units: drift, perUnit, measure, stated: quantity, ours: quantity - drift },
      advice: drift > 0 ? `Synchronise ${name} before it sells what is not there.` : `Synchronise ${name}.`,
      sku: stock.sku,
      node: stock.node,
      source,
      ...(channel === '' ? {} : { channel }),
      dependsOn: [source],
      suggests: [{ action: 'request-count', input: { sku: stock.sku, node: stock.node } }],
    };
  },
});

function worstOf(assertions: Assertion[]): Assertion | undefined {
  let worst: Assertion | undefined;
  for (const assertion of assertions) {
    if (assertion.since === 0) continue;
    if (worst === undefined || Math.abs(assertion.drift) > Math.abs(worst.drift)) worst = assertion;
  }
  return worst;
}
