/** The event catalog: every type Tideline understands, its data, and the envelope it travels in. Loads in a browser. */
import type { z } from 'zod';
import { actionEvents } from './actions.ts';
import { assertionEvents } from './assertions.ts';
import { channelEvents } from './channels.ts';
import { exceptionEvents } from './exceptions.ts';
import { fulfilmentEvents } from './fulfilment.ts';
import { instructionEvents } from './instructions.ts';
import { itemEvents } from './items.ts';
import { kpiEvents } from './kpis.ts';
import { nodeEvents } from './nodes.ts';
import { orderEvents } from './orders.ts';
import { policyEvents } from './policies.ts';
import { purchaseOrderEvents } from './purchase-orders.ts';
import { rerouteEvents } from './reroutes.ts';
import { availabilityEvents, reservationEvents } from './reservations.ts';
import { returnEvents } from './returns.ts';
import { signalEvents } from './signals.ts';
import { snapshotEvents } from './snapshots.ts';
import { sourceEvents } from './sources.ts';
import { stockEvents } from './stock.ts';
import { transferEvents } from './transfers.ts';
import { waveEvents } from './waves.ts';
import { workspaceEvents } from './workspace.ts';

export const eventCatalog = {
  ...itemEvents,
  ...nodeEvents,
  ...channelEvents,
  ...sourceEvents,
  ...orderEvents,
  ...stockEvents,
  ...assertionEvents,
  ...snapshotEvents,
  ...transferEvents,
  ...fulfilmentEvents,
  ...returnEvents,
  ...reservationEvents,
  ...availabilityEvents,
  ...purchaseOrderEvents,
  ...actionEvents,
  ...instructionEvents,
  ...policyEvents,
  ...kpiEvents,
  ...waveEvents,
  ...rerouteEvents,
  ...workspaceEvents,
  ...exceptionEvents,
  ...signalEvents,
};

export type EventType = keyof typeof eventCatalog;
export type EventData<T extends EventType> = z.output<(typeof eventCatalog)[T]>;
/** What a producer may write: instants as ISO text, defaults left out. */
export type EventInput<T extends EventType> = z.input<(typeof eventCatalog)[T]>;

/** An event as it stands in the log. The three times are epoch milliseconds (UTC). */
export type EventOf<T extends EventType> = {
  id: string;
  source: string;
  type: T;
  occurredAt: number;
  observedAt: number;
  receivedAt: number;
  /** The id, within the same source, of the event that this one corrects. */
  corrects?: string;
  data: EventData<T>;
};
export type Event = { [T in EventType]: EventOf<T> }[EventType];

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventCatalog, type);
