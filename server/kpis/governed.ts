/** The terms that hold for a KPI: those of its definition until somebody sets others. */
import type { Kpi } from '../../analytics/kpis/index.ts';
import type { KpiDecisions } from '../../streams/operations/kpis/kpi-state.ts';
import { type TermsVersion, termsAt } from '../http/contract/kpi-catalog.ts';
import type { Mirror } from '../live/mirror.ts';

/** @returns newest first; the last is the definition's own, version 0 */
export function termsHistory(kpi: Kpi, decided: KpiDecisions | undefined, now: number): TermsVersion[] {
  const { owner, target, thresholds } = kpi;
  const own = { owner, target, thresholds, version: 0, from: 0, setAt: null, by: null, note: '' };
  const all = [own, ...(decided?.terms ?? [])];
  const inForce = termsAt(all, now)?.version ?? 0;
  return all.toReversed().map((terms) => ({ ...terms, inForce: terms.version === inForce }));
}

/** The KPI as it is governed now: with the owner, target and thresholds in force. */
export function governed(mirror: Pick<Mirror, 'states' | 'businessNow'>, kpi: Kpi): Kpi {
  const decided = mirror.states.kpi.get(kpi.id);
  const terms = decided === undefined ? undefined : termsAt(decided.terms, mirror.businessNow());
  if (terms === undefined) return kpi;
  return { ...kpi, owner: terms.owner, target: terms.target, thresholds: terms.thresholds };
}
