/** A series that is watched: a KPI of the whole workspace, or of one channel, node, source or SKU. */
import { type Kpi, kpiById } from '../../kpis/index.ts';
import type { SeriesKind } from '../detector/detection.ts';

export const seriesParts = ['channel', 'node', 'source', 'sku'] as const;
export type SeriesPart = (typeof seriesParts)[number];
/** At most one of the parts; none: the whole workspace. */
export type SeriesOf = { kpi: string } & { [P in SeriesPart]?: string | undefined };

export type Series = SeriesOf & {
  /** As policies and people name it: `orders`, `orders/channel=web`. */
  name: string;
  kind: SeriesKind;
  /** It is a share of something and not expected above 100. */
  isPercent: boolean;
  /** Width of what is judged, ms: TEN_MINUTES_MS, an hour, or a local day. */
  grainMs: number;
};

export const TEN_MINUTES_MS = 600_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export const partOf = (of: SeriesOf): SeriesPart | undefined => seriesParts.find((part) => of[part] !== undefined);

/** `channel=web`; empty for the whole workspace. */
export function placeOf(of: SeriesOf): string {
  const part = partOf(of);
  return part === undefined ? '' : `${part}=${of[part]}`;
}

export function nameOf(of: SeriesOf): string {
  const place = placeOf(of);
  return place === '' ? of.kpi : `${of.kpi}/${place}`;
}

/** Only the names, without what is undefined: as events carry them. */
export function bareOf(of: SeriesOf): SeriesOf {
  const part = partOf(of);
  return part === undefined ? { kpi: of.kpi } : { kpi: of.kpi, [part]: of[part] };
}

export const seriesOf = (of: SeriesOf, grainMs: number): Series => ({
  ...bareOf(of),
  name: nameOf(of),
  kind: kindOf(kpiById(of.kpi)!),
  isPercent: kpiById(of.kpi)!.unit === 'percent',
  grainMs,
});

/** What the figures of a KPI are, for detectors. */
export function kindOf({ live, unit }: Kpi): SeriesKind {
  if (live.kind === 'count') return unit === 'money' ? 'amount' : 'count';
  if (live.kind === 'history' && live.of === 'period' && unit === 'count') return 'count';
  if (live.kind === 'ratio') return 'ratio';
  if (live.kind === 'quantile' || live.kind === 'age') return 'latency';
  return 'gauge';
}

/** Whether figures of neighbouring times may be added up. */
export const addsUp = (kind: SeriesKind): boolean => kind === 'count' || kind === 'amount';

/**
 * Figures that fall together when something happens to what they are made of: less is ordered, less is shipped. The
 * first one that is watched speaks for the others.
 */
const families: readonly (readonly string[])[] = [
  ['orders', 'revenue', 'units', 'order-lines', 'margin', 'units-reserved', 'source-events'],
  ['average-order-value', 'units-per-order', 'lines-per-order'],
  ['orders-shipped', 'units-shipped', 'lines-shipped', 'units-picked', 'shipped-value'],
  ['open-orders', 'open-lines', 'past-promise', 'backlog-age-p50', 'backlog-age-p95'],
  ['cancelled-orders', 'order-cancel-rate', 'cancelled-value', 'cancelled-lines-customer', 'cancelled-lines-stock'],
  ['on-time-dispatch', 'orders-late', 'cut-off-adherence', 'otif', 'perfect-order', 'orders-due'],
  [
    'line-fill-rate',
    'unit-fill-rate',
    'order-fill-rate',
    'backordered-lines',
    'backordered-units',
    'backordered-value',
  ],
  ['refunds', 'refund-rate', 'units-returned', 'return-rate'],
  ['on-hand', 'atp', 'on-hand-value', 'channel-atp'],
  ['units-delivered', 'orders-delivered'],
  ['exceptions-opened', 'exceptions-open', 'money-at-risk'],
];
const familyByKpi = new Map(families.flatMap((family, at) => family.map((kpi, rank) => [kpi, { at, rank }] as const)));

/** KPIs of one family share a number; one without a family has its own name. */
export const familyOf = (kpi: string): number | string =>
  familyByKpi.get(kpi)?.at ?? kpi.replace(/-p\d+$/, '').replace(/-(mean|median)$/, '');

/** Lower speaks first. */
export const rankOf = (kpi: string): number => familyByKpi.get(kpi)?.rank ?? 0;

/** What a shop is run by: people are told of these first, of others only when they are much rarer. */
const leading = new Set([
  ...families.map(([first]) => first),
  'revenue',
  'order-cancel-rate',
  'past-promise',
  'units-returned',
  'cycle-time-p90',
  'merchant-cancel-rate',
  'oversell-rate',
  'backlog-age-p90',
]);
/** What follows from what we ourselves tell: shown with a band, and told of by nobody. */
const ownGroups: ReadonlySet<string> = new Set(['exceptions', 'data']);

/** Cost and margin are not for everybody who is told of anomalies. What they are made of is watched as well. */
export const notForEverybody: ReadonlySet<string> = new Set([
  'margin',
  'on-hand-value',
  'gmroi',
  'excess-value',
  'aged-value',
  'working-capital-freed',
  'return-on-investment',
]);

/** Ten times less likely. */
const RARER = 1;

/**
 * How much more surprising than what the company has set a series must be, so that hundreds of series do not make hundreds
 * of pages. Infinite: it is told only when somebody asks for it by name.
 */
export function reserveOf({ kpi, sku }: SeriesOf): number {
  const known = kpiById(kpi);
  if (known === undefined || notForEverybody.has(kpi) || (ownGroups.has(known.group) && kpi !== 'source-events'))
    return Number.POSITIVE_INFINITY;
  const isLeading = leading.has(kpi) && sku === undefined;
  const hasWay = known.direction !== 'none';
  return (isLeading ? 0 : RARER) + (hasWay ? 0 : RARER / 2);
}
