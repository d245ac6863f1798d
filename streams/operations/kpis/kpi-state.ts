/** What was decided about one KPI. What it measures is no state but its definition. */
import type { EventOf } from '../../events/index.ts';

export type KpiTermsSet = Pick<EventOf<'kpi.terms-set'>['data'], 'owner' | 'target' | 'thresholds' | 'from' | 'by'> & {
  version: number;
  setAt: number;
  note: string;
};
export type KpiBaseline = Omit<EventOf<'kpi.baseline-frozen'>['data'], 'kpi' | 'note'> & {
  frozenAt: number;
  note: string;
};
export type KpiDecisions = {
  kpi: string;
  /** Oldest first, so that each stands at its version less one. */
  terms: KpiTermsSet[];
  /** Oldest first. */
  baselines: KpiBaseline[];
};
