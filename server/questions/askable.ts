/** What can be asked: KPIs as measures, and the dimensions each can be split by. */
import { durationMeasures, type Kpi, kpis } from '../../analytics/kpis/index.ts';
import type { Askable as Known } from '../../analytics/metrics/check.ts';
import { dimensionOf } from '../../analytics/metrics/dimensions.ts';
import { type AskedMeasure, askedMeasure } from '../../analytics/metrics/measures.ts';
import type { Principal } from '../access/abilities.ts';
import { costKpis, seesCost } from '../access/cost.ts';
import { type Askable, questionGrains } from '../http/contract/questions.ts';
import { grainsOf } from './own-query.ts';

const notByMeasure = 'it is worked out by a query of its own, which has no rows and no parts to show.';
const measures = new Map<string, AskedMeasure>();
const not = new Map<string, string>();
/** Worked out by a query of their own. */
const own = new Map<string, Kpi>();
for (const kpi of kpis) {
  const measure = kpi.waitsFor === undefined ? askedMeasure(kpi, durationMeasures) : null;
  if (measure !== null) measures.set(kpi.id, measure);
  else if (kpi.waitsFor !== undefined) not.set(kpi.id, kpi.waitsFor);
  else {
    own.set(kpi.id, kpi);
    not.set(kpi.id, notByMeasure);
  }
}

/** Everything, or without what reveals cost and margin. */
export function askableFor(principal: Pick<Principal, 'role'> | null): Known & { own: ReadonlyMap<string, Kpi> } {
  if (seesCost(principal)) return { measures, not, own };
  const open = [...measures].filter(([id]) => !costKpis.has(id));
  const closed = [...costKpis].map((id) => [id, 'cost and margin are not for every role.'] as const);
  const ownOpen = [...own].filter(([id]) => !costKpis.has(id));
  return { measures: new Map(open), not: new Map([...not, ...closed]), own: new Map(ownOpen) };
}

export function describeAskable(principal: Principal | null, targetOf: (kpi: Kpi) => number | null): Askable {
  const { measures: open } = askableFor(principal);
  const shown = kpis.filter(({ id }) => open.has(id) || (not.has(id) && (seesCost(principal) || !costKpis.has(id))));
  const used = new Set([
    ...[...open.values()].flatMap(({ dimensions }) => dimensions),
    ...[...own.values()].flatMap(({ dimensions }) => dimensions),
  ]);
  return {
    measures: shown.map((kpi) => ({
      id: kpi.id,
      name: kpi.name,
      group: kpi.group,
      unit: kpi.unit,
      direction: kpi.direction,
      question: kpi.question,
      dimensions: [...(open.get(kpi.id)?.dimensions ?? (own.has(kpi.id) ? kpi.dimensions : []))],
      grains: open.has(kpi.id) ? [...questionGrains] : own.has(kpi.id) ? grainsOf(kpi) : [],
      isLevel: open.get(kpi.id)?.figure.kind === 'level',
      ownQuery: own.has(kpi.id),
      target: targetOf(kpi),
      waitsFor: own.has(kpi.id) ? null : (not.get(kpi.id) ?? null),
    })),
    dimensions: [...used].map((id) => dimensionOf(id)),
  };
}
