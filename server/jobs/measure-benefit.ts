/** Working capital freed and return on investment, against frozen baselines of the same weeks of the year. */
import { sumOfColumn } from '../../analytics/kpis/history-figures.ts';
import { type Kpi, kpiById } from '../../analytics/kpis/index.ts';
import type { AskHistory } from '../../analytics/kpis/series.ts';
import type { EventOf } from '../../streams/events/index.ts';
import type { PolicyBody } from '../../streams/events/policies.ts';
import type { KpiBaseline, KpiDecisions } from '../../streams/operations/kpis/kpi-state.ts';
import { figureOf, type Situation, seasonallyMatched, wholeDays } from '../kpis/baselines.ts';
import { type Improvement, returnOf, workingCapitalFreed } from '../kpis/benefit.ts';

const DAY_MS = 86_400_000;
/** Four whole weeks up to now. */
const DAYS = 28;
const DIO = 'days-inventory-outstanding';

export type MeasuredRow = EventOf<'kpi.measured'>['data']['rows'][number];
type Deps = {
  ask: AskHistory;
  situation: Situation;
  policy: PolicyBody<'benefit'>;
  decisions: ReadonlyMap<string, KpiDecisions>;
};
type Measured = { kpi: 'working-capital-freed' | 'return-on-investment'; rows: MeasuredRow[] };

/** Nothing is told of what has no baseline, or no figure now. */
export async function measureBenefit(deps: Deps): Promise<Measured[]> {
  const { ask, situation, policy } = deps;
  const span = wholeDays({ from: situation.now - (DAYS - 1) * DAY_MS, to: situation.now }, situation);
  const compared = async (kpi: Kpi) => {
    const baseline = baselineOf(deps, kpi);
    const before = baseline && seasonallyMatched(baseline, span, situation.timeZone).value;
    const { value } = await figureOf(ask, kpi, span, situation);
    return before === null || before === undefined || value === null ? null : { before, value };
  };
  const measured: Measured[] = [];
  const dio = kpiById(DIO)!;
  const stock = await compared(dio);
  if (stock !== null) {
    const { value: cogs } = await figureOf(ask, costOfGoods(dio), span, situation);
    const freed = workingCapitalFreed(stock.before, stock.value, (cogs ?? 0) / DAYS);
    measured.push({ kpi: 'working-capital-freed', rows: [{ key: '', part: freed, whole: 1 }] });
  }
  const improvements: Improvement[] = [];
  for (const { kpi: id, perUnitPerMonth } of policy.values) {
    const kpi = kpiById(id);
    const both = kpi === undefined || kpi.waitsFor !== undefined ? null : await compared(kpi);
    if (both === null) continue;
    improvements.push({ direction: kpi!.direction, baseline: both.before, now: both.value, perUnitPerMonth });
  }
  if (improvements.length > 0 && policy.runCostPerMonth > 0) {
    const { brought, cost } = returnOf(improvements, policy.runCostPerMonth, DAYS);
    measured.push({ kpi: 'return-on-investment', rows: [{ key: '', part: brought - cost, whole: cost }] });
  }
  return measured;
}

/** The baseline of the name that the policy gives, else the newest, of the meaning that the KPI has today. */
function baselineOf({ policy, decisions }: Deps, { id, version }: Kpi): KpiBaseline | undefined {
  const known = (decisions.get(id)?.baselines ?? []).filter((one) => one.kpiVersion === version);
  return policy.baseline === '' ? known.at(-1) : known.find(({ name }) => name === policy.baseline);
}

/** The same rows as days inventory outstanding: what of them are goods that left. */
const costOfGoods = (dio: Kpi): Kpi =>
  dio.live.kind === 'history' ? { ...dio, live: { ...dio.live, figure: (rows) => sumOfColumn(rows, 'cogs') } } : dio;
