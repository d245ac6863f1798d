/** The catalog of KPIs for those who govern them: definitions with the terms in force, baselines, distributions. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { type Spread, spreadOf } from '../../analytics/kpis/distribution.ts';
import { boundsOf } from '../../analytics/kpis/histogram.ts';
import { describeKpi, isHistory, type Kpi, kpiById, kpis } from '../../analytics/kpis/index.ts';
import { hasGrain, kpiDurations, kpiSeries } from '../../analytics/kpis/series.ts';
import { type Event, type EventType, eventCatalog } from '../../streams/events/index.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import { needsAttention } from '../../streams/exceptions/work-machine.ts';
import { bucketStart, HOUR_MS } from '../../streams/operations/buckets.ts';
import type { KpiBaseline, KpiDecisions } from '../../streams/operations/kpis/kpi-state.ts';
import { OWN_SOURCE } from '../../streams/operations/sources/source.ts';
import { appendAndWait } from '../actions/append.ts';
import type {
  Baseline,
  baselineRequest,
  DistributionAnswer,
  distributionQuery,
  KpiPage,
  kpiCatalogAnswer,
  kpiEntry,
  TermsVersion,
  termsChange,
} from '../http/contract/kpi-catalog.ts';
import { Refusal } from '../http/problems.ts';
import { currentValue } from '../live/figures.ts';
import type { Mirror } from '../live/mirror.ts';
import { askHistory } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';
import { Overtaken } from '../settings/change.ts';
import { figureOf, frozen } from './baselines.ts';
import { termsHistory } from './governed.ts';
import type { HistoryFigures } from './history-figures.ts';

const DAY_MS = 24 * HOUR_MS;
const DISTRIBUTION_DAYS = 28;
/** Clocks of a browser and ours differ by less than this. */
const PAST_GRACE_MS = 60_000;

export type KpiCatalogModel = {
  list(): Promise<z.output<typeof kpiCatalogAnswer>>;
  one(id: string): Promise<KpiPage | null>;
  distribution(id: string, query: z.output<typeof distributionQuery>): Promise<DistributionAnswer | null>;
  /** @throws Overtaken, Refusal */
  setTerms(id: string, change: z.output<typeof termsChange>, by: string): Promise<TermsVersion | null>;
  /** @throws Refusal */
  freeze(id: string, asked: z.output<typeof baselineRequest>, by: string): Promise<Baseline | null>;
  removeBaseline(id: string, baseline: string, by: string): Promise<boolean>;
};

export function createKpiCatalogModel(deps: {
  runtime: Runtime;
  mirror: Mirror;
  history: HistoryFigures;
}): KpiCatalogModel {
  const { runtime, mirror, history } = deps;
  const ask = askHistory(runtime);
  const situation = () => {
    const { timeZone, currency } = mirror.workspace();
    return { timeZone, currency, now: mirror.businessNow() };
  };

  function entryOf(kpi: Kpi, value: number | null, decided = mirror.states.kpi.get(kpi.id)): z.output<typeof kpiEntry> {
    const { watermark } = mirror.workspace();
    const history = termsHistory(kpi, decided, mirror.businessNow());
    const terms = history.find(({ inForce }) => inForce)!;
    const { owner, target, thresholds } = terms;
    return {
      ...describeKpi({ ...kpi, owner, target, thresholds }),
      value,
      asOf: watermark > 0 ? watermark : null,
      terms,
    };
  }

  /** As it is in the store: the mirror is up to a quarter of a second behind whoever has just decided. */
  async function decisionsOf(kpi: string): Promise<KpiDecisions> {
    const text = await runtime.redis.hGet(runtime.keys.state('kpi'), kpi);
    return typeof text === 'string' ? (JSON.parse(text) as KpiDecisions) : { kpi, terms: [], baselines: [] };
  }

  async function append(type: EventType, data: object): Promise<void> {
    const now = mirror.now();
    const times = { occurredAt: now, observedAt: now, receivedAt: now };
    const event = {
      id: `kpi:${randomUUID()}`,
      source: OWN_SOURCE,
      type,
      ...times,
      data: eventCatalog[type].parse(data),
    };
    await appendAndWait(runtime.redis, runtime.keys, event as Event);
  }

  async function besideToday(kpi: Kpi, baseline: KpiBaseline): Promise<KpiPage['baselines'][number]> {
    const today = await figureOf(ask, kpi, { from: baseline.from, to: baseline.to }, situation()).catch(() => null);
    return { ...shownBaseline(kpi.id, baseline), today: today?.value ?? null };
  }

  return {
    list: async () => ({
      items: kpis.map((kpi) =>
        entryOf(kpi, isHistory(kpi) ? (history.of(kpi, {})?.value ?? null) : currentValue(mirror, kpi)),
      ),
    }),

    async one(id) {
      const kpi = kpiById(id);
      if (kpi === undefined) return null;
      const value = isHistory(kpi) ? ((await history.read(kpi))?.value ?? null) : currentValue(mirror, kpi);
      const decided = await decisionsOf(id);
      const baselines: KpiPage['baselines'] = [];
      for (const baseline of decided.baselines.toReversed()) baselines.push(await besideToday(kpi, baseline));
      const terms = termsHistory(kpi, decided, mirror.businessNow());
      return { ...entryOf(kpi, value, decided), termsHistory: terms, baselines, related: relatedTo(mirror, kpi) };
    },

    async distribution(id, { from, to, grain }) {
      const kpi = kpiById(id);
      if (kpi === undefined) return null;
      const { timeZone, currency, now } = situation();
      const until = to ?? now;
      const span = { from: bucketStart('day', from ?? until - DISTRIBUTION_DAYS * DAY_MS, timeZone), to: until };
      if (span.from >= span.to)
        throw new Refusal(400, { title: 'This cannot be asked', detail: 'from must lie before to.' });
      const query = { ...span, grain, timeZone, currency, now };
      const durations = await kpiDurations(ask, kpi, { ...query, grain: 'day' });
      if (durations !== null) {
        return { of: 'durations', ...span, grain: null, ...spreadOfDurations(kpi, durations) };
      }
      const known = hasGrain(kpi, grain) ? grain : 'day';
      const { series } = await kpiSeries(ask, kpi, { ...query, grain: known });
      const values = (series[0]?.points ?? []).flatMap(([, value]) => (value === null ? [] : [[value, 1] as const]));
      return { of: 'figures', ...span, grain: known, ...spreadOf(values) };
    },

    async setTerms(id, { version, from, ...terms }, by) {
      const kpi = kpiById(id);
      if (kpi === undefined) return null;
      checkThresholds(kpi, terms.thresholds);
      const now = mirror.businessNow();
      if (from !== undefined && from < now - PAST_GRACE_MS) {
        throw new Refusal(400, {
          title: 'In the past',
          detail: 'Terms hold from now on or from later on: what was judged stays judged.',
        });
      }
      const known = await decisionsOf(id);
      refuseOvertaken(known, version);
      await append('kpi.terms-set', { kpi: id, ...terms, from: from ?? now, basedOn: version, by });
      const after = await decisionsOf(id);
      const made = after.terms.find((one) => one.version === version + 1);
      if (made !== undefined && made.by !== by) refuseOvertaken(after, version);
      const shown = termsHistory(kpi, after, mirror.businessNow()).find((one) => one.version === version + 1);
      return shown ?? { ...terms, version: version + 1, from: from ?? now, setAt: now, by, inForce: false };
    },

    async freeze(id, { name, note, ...asked }, by) {
      const kpi = kpiById(id);
      if (kpi === undefined) return null;
      if (kpi.waitsFor !== undefined) {
        throw new Refusal(409, { title: 'Nothing to freeze', detail: `It waits for ${kpi.waitsFor}.` });
      }
      const { baselines } = await decisionsOf(id);
      if (baselines.some((one) => one.name === name)) {
        throw new Refusal(409, {
          title: 'There is one of this name',
          detail: `"${name}" was frozen already, and is never frozen anew.`,
          remedy: 'Take another name.',
        });
      }
      const figures = await frozen(ask, kpi, asked, situation());
      const baseline = { baseline: randomUUID(), name, note, ...figures, kpiVersion: kpi.version, by };
      await append('kpi.baseline-frozen', { kpi: id, ...baseline });
      return shownBaseline(id, { ...baseline, frozenAt: mirror.now() });
    },

    async removeBaseline(id, baseline, by) {
      const known = await decisionsOf(id);
      if (!known.baselines.some((one) => one.baseline === baseline)) return false;
      await append('kpi.baseline-removed', { kpi: id, baseline, by });
      return true;
    },
  };
}

const shownBaseline = (kpi: string, { baseline: id, ...rest }: KpiBaseline): Baseline => ({ id, kpi, ...rest });

function refuseOvertaken({ terms }: KpiDecisions, basedOn: number): void {
  const last = terms.at(-1);
  if ((last?.version ?? 0) === basedOn) return;
  throw new Overtaken(`${last?.by ?? 'Nobody'} has made version ${last?.version ?? 0}; yours began from ${basedOn}.`);
}

/** `act` lies beyond `look`, on the wrong side of the KPI. */
function checkThresholds({ direction }: Kpi, thresholds: { look: number; act: number } | null): void {
  if (thresholds === null || direction === 'none') return;
  const { look, act } = thresholds;
  if (direction === 'up' ? act <= look : act >= look) return;
  throw new Refusal(400, {
    title: 'Thresholds the wrong way round',
    detail: `${direction === 'up' ? 'More' : 'Less'} is better here: act must not lie before look.`,
    errors: [
      { path: 'thresholds.act', message: direction === 'up' ? `must be ${look} or less` : `must be ${look} or more` },
    ],
  });
}

function relatedTo(mirror: Mirror, { exceptions = [] }: Kpi): KpiPage['related'] {
  const open = [...mirror.states.exception.values()].filter(needsAttention);
  return exceptions.map((kind) => {
    const those = open.filter((exception) => exception.kind === kind);
    return {
      kind,
      question: exceptionDefinitions.find((definition) => definition.kind === kind)?.question ?? '',
      open: those.length,
      moneyAtRisk: those.reduce((sum, { moneyAtRisk }) => sum + moneyAtRisk, 0),
    };
  });
}

/** Each case stands in the middle of its bucket, as in the quantile itself. */
function spreadOfDurations({ live }: Kpi, counts: Map<number, number>): Spread {
  const unitMs = live.kind === 'quantile' ? live.unitMs : 1;
  const middle = (bucket: number): number => {
    const [from, to] = boundsOf(bucket);
    return (from + to - 1) / 2 / unitMs;
  };
  return spreadOf([...counts].map(([bucket, count]) => [middle(bucket), count]));
}
