/** Nodes: what they can do and have to do, the waves they are given, what impairs them, and how work is moved elsewhere. */
import { z } from 'zod';
import { orderStatuses } from '../../../streams/events/order-statuses.ts';
import { nodeCard, shipStory } from '../../live/contract.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const nodeName = z.string().min(1).max(200);
const timeAsked = z.union([z.int().min(0), z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))]);

const wave = z.object({ wave: z.string(), at: time, cutOff: time.nullable(), orders: z.int(), lines: z.int() });

/** Counts are order lines unless said. */
export const nodeRow = z.object({
  node: z.string(),
  name: z.string(),
  kind: z.string().nullable(),
  active: z.boolean(),
  isOpen: z.boolean(),
  /** By when an order must be there to leave that day, and the end of that day; null when the node has no working day ahead. */
  nextCutOff: time.nullable(),
  endsAt: time.nullable(),
  /** What is left of its capacity: 1 unless it is impaired. */
  capacityShare: z.number(),
  impairment: z.string().nullable(),
  /** What it can do by closing that day, what is due until midnight there, and what is free. Null: nobody has told its pace. */
  possible: z.int().nullable(),
  due: z.int(),
  free: z.int().nullable(),
  /** Lines it was told to pick and has not picked yet, and all that is open. */
  inWork: z.int(),
  openLines: z.int(),
  openOrders: z.int(),
  lastWave: wave.nullable(),
});
export type NodeRow = z.infer<typeof nodeRow>;
export const nodesPage = page(nodeRow);

export const nodeView = nodeRow.extend({
  asOf: time,
  timeZone: z.string().nullable(),
  /** Its working days ahead. */
  days: z.array(z.object({ opensAt: time, closesAt: time, cutOff: time, possible: z.int().nullable(), due: z.int() })),
  /** Open work by the hour in which it is due; margin in minor units. */
  hours: z.array(
    z.object({
      from: time,
      lines: z.int(),
      inWork: z.int(),
      orders: z.int(),
      margin: z.int().optional(),
      channels: z.record(z.string(), z.int()),
    }),
  ),
});
export type NodeView = z.infer<typeof nodeView>;

/** A node as the walls show it, with the orders it closed per minute lately; 0 while nobody works. */
export const nodeStanding = nodeCard.extend({ perMinute: z.number() });
export type NodeStanding = z.infer<typeof nodeStanding>;
export const nodeStandings = z.object({ asOf: time, items: z.array(nodeStanding) });
export type NodeStandings = z.infer<typeof nodeStandings>;

/** How it stands against its next cut-off; `story` as on the wall. */
export const nodePace = z.object({
  card: nodeCard.nullable(),
  story: shipStory,
  /** Orders closed per minute lately; 0 while nobody works. */
  perMinute: z.number(),
  stock: z.object({ records: z.int(), shortRecords: z.int(), onHand: z.int() }),
});
export type NodePaceView = z.infer<typeof nodePace>;

export const waveProposal = z.object({
  node: z.string(),
  asOf: time,
  orders: z.array(z.string()),
  lines: z.int(),
  room: z.int(),
  cutOff: time.nullable(),
  /** Why there is no wave, or why it ends where it does. */
  ends: z.string(),
  noRoom: z.int(),
  tooEarly: z.int(),
  /** Orders that cannot begin, by reason. */
  left: z.record(z.string(), z.int()),
});
export type WaveProposal = z.infer<typeof waveProposal>;
export const waveRequest = z.object({
  /** The same wave asked for twice is released once. */
  wave: nodeName,
  /** Without orders, those of the proposal. */
  orders: z.array(nodeName).min(1).max(500).optional(),
});
export const waveAnswer = z.object({ wave: z.string(), orders: z.int(), applied: z.boolean() });
export type WaveAnswer = z.infer<typeof waveAnswer>;

export const impairmentRequest = z.object({
  impairment: nodeName.optional(),
  capacityShare: z.number().min(0).max(1).default(0),
  from: timeAsked.optional(),
  expectedUntil: timeAsked.optional(),
  reason: z.string().max(2_000).default(''),
});
export const recoveryRequest = z.object({ note: z.string().max(2_000).optional() });

const affected = z.object({ orders: z.int(), lines: z.int(), margin: z.int().optional(), penalty: z.int() });
export const rerouteStatuses = [
  'proposed',
  'approved',
  'done',
  'rejected',
  'superseded',
  'expired',
  'stopped',
] as const;

export const rerouteView = z.object({
  reroute: z.string(),
  node: z.string(),
  impairment: z.string().nullable(),
  status: z.enum(rerouteStatuses),
  /** Orders to move, those that did, and those that could not any more. */
  orders: z.int(),
  done: z.int(),
  failed: z.int(),
  linesMoved: z.int(),
  failures: z.array(z.object({ order: z.string(), reason: z.string() })),
  /** Orders that leave in time because of it, and what being late with them would have cost. */
  saved: z.object({ orders: z.int(), lines: z.int(), amount: z.int() }),
  late: z.object({ orders: z.int(), lines: z.int(), amount: z.int(), reasons: z.record(z.string(), z.int()) }),
  kept: z.object({ orders: z.int(), lines: z.int() }),
  extraShipments: z.int(),
  extraCost: z.int(),
  proposedAt: time,
  proposedBy: z.string(),
  decidedAt: time.nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string(),
  finishedAt: time.nullable(),
});
export type RerouteView = z.infer<typeof rerouteView>;
export const reroutesQuery = pageQuery.extend({
  node: nodeName.optional(),
  status: z.enum(rerouteStatuses).optional(),
});
export const reroutesPage = page(rerouteView);
export const rerouteMovesPage = page(
  z.object({
    order: z.string(),
    parts: z.array(z.object({ toNode: z.string(), lines: z.array(z.object({ line: z.string(), quantity: z.int() })) })),
  }),
);
export const rejection = z.object({ reason: z.string().max(2_000).optional() });

export const impairmentRow = z.object({
  impairment: z.string(),
  node: z.string(),
  capacityShare: z.number(),
  from: time,
  expectedUntil: time.nullable(),
  reason: z.string(),
  by: z.string(),
  reportedAt: time,
  overdue: z.boolean(),
  endedAt: time.nullable(),
  /** Open work that is due while it lasts: when first reported, and when last counted. */
  atStart: affected,
  current: affected.extend({ at: time, until: time, possible: z.int() }),
  moved: z.object({ orders: z.int(), lines: z.int() }),
});
export const impairmentView = impairmentRow.extend({
  /** What became of the lines that were due: moved elsewhere, worked off or called off, still there, and too many to do. */
  progress: z.object({ atStart: z.int(), moved: z.int(), open: z.int(), possible: z.int(), late: z.int() }),
  reroutes: z.array(rerouteView),
});
export type ImpairmentView = z.infer<typeof impairmentView>;
export const impairmentsQuery = pageQuery.extend({
  node: nodeName.optional(),
  /** Only those that last, or only those that are over. */
  open: z.stringbool().optional(),
});
export const impairmentsPage = page(impairmentRow);
export type ImpairmentRow = z.infer<typeof impairmentRow>;

/** What an impairment puts at risk, one order at a time. */
export const affectedOrder = z.object({
  order: z.string(),
  channel: z.string(),
  node: z.string(),
  status: z.enum(orderStatuses),
  units: z.int(),
  openUnits: z.int(),
  amount: z.int(),
  currency: z.string(),
  placedAt: time,
  shipBy: time.nullable(),
  deliverBy: time.nullable(),
  /** Lines the node has to pick of it. */
  lines: z.int(),
});
export const affectedOrdersPage = page(affectedOrder);

/** A purchase order or a transfer that is to arrive at the node, or to leave it, while it is impaired. */
export const affectedInbound = z.object({
  kind: z.enum(['purchase-order', 'transfer-in', 'transfer-out']),
  ref: z.string(),
  other: z.string(),
  expectedAt: time.nullable(),
  skus: z.int(),
  units: z.int(),
});
export const affectedInboundPage = page(affectedInbound);
