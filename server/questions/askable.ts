/** What can be asked: KPIs as measures, and the dimensions each can be split by. */
import { durationMeasures, type Kpi, kpis } from '../../analytics/kpis/index.ts';
import type { Askable as Known } from '../../analytics/metrics/check.ts';
import { dimensionOf } from '../../analytics/metrics/dimensions.ts';
import { type AskedMeasure, askedMeasure } from '../../analytics/metrics/measures.ts';
import type { Principal } from '../access/abilities.ts';
import { costKpis, seesCost } from '../access/cost.ts';
import { type Askable, questionGrains } from '../http/contract/questions.ts';

const notByMeasure = 'it is worked out by a query of its own. Its page shows it over time.';
const measures = new Map<string, AskedMeasure>();
const not = new Map<string, string>();
for (const kpi of kpis) {
  const measure = kpi.waitsFor === undefined ? askedMeasure(kpi, durationMeasures) : null;
  if (measure === null) not.set(kpi.id, kpi.waitsFor ?? notByMeasure);
  else measures.set(kpi.id, measure);
}

/** Everything, or without what reveals cost and margin. */
export function askableFor(principal: Pick<Principal, 'role'> | null): Known {
  if (seesCost(principal)) return { measures, not };
  const open = [...measures].filter(([id]) => !costKpis.has(id));
  const closed = [...costKpis].map((id) => [id, 'cost and margin are not for every role.'] as const);
  return { measures: new Map(open), not: new Map([...not, ...closed]) };
}

export function describeAskable(principal: Principal | null, targetOf: (kpi: Kpi) => number | null): Askable {
  const { measures: open } = askableFor(principal);
  const shown = kpis.filter(({ id }) => open.has(id) || (not.has(id) && (seesCost(principal) || !costKpis.has(id))));
  const used = new Set([...open.values()].flatMap(({ dimensions }) => dimensions));
  return {
    measures: shown.map((kpi) => ({
      id: kpi.id,
      name: kpi.name,
      group: kpi.group,
      unit: kpi.unit,
      direction: kpi.direction,
      question: kpi.question,
      dimensions: [...(open.get(kpi.id)?.dimensions ?? [])],
      grains: open.has(kpi.id) ? [...questionGrains] : [],
      isLevel: open.get(kpi.id)?.figure.kind === 'level',
      target: targetOf(kpi),
      waitsFor: not.get(kpi.id) ?? null,
    })),
    dimensions: [...used].map((id) => dimensionOf(id)),
  };
}
