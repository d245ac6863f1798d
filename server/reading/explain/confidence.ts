/** Why a record is trusted as far as it is: what each of its properties adds to the odds that it is right. */
import { movementsOf } from '../../../analytics/clickhouse/queries/movements.ts';
import { recordConfidence } from '../../../streams/operations/accuracy/record-confidence.ts';
import { ids } from '../../../streams/operations/states.ts';
import type { Explanation } from '../../http/contract/explain.ts';
import { reachable } from '../ask-history.ts';
import { atOneMoment } from '../at-one-moment.ts';
import { eventsBehind } from '../events-behind.ts';
import { eventOf } from './bucket.ts';
import { type EventsAsked, type ExplainDeps, explanationOf } from './told.ts';

/** @param id `SKU|NODE` */
export async function explainConfidenceOf(
  deps: ExplainDeps,
  id: string,
  asked: EventsAsked,
): Promise<Explanation | null> {
  const { redis, keys, history } = deps.runtime;
  const [sku = '', node = ''] = id.split('|');
  const now = deps.mirror.businessNow();
  const moment = await atOneMoment(redis, keys, (draft) => {
    const stock = draft.get('stock', ids.stock(sku, node));
    return stock === undefined ? null : recordConfidence(draft, stock, now);
  });
  if (moment.answer === null) return null;
  const { confidence, logOdds, parts } = moment.answer;
  const [movements, behind] = await Promise.all([
    reachable(movementsOf(history, { sku, node, ...asked })),
    eventsBehind(deps.runtime),
  ]);
  const told = {
    number: `confidence:${id}`,
    name: `Confidence in the record of ${sku} at ${node}`,
    value: confidence,
    unit: 'share' as const,
    formula: '1 / (1 + e⁻ˣ), x being the sum of the parts',
    parts: parts
      .filter((part) => part.logOdds !== 0)
      .map((part) => ({
        words: `${part.words} (${rounded(part.value)} × ${rounded(part.weight)})`,
        value: part.logOdds,
        number: null,
      })),
    partsAddUpTo: { words: 'logarithm of the odds', value: logOdds },
    rules: [
      { rule: 'inventory confidence', says: 'the probability that what lies there is within tolerance of the record' },
    ],
    events: { items: movements.items.map(eventOf), next: movements.next === null ? null : String(movements.next) },
    related: [`bucket:${id}|sellable`, `exception:confidence-low:${id}`],
  };
  return explanationOf(moment, told, behind);
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100).replace('-', '−');
