/** What is still to come under a purchase order or a transfer, line by line. */

import type { Draft } from '../../../streams/operations/draft.ts';
import { outstanding } from '../../../streams/operations/purchasing/purchase-order-receipts.ts';
import { onTheWay } from '../../../streams/operations/stock/transfer-state.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { type ExplainDeps, explanationOf, type Part, sumOf } from './told.ts';

/** @param ref a purchase order or a transfer */
export async function explainInbound(deps: ExplainDeps, ref: string): Promise<Explanation | null> {
  const { redis, keys } = deps.runtime;
  const moment = await atOneMoment(redis, keys, (draft) => comingFrom(draft, ref));
  if (moment.answer === null) return null;
  const { name, parts } = moment.answer;
  const told = {
    number: `inbound:${ref}`,
    name,
    value: sumOf(parts),
    unit: 'units' as const,
    formula: 'what was confirmed or sent less what has arrived',
    parts,
    partsAddUpTo: { words: 'units still to come', value: sumOf(parts) },
  };
  return explanationOf(moment, told, await eventsBehind(deps.runtime));
}

function comingFrom(draft: Draft, ref: string): { name: string; parts: Part[] } | null {
  const order = draft.get('purchase-order', ref);
  if (order !== undefined) {
    const parts = outstanding(order).map(({ line, units }) => ({
      words: `${line.sku} to ${line.node}, expected ${new Date(line.expectedAt).toISOString()}`,
      value: units,
      number: null,
    }));
    return { name: `Still to come from ${order.supplier} on purchase order ${ref}`, parts };
  }
  const transfer = draft.get('transfer', ref);
  if (transfer === undefined) return null;
  const parts = transfer.lines.map((line) => ({
    words: `${line.sku} from ${transfer.fromNode} to ${transfer.toNode}`,
    value: onTheWay(line),
    number: `bucket:${line.sku}|${transfer.toNode}|in-transit`,
  }));
  return { name: `On the way on transfer ${ref}`, parts };
}
