/** Fulfilment: what is open by node and cut-off, the waves it is worked off in, and what is held. */
import { z } from 'zod';
import { dueWords, orderStatuses } from '../../../streams/events/order-statuses.ts';
import { ordersFilter } from './orders.ts';

const time = z.int(); // epoch milliseconds, UTC

/** Open orders of one node that are due then. */
export const backlogCell = z.object({
  due: z.enum(dueWords),
  orders: z.int(),
  lines: z.int(),
  units: z.int(),
  /** Due within two hours and not packed. */
  atRisk: z.int(),
  firstDue: time.nullable(),
  /** Orders by where they stand. */
  stages: z.partialRecord(z.enum(orderStatuses), z.int()),
});
export type BacklogCell = z.infer<typeof backlogCell>;

export const backlogView = z.object({
  asOf: time,
  /** Open orders as live state counts them; history, which the cells come from, may be a moment behind. */
  openOrders: z.int(),
  nodes: z.array(
    z.object({
      node: z.string(),
      name: z.string(),
      timeZone: z.string(),
      /** Orders closed per minute lately; 0 while nobody works. */
      pacePerMinute: z.number(),
      /** When it is through with its next cut-off at that pace, and when that is. */
      clearsAt: time.nullable(),
      dueAt: time.nullable(),
      cells: z.array(backlogCell),
    }),
  ),
});
export type BacklogView = z.infer<typeof backlogView>;

export const wavesQuery = z.object({ node: z.string().max(200).optional() });
/** Counts are orders, but for `lines`. */
export const releasedWave = z.object({
  wave: z.string(),
  node: z.string(),
  at: time,
  cutOff: time.nullable(),
  by: z.string(),
  orders: z.int(),
  lines: z.int(),
  waiting: z.int(),
  released: z.int(),
  picking: z.int(),
  packed: z.int(),
  done: z.int(),
  /** When it is through at the pace of its node; null when that is not known or nothing is left. */
  endsAt: time.nullable(),
});
export type ReleasedWave = z.infer<typeof releasedWave>;
export const wavesAnswer = z.object({ asOf: time, from: time, items: z.array(releasedWave) });
export type WavesAnswer = z.infer<typeof wavesAnswer>;

/** Orders on hold for one reason; an order with two reasons counts in both. */
export const heldGroup = z.object({
  hold: z.string(),
  orders: z.int(),
  units: z.int(),
  /** What they are worth, in minor units. */
  amount: z.int(),
  currency: z.string(),
  oldestSince: time,
  /** Held so long that somebody was told. */
  aged: z.int(),
  /** Orders by how long they have been held: under an hour, four hours, a day, three days, and longer. */
  ages: z.array(z.int()),
  /** Orders whose promise has passed. */
  late: z.int(),
});
export type HeldGroup = z.infer<typeof heldGroup>;
export const holdsAnswer = z.object({
  asOf: time,
  orders: z.int(),
  /** More are held than were looked at. */
  truncated: z.boolean(),
  items: z.array(heldGroup),
});
export type HoldsAnswer = z.infer<typeof holdsAnswer>;

export const orderCountsQuery = ordersFilter.omit({ status: true });
export const orderCounts = z.object({
  orders: z.int(),
  open: z.int(),
  statuses: z.array(z.object({ status: z.enum(orderStatuses), orders: z.int(), openUnits: z.int() })),
});
export type OrderCounts = z.infer<typeof orderCounts>;
