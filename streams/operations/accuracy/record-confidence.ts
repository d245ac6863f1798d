/** How far one stock record can be trusted, with all that is known of it and of the company's counts. */
import { shiftOf } from '../../policies/calibration.ts';
import { type Confidence, explainConfidence } from '../../policies/confidence.ts';
import type { Draft } from '../draft.ts';
import { policyOf } from '../policy.ts';
import { type RecordFacts, recordFacts } from '../record-facts.ts';
import { ids, type Stock } from '../states.ts';

/** @param now epoch ms at which it is asked: confidence falls with time alone */
export function recordConfidence(draft: Draft, stock: Stock, now: number): Confidence & { facts: RecordFacts } {
  const masterData = { item: draft.get('item', stock.sku), node: draft.get('node', stock.node) };
  const facts = recordFacts(stock, masterData, policyOf(draft, 'accuracy'), now);
  const calibration = draft.get('calibration', ids.company);
  return { facts, ...explainConfidence(facts, calibration === undefined ? 0 : shiftOf(calibration)) };
}
