/** The simulated company, folded in memory as it would arrive; from a moment on also as it would be under other policies. */
import { channels, companyCurrency, companyTimeZone } from '../../../server/simulated-company/company.ts';
import type { Truth } from '../../../server/simulated-company/ground-truth.ts';
import { startCompany } from '../../../server/simulated-company/simulate-company.ts';
import type { CompanyOptions } from '../../../server/simulated-company/world.ts';
import { understandCloudEvent } from '../../../streams/events/envelope.ts';
import type { Event } from '../../../streams/events/index.ts';
import type { PolicyBody } from '../../../streams/events/policies.ts';
import type { World } from '../../support/world.ts';
import { type CompanyFold, type Episode, openFold, ours } from './fold-company.ts';

export { createDeadlines } from './deadlines.ts';
export type { Episode };

const DAY_MS = 86_400_000;

/** What of an event may be evidence. */
export type Arrival = {
  at: number;
  type: Event['type'];
  source: string;
  occurredAt: number;
  subject: string;
  units: number;
};

export type Played = {
  truth: readonly Truth[];
  episodes: readonly Episode[];
  /** What came in, of the kinds that can be evidence, by what it is about (an order, `sku|node`), in the order of arrival. */
  arrivals: ReadonlyMap<string, Arrival[]>;
  /** Orders that would have been placed while a checkout was broken. */
  ordersPrevented: ReadonlyMap<Truth, number>;
  /** Null: no KPI series was watched. */
  cost: { series: number; points: number; microsecondsPerPoint: number } | null;
  world: World;
  company: ReturnType<typeof startCompany>['world'];
  events: number;
  from: number;
  until: number;
};

const evidence: ReadonlySet<Event['type']> = new Set<Event['type']>([
  'stock.counted',
  'stock.asserted',
  'stock.adjusted',
  'order.placed',
]);

export type Policies = { exceptions?: PolicyBody<'exceptions'>; signals?: PolicyBody<'signals'> };
export type PlayOptions = CompanyOptions & {
  /** Judges KPI series as well. */
  signals?: boolean;
  /** Promotions are entered into the calendar when they begin. */
  calendar?: boolean;
  /** After so many days somebody looks back and decides; from there on it is played both ways. */
  branch?: { afterDays: number; decide(sofar: Played): Policies };
};

/** @param days how long it is watched */
export function playCompany(options: PlayOptions, days: number): Played {
  return playBoth(options, days)[0];
}

/** @returns as it was, and as it would have been where there is a branch */
export function playBoth(
  { signals = false, calendar = false, branch, ...options }: PlayOptions,
  days: number,
): [Played, Played | null] {
  const { from } = options;
  const until = from + days * DAY_MS;
  const branchAt = branch === undefined ? Number.POSITIVE_INFINITY : from + branch.afterDays * DAY_MS;
  const truth: Truth[] = [];
  const ordersPrevented = new Map<Truth, number>();
  const planned: Event[] = [];
  const onTruth = (entry: Truth): void => {
    truth.push(entry);
    if (entry.kind === 'checkout-broken') ordersPrevented.set(entry, ordersIn(entry));
    if (calendar && entry.kind === 'promotion') planned.push(promotionOf(entry));
  };
  const { world: company, nextDelivery } = startCompany({ ...options, onTruth });
  const arrivals = new Map<string, Arrival[]>();
  const isNew = createDedupe();
  const asItWas = openFold(signals ? { timeZone: companyTimeZone, currency: companyCurrency, from } : null);
  let tried: CompanyFold | null = null;
  let folds: CompanyFold[] = [asItWas];

  function ordersIn({ subject, at, details }: Truth): number {
    const channel = channels.findIndex(({ id }) => id === subject);
    const perHour = company.demand.ordersInHour(channel, company.channelTime[channel]!, at);
    return (perHour * ((details['until'] as number) - at)) / 3_600_000;
  }

  const played = (fold: CompanyFold, to: number): Played => {
    const { world, episodes } = fold;
    const common = { truth, ordersPrevented, arrivals, company, from, until: to };
    return { ...common, world, episodes, events: fold.events(), cost: fold.cost() };
  };

  function decideAt(at: number): void {
    for (const fold of folds) fold.pass(at);
    const policies = branch!.decide(played(asItWas, at));
    tried = asItWas.branch();
    folds = [asItWas, tried];
    if (policies.exceptions !== undefined) tried.decide('exceptions', policies.exceptions, at);
    if (policies.signals !== undefined) tried.decide('signals', policies.signals, at);
  }

  for (;;) {
    const { deliverAt, event: raw } = nextDelivery();
    const now = Math.min(deliverAt, until);
    if (tried === null && branchAt <= now) decideAt(branchAt);
    for (const fold of folds) fold.pass(now);
    if (deliverAt >= until) break;
    for (const event of planned.splice(0)) for (const fold of folds) fold.apply(event, deliverAt);
    const understood = understandCloudEvent(raw, deliverAt);
    if ('problem' in understood) throw new Error(`${raw.type}: ${understood.problem}`);
    const { event } = understood;
    if (!isNew(event, deliverAt)) continue;
    for (const fold of folds) fold.apply(event, deliverAt);
    if (!evidence.has(event.type)) continue;
    const arrival = arrivalOf(event, deliverAt);
    const known = arrivals.get(arrival.subject);
    if (known === undefined) arrivals.set(arrival.subject, [arrival]);
    else known.push(arrival);
  }
  return [played(asItWas, until), tried === null ? null : played(tried, until)];
}

/** A company that enters its promotions into the calendar when they begin. */
function promotionOf({ subject, at, details }: Truth): Event {
  const { name, category, until } = details as { name: string; category: string; until: number };
  const data = { entry: subject, kind: 'promotion', name, from: at, to: until, category };
  return ours(`planned-${subject}`, 'calendar.planned', at, data);
}

function arrivalOf({ type, source, occurredAt, data }: Event, at: number): Arrival {
  const { order, sku, node, quantity = 0 } = data as { order?: string; sku?: string; node?: string; quantity?: number };
  return { at, type, source, occurredAt, subject: order ?? `${sku}|${node}`, units: quantity };
}

/** Repeats come within two days; what is older need not be remembered. */
function createDedupe() {
  let newer = new Set<string>();
  let older = new Set<string>();
  let since = 0;
  return ({ source, id }: Event, now: number): boolean => {
    if (now - since > 2 * DAY_MS) {
      older = newer;
      newer = new Set();
      since = now;
    }
    const name = `${source}|${id}`;
    if (newer.has(name) || older.has(name)) return false;
    newer.add(name);
    return true;
  };
}
