/** Who waits for a SKU: the order lines in its queue, which add up to the units that were accepted and not allocated. */
import type { Explanation } from '../../http/contract/explain.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { type ExplainDeps, explanationOf, type Part, sumOf } from './told.ts';

const LINES_NAMED_MAX = 50;

export async function explainWaiting(deps: ExplainDeps, sku: string): Promise<Explanation | null> {
  const { redis, keys } = deps.runtime;
  const moment = await atOneMoment(redis, keys, (draft) => draft.get('ledger', sku));
  const ledger = moment.answer;
  if (ledger === undefined) return null;
  const named = ledger.waiting.slice(0, LINES_NAMED_MAX).map(
    ({ order, line, quantity }): Part => ({
      words: `line ${line} of order ${order}`,
      value: quantity,
      number: `promise:${order}/${line}`,
    }),
  );
  const rest = ledger.waitingUnits - sumOf(named);
  const more = ledger.waiting.length - named.length;
  const parts =
    more === 0 && rest === 0 ? named : [...named, { words: `${more} more lines`, value: rest, number: null }];
  const told = {
    number: `waiting:${sku}`,
    name: `Units of ${sku} that were accepted and not allocated`,
    value: ledger.waitingUnits,
    unit: 'units' as const,
    formula: 'units of all order lines in the queue, first served first',
    parts,
    partsAddUpTo: { words: 'waiting units', value: sumOf(parts) },
    related: [`exception:oversold:${sku}`],
  };
  return explanationOf(moment, told, await eventsBehind(deps.runtime));
}
