/**
 * THE FLOW: events in, what they do out. Pure: it reads no clock, no environment and no network, so the same log gives
 * the same states, byte for byte, however it is cut into batches.
 */
import type { Event } from '../events/index.ts';
import { judgeTouched } from '../exceptions/judge.ts';
import { addToBuckets } from '../operations/buckets.ts';
import { type DeadlineChange, Draft, Refused, type StateMaps, StateMissing } from '../operations/draft.ts';
import type { Effects, Increment, Transition } from '../operations/effects.ts';
import { serveWaiting } from '../operations/reservation.ts';
import { heardFrom } from '../operations/source.ts';
import type { Order } from '../operations/states.ts';
import { endWave } from '../operations/wave.ts';
import { applyEvent } from './apply-event.ts';
import type { StateKind } from './keys.ts';

/** What the KPI catalog wants counted, handed in so that the flow knows no KPI. */
export type Catalog = {
  /** Counts and sums to add for a step of an order. */
  measureStep(step: Transition): Increment[];
  /** Counts and sums to add for an event by itself. */
  measureEvent(event: Event): Increment[];
};

/** One event with its place in history and all it did. */
export type Fact = { seq: number; event: Event; effects: Effects; orders: Order[] };

export type Batch = {
  draft: Draft;
  facts: Fact[];
  /** Sequence of the last fact; sequences have no gaps. */
  seq: number;
};

export type Progress = { next: number; missing: { kind: StateKind; id: string } | null };
export type { DeadlineChange };

export const beginBatch = (states: StateMaps, seq: number): Batch => ({ draft: new Draft(states), facts: [], seq });

/**
 * Applies events from `from` on, until all are applied or a state is missing. Load that state and call again with `next`.
 */
export function processBatch(batch: Batch, events: Event[], from: number, catalog: Catalog): Progress {
  for (let index = from; index < events.length; index++) {
    try {
      applyWhole(batch, events[index]!, catalog);
    } catch (error) {
      batch.draft.abort();
      if (!(error instanceof StateMissing)) throw error;
      return { next: index, missing: { kind: error.kind, id: error.id } };
    }
  }
  return { next: events.length, missing: null };
}

function applyWhole(batch: Batch, event: Event, catalog: Catalog): void {
  const { draft } = batch;
  draft.begin(event.receivedAt);
  try {
    heardFrom(draft, event);
    applyEvent(draft, event);
    consequences(draft, event, catalog);
  } catch (error) {
    if (error instanceof StateMissing) throw error;
    refuse(draft, event, error);
  }
  const orders = [...draft.effects.orders].map((order) => draft.get('order', order)!);
  const { effects } = draft;
  draft.accept();
  batch.seq += 1;
  batch.facts.push({ seq: batch.seq, event, effects, orders });
}

function consequences(draft: Draft, event: Event, catalog: Catalog): void {
  for (const id of draft.replenished) {
    const [sku, node] = id.split('|') as [string, string];
    serveWaiting(draft, sku, node, event.occurredAt);
  }
  judgeTouched(draft, event.occurredAt);
  const increments = [
    ...catalog.measureEvent(event),
    ...draft.effects.transitions.flatMap((step) => catalog.measureStep(step)),
  ];
  if (increments.length > 0) addToBuckets(draft, increments, event.source);
  tidy(draft);
}

/** States that say nothing any more are removed. */
function tidy(draft: Draft): void {
  for (const id of draft.touchedWaves) {
    endWave(draft, id);
  }
  for (const id of draft.touchedParked) {
    if (draft.get('parked', id)?.events.length === 0) draft.remove('parked', id);
  }
}

/** Nothing of a refused event is applied except that its source was heard. A fault of ours is isolated the same way. */
function refuse(draft: Draft, event: Event, error: unknown): void {
  draft.abort();
  heardFrom(draft, event);
  const reason =
    error instanceof Refused ? error.message : `internal fault: ${error instanceof Error ? error.message : error}`;
  draft.effects.refused = reason;
}
