/** Every count is a test of what was believed of its record: what it found is kept, for the company and for the node. */
import type { EventOf } from '../../events/index.ts';
import { noCalibration, shiftOf, withCount } from '../../policies/calibration.ts';
import { logistic, logOddsOf } from '../../policies/confidence.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { recordFacts } from '../record-facts.ts';
import { ids, type Stock } from '../states.ts';
import type { Calibration } from './calibration-state.ts';

/** Somebody's doubt chose these records: they say nothing about the others. */
const doubted: ReadonlySet<string | undefined> = new Set(['suspicion', 'pick-failure', 'recount']);

/**
 * @param before the record as it stood before the count
 * @param variance what the count found
 */
export function learnFrom(draft: Draft, event: EventOf<'stock.counted'>, before: Stock, variance: number): void {
  const { sku, node, cause } = event.data;
  const masterData = { item: draft.get('item', sku), node: draft.get('node', node) };
  const facts = recordFacts(before, masterData, policyOf(draft, 'accuracy'), event.occurredAt);
  const company = draft.get('calibration', ids.company) ?? noCalibration;
  const logOdds = logOddsOf(facts);
  const said = logistic(logOdds + shiftOf(company));
  const isRight = Math.abs(variance) <= facts.tolerance;
  const add = (known: Calibration) => withCount(known, logOdds, said, isRight, !doubted.has(cause));
  draft.put('calibration', ids.company, add(company));
  draft.put(
    'calibration',
    ids.calibration(node),
    add(draft.get('calibration', ids.calibration(node)) ?? noCalibration),
  );
}
