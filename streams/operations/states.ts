/** What we know: the shape of every kind of state. Times are epoch ms, quantities base units, money minor units. */

import type { Event, EventOf } from '../events/index.ts';
import type { PolicyBody, PolicyKind } from '../events/policies.ts';
import type { Assertion, Evidence, SourceDrift } from './accuracy/accuracy-state.ts';
import type { Slots } from './accuracy/as-of.ts';
import type { Calibration } from './accuracy/calibration-state.ts';
import type { NodeSkus, Snapshot, SnapshotFeed } from './accuracy/snapshot-state.ts';
import type { ActionRecord } from './actions/action-state.ts';
import type { LogPage, Recipient, SentInstruction } from './actions/instruction-state.ts';
import type { Awaited, OpenException } from './exception-state.ts';
import type { KpiDecisions } from './kpis/kpi-state.ts';
import type { Impairment } from './nodes/impairment-state.ts';
import type { NodeLoad } from './nodes/node-load-state.ts';
import type { Reroute, RerouteMoves } from './nodes/reroute-state.ts';
import type { Cohort, Overdue } from './orders/cohort-state.ts';
import type { Order } from './orders/order-state.ts';
import type { PredictionRecord } from './predictions/prediction-record-state.ts';
import type { Inbound } from './purchasing/inbound-state.ts';
import type { PurchaseOrder, SupplierRecord } from './purchasing/purchase-order-state.ts';
import type { Availability } from './reservations/availability-state.ts';
import type { Reservation } from './reservations/reservation-state.ts';
import type { SourceQuality, UnknownValues, VolumeProfile } from './sources/source-quality-state.ts';
import type { Correctable } from './stock/correction-state.ts';
import type { Cost } from './stock/cost-state.ts';
import type { Lots } from './stock/lots-state.ts';
import type { Return } from './stock/return-state.ts';
import type { StockReview } from './stock/stock-review-state.ts';
import type { Transfer } from './stock/transfer-state.ts';

export type { FirstPromise, FromCart, Order, OrderLine } from './orders/order-state.ts';
export type { OpenException };

/** What was decided about one kind of decision. Until something was, the defaults of its schema hold. */
export type Policy = { policy: PolicyKind; body: PolicyBody; version: number; definedAt: number; by: string };
export type Workspace = EventOf<'workspace.configured'>['data'] & {
  definedAt: number;
  version: number;
  /** The newest business time that sources on the events' clock have reached. */
  watermark: number;
};
export type Item = EventOf<'item.defined'>['data'] & { definedAt: number; version: number };
export type Node = EventOf<'node.defined'>['data'] & { definedAt: number; version: number };
export type Channel = EventOf<'channel.defined'>['data'] & { definedAt: number; version: number };
/** Something planned that changes figures for a time. */
export type CalendarEntry = EventOf<'calendar.planned'>['data'] & {
  definedAt: number;
  version: number;
  withdrawn: boolean;
};

export type Source = SourceQuality & {
  source: string;
  name: string;
  kind: EventOf<'source.defined'>['data']['kind'];
  channel: string;
  node: string;
  silentAfterMinutes: number;
  riskPerMinute: number;
  definedAt: number;
  version: number;
  events: number;
  firstReceivedAt: number;
  lastReceivedAt: number;
  lastOccurredAt: number;
  /** The newest business time seen. */
  watermark: number;
  /** Due time of the deadline that would call it silent; 0 when none is set. */
  silentDue: number;
  silentSince: number;
  deadLetters: number;
  /** Orders it has sent and what they are worth, to price its silence and its dead letters. */
  orders: number;
  orderAmount: number;
  firstOccurredAt: number;
  openExceptions: string[];
};

/** One SKU at one node. */
export type Stock = {
  sku: string;
  node: string;
  sellable: number;
  allocated: number;
  quarantined: number;
  damaged: number;
  'return-pending': number;
  'in-transit': number;
  /** The sum of the open reservations here. `allocated` is the same number unless something leaked. */
  reserved: number;
  /** The newest event that changed `allocated` and no reservation; null when there was none. */
  leakedBy: { source: string; id: string; type: string; at: number } | null;
  /** Units that orders took, less what they gave back, as [day since 1970 in UTC, units], newest 15 days. */
  demand: [number, number][];
  firstMovementAt: number;
  lastMovementAt: number;
  /** When its sellable units or all on hand were last counted, and the largest variance that its newest counts found. */
  lastCountAt: number;
  countVariance: number;
  recent: Slots;
  assertions: Assertion[];
  evidence: Evidence;
  openExceptions: string[];
};

/** The outside of the company for one SKU, and the demand nobody can serve yet. With its nodes it adds up to zero. */
export type Ledger = {
  sku: string;
  supplier: number;
  customer: number;
  loss: number;
  unknown: number;
  nodes: string[];
  /** Order lines waiting for stock, in the order in which they are served: by rank, then by age. */
  waiting: Waiting[];
  /** The sum of what waits. */
  waitingUnits: number;
  /** Of these, the units of pre-orders. */
  preorderUnits: number;
  /** When the next line that waits will have waited too long; 0 when none is watched. */
  waitingDue: number;
  /** Lines of orders placed up to then have waited too long. */
  overdueUpTo: number;
  cost: Cost;
  /** Null while nothing of it is on hand. */
  review: StockReview | null;
  openExceptions: string[];
};
export type Waiting = { order: string; line: string; quantity: number; rank: number; since: number; preorder?: true };

/** The open orders that one node has promised to ship by one moment. It exists while there are any. */
export type Wave = {
  /** The source whose clock tells when its time has come. */
  source: string;
  node: string;
  shipBy: number;
  orders: number;
  /** Orders that left it because they were shipped whole; absent before the first. */
  shipped?: number;
  /** Sales value less cost of the units still open. */
  margin: number;
  /** Open orders per channel. */
  channels: Record<string, number>;
  atRisk: boolean;
  late: boolean;
  openExceptions: string[];
};

/** Events that came before the order they speak of. */
export type Parked = {
  order: string;
  source: string;
  since: number;
  events: Event[];
  overdue: boolean;
  openExceptions: string[];
};

/** Open work of one channel at one node. `lines` counts open lines by the quarter of an hour in which their order was placed. */
export type Backlog = {
  channel: string;
  node: string;
  orders: number;
  heldOrders: number;
  lines: Record<string, number>;
  /** Lines and units that wait for stock, and what they are worth per currency. It exists while there are any. */
  backordered?: Backordered;
};
export type Backordered = { lines: number; units: number; amounts: Record<string, number> };
export type Totals = {
  node: string;
  onHand: number;
  value: number;
  records: number;
  shortRecords: number;
  /** The sum of what its records have left to promise, below zero included. */
  atp: number;
};

/** KPI measures of one channel and node over one minute, hour or day. */
export type Bucket = Record<string, number>;
/** The `channel|node` pairs that have minute buckets within one hour. */
export type BucketIndex = { pairs: string[] };
export type Counter = { last: number };

export type States = {
  workspace: Workspace;
  policy: Policy;
  kpi: KpiDecisions;
  item: Item;
  node: Node;
  channel: Channel;
  calendar: CalendarEntry;
  source: Source;
  stock: Stock;
  reservation: Reservation;
  inbound: Inbound;
  'purchase-order': PurchaseOrder;
  'supplier-record': SupplierRecord;
  'prediction-record': PredictionRecord;
  availability: Availability;
  drift: SourceDrift;
  calibration: Calibration;
  snapshot: Snapshot;
  'snapshot-feed': SnapshotFeed;
  'node-skus': NodeSkus;
  ledger: Ledger;
  lots: Lots;
  transfer: Transfer;
  correctable: Correctable;
  return: Return;
  order: Order;
  cohort: Cohort;
  overdue: Overdue;
  wave: Wave;
  'node-load': NodeLoad;
  impairment: Impairment;
  reroute: Reroute;
  'reroute-moves': RerouteMoves;
  parked: Parked;
  exception: OpenException;
  awaited: Awaited;
  volume: VolumeProfile;
  'unknown-values': UnknownValues;
  backlog: Backlog;
  totals: Totals;
  bucket: Bucket;
  'bucket-index': BucketIndex;
  counter: Counter;
  action: ActionRecord;
  instruction: SentInstruction;
  recipient: Recipient;
  'log-page': LogPage;
};

export const ids = {
  stock: (sku: string, node: string) => `${sku}|${node}`,
  backlog: (channel: string, node: string) => `${channel}|${node}`,
  availability: (sku: string, channel: string) => `${sku}|${channel}`,
  wave: (node: string, shipBy: number) => `${node}|${shipBy}`,
  rerouteMoves: (reroute: string, page: number) => `${reroute}|${page}`,
  bucket: (grain: string, start: number, channel: string, node: string) => `${grain}|${start}|${channel}|${node}`,
  exception: (kind: string, subject: string) => `${kind}:${subject}`,
  correctable: (source: string, event: string) => `${source}|${event}`,
  workspace: 'self',
  awaited: 'self',
  company: 'company',
  calibration: (node: string) => `node|${node}`,
  snapshotFeed: (source: string, node: string, measure: string) => `${source}|${node}|${measure}`,
} as const;
