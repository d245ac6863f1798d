/** KPI anomalies are found by detectors outside of the fold, and told like any other exception. */
import { minorDigits } from '../connectors/shopify/fields.ts';
import type { EventOf } from '../events/index.ts';
import type { AnomalyShape } from '../events/signals.ts';
import type { Draft } from '../operations/draft.ts';
import { workspaceOf } from '../operations/master-data.ts';
import { lower, raise } from './life.ts';
import { type ExceptionDefinition, type Finding, severityOf, within } from './rule.ts';

const LOOK_WITHIN_MS = 3_600_000;
/** So surprising is what is seen once in a hundred thousand buckets or more rarely. */
const RARE_SCORE = 0.55;
const AGREES_NAMED_MAX = 3;

export const kpiAnomaly: ExceptionDefinition = {
  kind: 'kpi-anomaly',
  question: 'Which figure is outside of what is usual for this hour and weekday?',
  area: 'signals',
  owner: 'head of operations',
  playbook: [
    'Check the channel and its source for an outage.',
    'Look for a campaign, a price change or a holiday that explains it, and put it into the calendar.',
    'Compare with the orders and the stock behind the figure.',
  ],
  endsWhen: 'The figure is back in its expected band.',
};

type Detected = EventOf<'anomaly.detected'>['data'];
type SeriesOf = Pick<Detected, 'kpi' | 'channel' | 'node' | 'source' | 'sku'>;

export function anomalyDetected(draft: Draft, event: EventOf<'anomaly.detected'>): void {
  const { data } = event;
  const { at, value, low, expected, high, score, moneyAtRisk = 0, minutes, agrees = [], roots = [], since = at } = data;
  const { channel, node, source, sku } = data;
  const isBad = data.bad ?? value < low;
  const definition = data.owner === undefined ? kpiAnomaly : { ...kpiAnomaly, owner: data.owner };
  const finding: Finding = {
    title: titleOf(data),
    detail: detailOf(data, workspaceOf(draft).currency),
    severity: severityFor(draft, { isBad, moneyAtRisk, score, what: data.what }),
    deadline: at + LOOK_WITHIN_MS,
    moneyAtRisk,
    formula: data.formula ?? 'not priced: what it costs does not follow from this figure',
    inputs: {
      value: round(value),
      low: round(low),
      expected: round(expected),
      high: round(high),
      score: round(score),
      ...(minutes === undefined ? {} : { minutes }),
      outFor: Math.max(0, Math.round((at - since) / 60_000)),
      agreeing: agrees.length,
    },
    advice: adviceOf(data.what, isBad),
    ...(roots.length === 0 ? {} : { because: roots.map(rootWords) }),
    ...(channel === undefined ? {} : { channel }),
    ...(node === undefined ? {} : { node }),
    ...(sku === undefined ? {} : { sku }),
    // A silent source is the better word for it, and shown instead.
    ...(source === undefined ? {} : { source, dependsOn: [source] }),
  };
  raise(draft, definition, subjectOf(data), finding, { ...event, occurredAt: at });
}

export function anomalyCleared(draft: Draft, event: EventOf<'anomaly.cleared'>): void {
  lower(draft, kpiAnomaly, subjectOf(event.data), { ...event, occurredAt: event.data.at });
}

/** `orders/web/`: the KPI, its channel and its node; then source and SKU, where it is of one. */
export function subjectOf({ kpi, channel = '', node = '', source = '', sku = '' }: SeriesOf): string {
  const parts = [kpi, channel, node, ...(source === '' && sku === '' ? [] : [source]), ...(sku === '' ? [] : [sku])];
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');
}

export function seriesOfSubject(subject: string): SeriesOf {
  const parts = subject.split('/').map((part) => part.replaceAll('%2F', '/').replaceAll('%25', '%'));
  const [kpi = '', channel = '', node = '', source = '', sku = ''] = parts;
  return {
    kpi,
    ...(channel === '' ? {} : { channel }),
    ...(node === '' ? {} : { node }),
    ...(source === '' ? {} : { source }),
    ...(sku === '' ? {} : { sku }),
  };
}

const words: Record<AnomalyShape, string> = {
  spike: 'jumped above what was expected',
  drop: 'dropped below what was expected',
  'shift-up': 'above what was expected for a while',
  'shift-down': 'below what was expected for a while',
  'drift-up': 'moving up, away from what was expected',
  'drift-down': 'moving down, away from what was expected',
  flat: 'has not moved, as if it were stuck',
  missing: 'no figures come any more',
  variance: 'moves about more than usual',
};

function titleOf(data: Detected): string {
  const { kpi, name = kpi, value, low, expected, what } = data;
  const place = placeWords(data);
  const figure = place === '' ? name : `${name}, ${place}`;
  if (what === undefined) return `${figure}: ${value < low ? 'below' : 'above'} its expected band`;
  const away = expected > 0 && isSize(data.unit) ? Math.round((100 * (value - expected)) / expected) : 0;
  const far = away !== 0 && Math.abs(away) <= 999 && what !== 'missing' && what !== 'flat';
  return `${figure}: ${words[what]}${far ? ` (${away > 0 ? '+' : ''}${away} %)` : ''}`;
}

/** Whether half of it is half as much: of a percentage, points are told and not percents. */
const isSize = (unit: string | undefined): boolean => unit !== 'percent';

/** `channel web, category Lamps: 62 % of the change`. */
function rootWords({ values, share }: NonNullable<Detected['roots']>[number]): string {
  const named = Object.entries(values).map(([dimension, value]) => `${dimension} ${value}`);
  return `${named.join(', ')}: ${Math.round(100 * share)} % of the change`;
}

const placeWords = ({ channel, node, source, sku }: SeriesOf): string => channel ?? node ?? source ?? sku ?? '';

function detailOf(data: Detected, currency: string): string {
  const { value, low, high, minutes, unit, what, agrees = [] } = data;
  const show = (figure: number) => figureWords(figure, unit, currency);
  const over = minutes === undefined ? 'a minute' : `in ${lengthWords(minutes)}`;
  const band = `expected ${show(low)} to ${show(high)}`;
  const said = what === 'missing' ? `nothing is known, ${band} ${over}` : `${show(value)} ${over}, ${band}`;
  if (agrees.length === 0) return `${placeWords(data) || 'whole workspace'}: ${said}`;
  const named = agrees.slice(0, AGREES_NAMED_MAX).join(', ');
  const more = agrees.length > AGREES_NAMED_MAX ? ` and ${agrees.length - AGREES_NAMED_MAX} more` : '';
  return `${placeWords(data) || 'whole workspace'}: ${said}; with it ${named}${more}`;
}

function lengthWords(minutes: number): string {
  if (minutes === 60) return 'an hour';
  if (minutes < 120) return `${minutes} minutes`;
  // Days of a change of clocks have 23 or 25 hours.
  if (minutes < 1_380) return `${round(minutes / 60)} hours`;
  return minutes <= 1_500 ? 'a day' : `${round(minutes / 1_440)} days`;
}

function figureWords(figure: number, unit: string | undefined, currency: string): string {
  if (unit === 'money') return `${round(figure / 10 ** minorDigits(currency))} ${currency}`;
  return unit === 'percent' ? `${round(figure)} %` : String(round(figure));
}

type Judged = { isBad: boolean; moneyAtRisk: number; score: number; what: AnomalyShape | undefined };
function severityFor(draft: Draft, { isBad, moneyAtRisk, score, what }: Judged): Finding['severity'] {
  if (moneyAtRisk > 0) return within(severityOf(moneyAtRisk, draft), 'medium');
  if (what === undefined) return isBad ? 'high' : 'medium';
  const rare = score >= RARE_SCORE;
  if (isBad) return rare ? 'high' : 'medium';
  return rare ? 'medium' : 'low';
}

function adviceOf(what: AnomalyShape | undefined, isBad: boolean): string {
  if (what === 'flat') return 'See whether the source still sends new figures, or the same one again and again.';
  if (what === 'missing')
    return 'Check the source and its connection first: nothing is known, which is not nothing sold.';
  if (what === 'variance') return 'Compare with what was changed lately: prices, promises, opening hours.';
  return isBad
    ? 'Check the channel and its source first; then prices, stock and the shop itself.'
    : 'Check stock cover and promise dates. If it was planned, put it into the calendar.';
}

const round = (value: number): number => Math.round(value * 100) / 100;
