/** What else happened or stood while a figure changed: plans, silent sources, impaired nodes, settings, other anomalies. */
import { type Changed, type Fit, fitOf, type Place } from '../../analytics/anomalies/explanation/related.ts';
import {
  type ExceptionAround,
  exceptionsAround,
  settingsChanged,
} from '../../analytics/clickhouse/queries/explanations.ts';
import { kpiById } from '../../analytics/kpis/index.ts';
import type { PlannedKind } from '../../streams/events/signals.ts';
import { exceptionDefinitions } from '../../streams/exceptions/index.ts';
import { seriesOfSubject } from '../../streams/exceptions/kpi-anomaly.ts';
import type { CalendarEntry } from '../../streams/operations/states.ts';
import type { RelatedEvent } from '../http/contract/explanations.ts';
import { reachable } from '../reading/ask-history.ts';
import type { Runtime } from '../runtime.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What ended, or was set, so long before the change is looked at. */
const LOOK_BACK_MS = 12 * HOUR_MS;
const SETTINGS_BACK_MS = DAY_MS;
/** Exceptions that have stood for longer without any change are not looked for. */
const STANDING_MAX_MS = 30 * DAY_MS;
const LOOKED_AT_MAX = 500;
const TOLD_MAX = 20;
const FIT_MIN = 0.15;

/** Kinds that change figures, beside everything of data and signals. */
const others: ReadonlySet<string> = new Set(['node-impaired', 'node-over-capacity', 'oversold', 'stockout-expected']);
const kinds = exceptionDefinitions
  .filter(({ kind, area }) => area === 'data' || area === 'signals' || others.has(kind))
  .map(({ kind }) => kind);

const plannedWords: Record<PlannedKind, string> = {
  promotion: 'Promotion',
  launch: 'Launch',
  holiday: 'Holiday',
  'price-change': 'Price change',
  deployment: 'Deployment',
  other: 'Planned',
};

type Told = Omit<RelatedEvent, 'fit' | 'because'> & { fit: Fit | null };

/** @param apart the exception that is explained. @param kpi of the figure, where it is one */
export async function relatedEvents(
  { redis, keys, history }: Pick<Runtime, 'redis' | 'keys' | 'history'>,
  changed: Changed,
  { apart, kpi }: { apart: string; kpi: string | undefined },
): Promise<RelatedEvent[]> {
  const { from, to } = changed;
  const asked = { kinds, from: from - LOOK_BACK_MS, to, since: from - STANDING_MAX_MS, until: to + STANDING_MAX_MS };
  const [entries, around, settings] = await Promise.all([
    redis.hGetAll(keys.state('calendar')),
    reachable(exceptionsAround(history, { ...asked, limit: LOOKED_AT_MAX })),
    reachable(settingsChanged(history, { from: from - SETTINGS_BACK_MS, to, limit: LOOKED_AT_MAX })),
  ]);
  const planned = Object.values(entries).map((text) => JSON.parse(text) as CalendarEntry);
  const all: Told[] = [
    ...planned.filter(({ withdrawn }) => !withdrawn).map((entry) => ofCalendar(entry, changed)),
    ...around.filter((one) => `${one.kind}:${one.subject}` !== apart).map((one) => ofException(one, changed, kpi)),
    ...settings.flatMap((one) => ofSettings(one, changed, kpi)),
  ];
  return all
    .flatMap(({ fit, ...one }) =>
      fit === null || fit.fit < FIT_MIN ? [] : [{ ...one, fit: fit.fit, because: fit.because }],
    )
    .sort((a, b) => b.fit - a.fit || b.from - a.from)
    .slice(0, TOLD_MAX);
}

const one = (value: string | undefined): string[] => (value === undefined || value === '' ? [] : [value]);
const nowhere = { exception: null, entry: null, policy: null };

function ofCalendar(
  { entry, kind, name, from, to, channel, node, skus, category, effectPercent }: CalendarEntry,
  changed: Changed,
): Told {
  const place: Place = { channel: one(channel), node: one(node), sku: skus ?? [], category: one(category) };
  const effect = effectPercent === undefined ? '' : `, ${effectPercent > 0 ? '+' : ''}${effectPercent} % expected`;
  return {
    ...nowhere,
    kind: 'calendar',
    title: `${plannedWords[kind]}: ${name}`,
    words: `Planned in the calendar${effect}.`,
    from,
    to,
    entry,
    fit: fitOf({ from, to, isMoment: false, place, weight: 1 }, changed),
  };
}

function ofException(found: ExceptionAround, changed: Changed, kpi: string | undefined): Told {
  const { kind, subject, title, began, closed, number } = found;
  const isAnomaly = kind === 'kpi-anomaly';
  const place: Place = {
    channel: one(found.channel),
    node: one(found.node),
    sku: one(found.sku),
    source: one(found.source),
  };
  const weights: Record<string, number> = { 'source-silent': 1, 'node-impaired': 0.95, 'kpi-anomaly': 0.8 };
  const isSameFigure = isAnomaly && seriesOfSubject(subject).kpi === kpi;
  const relatedKind = isAnomaly ? 'anomaly' : kind === 'source-silent' || kind === 'node-impaired' ? kind : 'exception';
  const fit = fitOf(
    { from: began, to: closed === 0 ? null : closed, isMoment: false, place, weight: weights[kind] ?? 0.6 },
    changed,
  );
  return {
    ...nowhere,
    kind: relatedKind,
    title,
    words: isAnomaly ? 'Another figure outside of its band at the same time.' : (wordsOf.get(kind) ?? ''),
    from: began,
    to: closed === 0 ? null : closed,
    exception: number,
    fit: fit === null || !isSameFigure ? fit : { ...fit, because: [...fit.because, 'the same figure elsewhere'] },
  };
}

const wordsOf = new Map(exceptionDefinitions.map(({ kind, question }) => [kind, question]));

function ofSettings(
  { at, type, data }: { at: number; type: string; data: Record<string, unknown> },
  changed: Changed,
  kpi: string | undefined,
): Told[] {
  const by = typeof data['by'] === 'string' && data['by'] !== '' ? ` by ${data['by']}` : '';
  const moment = (weight: number) => fitOf({ from: at, to: null, isMoment: true, place: {}, weight }, changed);
  const told = { ...nowhere, from: at, to: null };
  if (type === 'policy.defined') {
    const policy = String(data['policy']);
    // Who is told, and how eagerly, changes no figure.
    if (policy === 'alerts' || policy === 'signals') return [];
    const note = typeof data['note'] === 'string' && data['note'] !== '' ? ` "${data['note']}"` : '';
    return [
      {
        ...told,
        kind: 'policy',
        title: `Policy ${policy} changed`,
        words: `Defined${by}.${note}`,
        policy,
        fit: moment(1.2),
      },
    ];
  }
  if (data['kpi'] !== kpi || kpi === undefined) return [];
  const name = kpiById(kpi)?.name ?? kpi;
  return [{ ...told, kind: 'terms', title: `Terms of ${name} changed`, words: `Set${by}.`, fit: moment(1) }];
}
