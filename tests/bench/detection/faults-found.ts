/**
 * Which injected faults were found, how soon after the evidence had arrived, and which exceptions were about nothing.
 * The ground truth of the simulated company says what happened; the exceptions say what was seen.
 */

import { sources } from '../../../server/simulated-company/company.ts';
import type { Truth, TruthKind } from '../../../server/simulated-company/ground-truth.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { Arrival, Episode, Played } from './play-company.ts';

/** Found later than this after the evidence, a fault counts as missed. */
export const FOUND_WITHIN_MS = 60_000;
const HOUR_MS = 3_600_000;
/** What a node is late with so long after it was slow comes from that. */
const SLOWED_UP_TO_MS = 12 * HOUR_MS;

export type Verdict = {
  truth: Truth;
  /** When what shows the fault had arrived; null when it never did, or is within what counts as right. */
  evidenceAt: number | null;
  /** Milliseconds from the evidence to the exception, negative when it was there before; null when none came. */
  foundAfterMs: number | null;
};

type Detector = {
  kinds: readonly string[];
  /** Whether an exception of these kinds is about this fault. */
  about(episode: Episode, truth: Truth): boolean;
  evidenceAt(truth: Truth, played: Played): number | null;
};

const skuOf = (truth: Truth) => truth.subject.split('|')[0]!;
const number = (truth: Truth, name: string) => truth.details[name] as number;

const arrivalOf = (
  { arrivals }: Played,
  subject: string,
  since: number,
  matches: (arrival: Arrival) => boolean,
): Arrival | undefined => arrivals.get(subject)?.find((one) => one.occurredAt >= since && matches(one));

const ofType = (type: Event['type']) => (arrival: Arrival) => arrival.type === type;

/** A count whose difference is within the tolerance of the item's class says that the record is right. */
function countThatShows(played: Played, truth: Truth, units: number): number | null {
  const first = arrivalOf(played, truth.subject, truth.at, ofType('stock.counted'));
  if (first === undefined) return null;
  const item = played.company.assortment.items.find(({ sku }) => sku === skuOf(truth))!;
  const tolerance = { A: 0.01, B: 0.03, C: 0.05 }[item.abc];
  const record = first.units - units;
  return Math.abs(units) <= tolerance * Math.abs(record) ? null : first.at;
}

/** KPIs of demand: what a shop that breaks, or is stormed, takes with it. */
const demandKpis: ReadonlySet<string> = new Set([
  'orders',
  'order-lines',
  'units',
  'revenue',
  'margin',
  'units-reserved',
]);
/** Fewer orders than this that did not come are within what chance does; a surge of fewer is none. */
const ORDERS_THAT_SHOW = 8;
const isDown = ({ value, expected }: { value: number; expected: number }): boolean => value < expected;

const sameSubject = (episode: Episode, truth: Truth) => episode.subject === truth.subject;

export const detectors: { [K in TruthKind]?: Detector } = {
  oversell: {
    kinds: ['oversold'],
    about: (episode, truth) => episode.subject === skuOf(truth),
    evidenceAt: (truth, played) =>
      arrivalOf(played, truth.details['order'] as string, truth.at, ofType('order.placed'))?.at ?? null,
  },
  miscount: {
    kinds: ['count-variance'],
    about: sameSubject,
    evidenceAt: (truth, played) => countThatShows(played, truth, number(truth, 'error')),
  },
  shrinkage: {
    kinds: ['count-variance'],
    about: sameSubject,
    evidenceAt: (truth, played) => countThatShows(played, truth, -number(truth, 'units')),
  },
  'reservation-leak': {
    kinds: ['reservation-leak'],
    about: sameSubject,
    evidenceAt: (truth, played) => arrivalOf(played, truth.subject, truth.at, ofType('stock.adjusted'))?.at ?? null,
  },
  'channel-drift': {
    kinds: ['channel-drift'],
    about: sameSubject,
    evidenceAt: (truth, played) => {
      const channel = Object.entries(sources).find(
        ([, plan]) => 'channel' in plan && plan.channel === truth.details['channel'],
      );
      const says = ofType('stock.asserted');
      return arrivalOf(played, truth.subject, truth.at, (one) => one.source === channel?.[0] && says(one))?.at ?? null;
    },
  },
  'source-silent': {
    kinds: ['source-silent'],
    about: sameSubject,
    evidenceAt: (truth) => truth.detectableAt,
  },
  'node-behind': {
    kinds: ['node-over-capacity', 'pick-delayed', 'node-impaired', 'ship-by-at-risk'],
    about: (episode, truth) => episode.subject.split('|').includes(truth.subject) && episode.openedAt >= truth.at,
    // A slow node that keeps its promises all the same has shown nothing; the first one it missed has.
    evidenceAt: (truth, { truth: all }) => {
      const missed = all
        .filter(({ kind, details }) => kind === 'late-dispatch' && details['node'] === truth.subject)
        .map(({ detectableAt }) => detectableAt!)
        .filter((shipBy) => shipBy > truth.at && shipBy < number(truth, 'until') + SLOWED_UP_TO_MS);
      return missed.length === 0 ? null : Math.min(...missed);
    },
  },
  'checkout-broken': {
    kinds: ['kpi-anomaly'],
    about: ({ anomaly }, truth) =>
      anomaly !== undefined &&
      demandKpis.has(anomaly.kpi) &&
      isDown(anomaly) &&
      (anomaly.channel === truth.subject || isOfWhole(anomaly)) &&
      anomaly.at <= number(truth, 'until') + HOUR_MS,
    evidenceAt: (truth, { ordersPrevented }) =>
      (ordersPrevented.get(truth) ?? 0) >= ORDERS_THAT_SHOW ? truth.at : null,
  },
  'order-surge': {
    kinds: ['kpi-anomaly'],
    about: ({ anomaly }, truth) =>
      anomaly !== undefined &&
      demandKpis.has(anomaly.kpi) &&
      !isDown(anomaly) &&
      (anomaly.sku === truth.subject || anomaly.channel === truth.details['channel'] || isOfWhole(anomaly)) &&
      anomaly.at <= number(truth, 'until') + HOUR_MS,
    evidenceAt: (truth) => (number(truth, 'extraOrdersWanted') >= ORDERS_THAT_SHOW ? truth.at : null),
  },
  'late-dispatch': {
    kinds: ['ship-by-at-risk'],
    about: (episode, truth) => episode.subject === `${truth.details['node']}|${truth.detectableAt}`,
    evidenceAt: (truth) => truth.detectableAt,
  },
};

const isOfWhole = ({ channel, node, sku, source }: NonNullable<Episode['anomaly']>): boolean =>
  [channel, node, sku, source].every((part) => part === undefined);

export function verdictsOf(played: Played): Verdict[] {
  const byKind = Map.groupBy(played.episodes, ({ kind }) => kind);
  return played.truth.flatMap((truth): Verdict[] => {
    const detector = detectors[truth.kind];
    if (detector === undefined) return [];
    // Who does not watch figures cannot see what only they show.
    if (played.cost === null && detector.kinds.every((kind) => kind === 'kpi-anomaly')) return [];
    const evidenceAt = detector.evidenceAt(truth, played);
    // Near the end nobody would have had the time.
    if (evidenceAt !== null && evidenceAt > played.until - FOUND_WITHIN_MS) return [];
    const over = evidenceAt === null ? 0 : evidenceAt + 6 * HOUR_MS;
    const found = detector.kinds
      .flatMap((kind) => byKind.get(kind) ?? [])
      .filter((episode) => detector.about(episode, truth) && evidenceAt !== null)
      .filter(({ openedAt, closedAt }) => openedAt <= over && closedAt >= Math.min(truth.at, evidenceAt!))
      // A figure that was out before the fault was out for another reason.
      .filter(({ kind, openedAt }) => kind !== 'kpi-anomaly' || openedAt >= truth.at)
      .map(({ openedAt }) => openedAt - evidenceAt!);
    return [{ truth, evidenceAt, foundAfterMs: found.length === 0 ? null : Math.min(...found) }];
  });
}

/** Kinds that only claim what the ground truth can confirm. Others state facts of the record or what is to be expected. */
const claims: Record<string, readonly TruthKind[]> = {
  oversold: ['oversell', 'shrinkage', 'miscount', 'source-silent'],
  'order-unallocated': ['oversell', 'shrinkage', 'miscount'],
  'negative-stock': ['oversell', 'shrinkage', 'miscount', 'short-pick', 'source-silent'],
  'count-variance': ['shrinkage', 'miscount', 'short-pick'],
  // An oversell begins with a channel that states more than there is; a silent source leaves our own figures behind.
  'channel-drift': ['channel-drift', 'oversell', 'shrinkage', 'miscount', 'source-silent'],
  'reservation-leak': ['reservation-leak'],
  'source-silent': ['source-silent'],
  'volume-abnormal': ['source-silent', 'order-surge', 'checkout-broken', 'promotion'],
  'kpi-anomaly': ['checkout-broken', 'order-surge', 'promotion', 'source-silent', 'node-behind', 'oversell'],
  'node-over-capacity': ['node-behind', 'late-dispatch'],
  'pick-delayed': ['node-behind', 'late-dispatch'],
  'ship-by-at-risk': ['late-dispatch'],
  'dispatch-unconfirmed': ['late-dispatch', 'node-behind'],
  'confidence-low': ['shrinkage', 'miscount', 'short-pick'],
  'clock-skew': [],
  'unknown-values': [],
  'parked-too-long': ['source-silent', 'late-delivery'],
};
/** A fault explains what opens from its beginning until this long after it could be known. */
const EXPLAINS_MS = 30 * HOUR_MS;
/** A silent source has told everything it held back by then. */
const CAUGHT_UP_MS = HOUR_MS / 2;

/** Whether what an exception claims has happened; null where its kind claims nothing that the ground truth could confirm. */
export function isTrueOf({ truth, until }: Pick<Played, 'truth' | 'until'>): (episode: Episode) => boolean | null {
  const byKind = Map.groupBy(truth, ({ kind }) => kind);
  return (episode) => {
    const causes = claims[episode.kind];
    // A promise whose moment had not come when it was looked was neither kept nor missed.
    if (causes === undefined || (episode.kind === 'ship-by-at-risk' && episode.deadline > until)) return null;
    return causes.some((cause) => byKind.get(cause)?.some((entry) => explains(entry, episode)) ?? false);
  };
}

/** Exceptions that claim something which did not happen. */
export function falseAlarmsOf(played: Played): Episode[] {
  const isTrue = isTrueOf(played);
  return played.episodes.filter((episode) => isTrue(episode) === false);
}

function explains(truth: Truth, episode: Episode): boolean {
  const from = Math.min(truth.at, truth.detectableAt ?? truth.at) - 4 * HOUR_MS;
  const to = (truth.detectableAt ?? truth.at) + EXPLAINS_MS;
  if (episode.openedAt < from || episode.openedAt > to) return false;
  if (episode.anomaly !== undefined) return explainsAnomaly(truth, episode.anomaly, episode.openedAt);
  const parts = episode.subject.split('|');
  const { node, channel } = truth.details as { node?: string; channel?: string };
  if (truth.kind === 'late-dispatch') {
    // A warning about one promise is right only when that promise was missed.
    if (episode.kind === 'ship-by-at-risk') return episode.subject === `${node}|${truth.detectableAt}`;
    return parts.includes(node!);
  }
  // Whatever depends on a source that is silent, or has just caught up, is inhibited by that for whoever looks.
  if (truth.kind === 'source-silent' && episode.kind !== 'source-silent' && episode.kind !== 'volume-abnormal')
    return episode.openedAt >= truth.at && episode.openedAt <= (truth.details['until'] as number) + CAUGHT_UP_MS;
  if (episode.kind === 'volume-abnormal') return volumeOf(truth, channel) === episode.subject;
  if (episode.kind === 'oversold' || episode.kind === 'order-unallocated') return parts[0] === skuOf(truth);
  return parts.includes(truth.subject) || episode.subject === truth.subject;
}

/** What a fault leaves in figures is over so long after it. */
const ECHO_MS = 2 * HOUR_MS;

function explainsAnomaly(truth: Truth, anomaly: NonNullable<Episode['anomaly']>, openedAt: number): boolean {
  const until = (truth.details['until'] as number | undefined) ?? truth.at;
  if (openedAt < truth.at || openedAt > until + Math.max(ECHO_MS, 60_000 * (anomaly.minutes ?? 0))) return false;
  const { kpi, channel, node, sku } = anomaly;
  const whole = isOfWhole(anomaly);
  switch (truth.kind) {
    case 'checkout-broken':
      return isDown(anomaly) && (whole || channel === truth.subject || node !== undefined);
    case 'order-surge':
      return whole || sku === truth.subject || channel === truth.details['channel'] || node !== undefined;
    case 'promotion':
      return true;
    case 'source-silent': {
      const plan = sources[truth.subject as keyof typeof sources] as { channel?: string; node?: string };
      // Figures that do not come are exactly what it says, of whatever they are made.
      if (whole || anomaly.what === 'missing') return true;
      return (channel !== undefined && plan.channel === channel) || (node !== undefined && plan.node === node);
    }
    case 'node-behind':
      // Orders come as before; what the node does, falls behind.
      return !demandKpis.has(kpi) && (whole || node === truth.subject || channel !== undefined);
    case 'oversell':
      return sku === skuOf(truth) || /cancel|backorder|short|fill/.test(kpi);
    default:
      return false;
  }
}

const volumeOf = (truth: Truth, channel: string | undefined): string => {
  if (truth.kind === 'source-silent') return truth.subject;
  const of = truth.kind === 'checkout-broken' ? truth.subject : channel;
  return Object.entries(sources).find(([, plan]) => 'channel' in plan && plan.channel === of)?.[0] ?? '';
};
