/** One KPI of the catalog as a tile: the one definition for every board, whatever kind of KPI it is. */
import { gaugeValue, type Kpi, kpiById } from '../../analytics/kpis/index.ts';
import { isAtRisk } from '../../streams/exceptions/work-machine.ts';
import { governed } from '../kpis/governed.ts';
import type { KpiTile } from '../live/contract.ts';
import { gaugesOf } from '../live/figures.ts';
import type { Mirror } from '../live/mirror.ts';
import { type Circumstances, differenceOf, judgeByTarget } from './judge-figure.ts';
import { figureOf, type Sight } from './kpi-figure.ts';
import { CannotShow, expectDimensions, feedsBehind, namesOf, type Part } from './part.ts';
import { vsLastWeekday } from './same-time-last-week.ts';

/** @throws CannotShow with words for people when this KPI cannot be shown so */
export function kpiTile(sight: Sight, id: string, part: Part, per: 'day' | 'minute' = 'day'): KpiTile {
  const { mirror } = sight;
  const known = kpiById(id);
  if (known === undefined) throw new CannotShow(`There is no KPI "${id}".`);
  const kpi = governed(mirror, known);
  expectDimensions(kpi, part);
  const names = namesOf(mirror, part);
  const figure = figureOf(sight, kpi, part, per);
  const unit = figure.unit ?? kpi.unit;
  const { timeZone, currency } = mirror.workspace();
  const difference = differenceOf(unit, figure.value, figure.lastWeek);
  return {
    id: kpi.id,
    name: kpi.name,
    question: kpi.question,
    period: figure.period,
    part: names,
    why: figure.value === null ? whyNothing(kpi, figure.period) : null,
    unit,
    ...(unit === 'money' ? { currency } : {}),
    value: figure.value === null ? null : rounded(unit, figure.value),
    target: figure.target === undefined ? kpi.target : figure.target,
    direction: kpi.direction,
    status: figure.status ?? judgeByTarget(kpi, figure.value, circumstances(mirror, part)),
    comparison:
      difference === null
        ? null
        : {
            label: vsLastWeekday(timeZone, mirror.businessNow()),
            value: rounded(unit, figure.lastWeek!),
            ...difference,
          },
    spark: figure.spark,
    ...feedsBehind(mirror, kpi, part),
  };
}

function circumstances(mirror: Mirror, { node, channel }: Part): Circumstances {
  const exceptions = [...mirror.states.exception.values()];
  return {
    openOrders: gaugeValue(kpiById('open-orders')!, gaugesOf(mirror), { node, channel }) ?? 0,
    hasCriticalException: exceptions.some(
      (one) =>
        isAtRisk(one) &&
        one.severity === 'critical' &&
        (node === undefined || one.node === node) &&
        (channel === undefined || one.channel === channel),
    ),
  };
}

function whyNothing({ live, clock, waitsFor }: Kpi, period: string): string {
  if (waitsFor !== undefined) return `It waits for ${waitsFor}.`;
  if (live.kind === 'history') return `Nothing is known of it yet. It counts by: ${clock}.`;
  if (live.kind === 'level' || live.kind === 'age') return 'Nothing it could be read from has been sent yet.';
  if (live.kind === 'count') return 'No order has come in yet.';
  return `Nothing was counted in the ${period}. It counts by: ${clock}.`;
}

/** As many digits as one reads on a wall. */
function rounded(unit: KpiTile['unit'], value: number): number {
  const digits = unit === 'hours' || unit === 'ratio' || unit === 'perYear' ? 100 : unit === 'milliseconds' ? 1 : 10;
  return Math.round(value * digits) / digits;
}
