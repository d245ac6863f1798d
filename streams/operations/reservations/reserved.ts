/** What a stock record knows of its reservations and of the demand behind them. Every part of it is a sum over events. */
import type { Draft } from '../draft.ts';
import type { Stock } from '../states.ts';

const DAY_MS = 86_400_000;
/** Days of demand kept per stock record. */
export const DEMAND_DAYS_MAX = 15;

type Change = { reserving?: boolean; at: number };

/**
 * Follows a change of the allocated bucket in a stock record that is just being made: with a reservation, the sum of
 * the reservations changes alike; without one, the event at hand has made a leak and is named.
 */
export function trackReserved(draft: Draft, fresh: Stock, { reserving, at }: Change, delta: number): void {
  if (reserving === true) {
    fresh.reserved += delta;
    return;
  }
  const { event } = draft;
  if (event === undefined || event.type === 'stock.leak-released') return;
  const cause = { source: event.source, id: event.id, type: event.type, at };
  if (fresh.leakedBy === null || isNewer(cause, fresh.leakedBy)) fresh.leakedBy = cause;
}

type Leak = NonNullable<Stock['leakedBy']>;

/** Of two at one moment the same one is named, whichever arrives first. */
const isNewer = (a: Leak, b: Leak): boolean =>
  a.at !== b.at ? a.at > b.at : a.source !== b.source ? a.source > b.source : a.id > b.id;

/** Units taken on the day of `at` are added; days more than two weeks older than the newest fall out. */
export function withDemand(demand: Stock['demand'], at: number, units: number): Stock['demand'] {
  const day = Math.floor(at / DAY_MS);
  const last = demand.length - 1;
  if (last >= 0 && demand[last]![0] === day) return demand.with(last, [day, demand[last]![1] + units]);
  const index = demand.findIndex(([known]) => known === day);
  if (index >= 0) return demand.with(index, [day, demand[index]![1] + units]);
  const newest = Math.max(day, demand[last]?.[0] ?? day);
  const kept = [...demand, [day, units] as [number, number]].filter(([known]) => known > newest - DEMAND_DAYS_MAX);
  return kept.sort(([a], [b]) => a - b);
}

/** Units that are allocated though no reservation asks for them; negative when reservations are not covered. */
export const leakOf = (stock: Stock): number => stock.allocated - stock.reserved;
