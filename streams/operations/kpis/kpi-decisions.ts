/** Decisions about KPIs: terms by version, and baselines. */
import type { EventOf } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import type { KpiDecisions } from './kpi-state.ts';

/** Versions of terms of one KPI: more would make every screen carry them. */
const TERMS_MAX = 500;
const BASELINES_MAX = 50;

const decisionsOf = (draft: Draft, kpi: string): KpiDecisions =>
  draft.get('kpi', kpi) ?? { kpi, terms: [], baselines: [] };

export function termsSet(draft: Draft, event: EventOf<'kpi.terms-set'>): void {
  const { kpi, basedOn, note = '', ...terms } = event.data;
  const known = decisionsOf(draft, kpi);
  const version = known.terms.length + 1;
  if (basedOn !== undefined && basedOn !== version - 1) {
    throw new Refused(`the terms of ${kpi} are at version ${version - 1}; these were made from ${basedOn}`);
  }
  if (version > TERMS_MAX) throw new Refused(`the terms of ${kpi} were set ${TERMS_MAX} times already`);
  draft.put('kpi', kpi, { ...known, terms: [...known.terms, { ...terms, version, setAt: event.occurredAt, note }] });
}

export function baselineFrozen(draft: Draft, event: EventOf<'kpi.baseline-frozen'>): void {
  const { kpi, note = '', ...baseline } = event.data;
  const known = decisionsOf(draft, kpi);
  if (known.baselines.some((one) => one.name === baseline.name)) {
    throw new Refused(`${kpi} has a baseline of the name ${baseline.name}: it is never frozen anew`);
  }
  if (known.baselines.length >= BASELINES_MAX) throw new Refused(`${kpi} has ${BASELINES_MAX} baselines: remove one`);
  const frozen = { ...baseline, frozenAt: event.occurredAt, note };
  draft.put('kpi', kpi, { ...known, baselines: [...known.baselines, frozen] });
}

export function baselineRemoved(draft: Draft, event: EventOf<'kpi.baseline-removed'>): void {
  const { kpi, baseline } = event.data;
  const known = decisionsOf(draft, kpi);
  const baselines = known.baselines.filter((one) => one.baseline !== baseline);
  if (baselines.length === known.baselines.length) throw new Refused(`${kpi} has no baseline ${baseline}`);
  draft.put('kpi', kpi, { ...known, baselines });
}
