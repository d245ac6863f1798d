/**
 * THE FLOW: events in, what they do out. Pure: it reads no clock, no environment and no network, so the same log gives
 * the same states, byte for byte, however it is cut into batches.
 */
import { noteRefusedAction } from '../actions/take.ts';
import type { Event } from '../events/index.ts';
import { judgeTouched } from '../exceptions/judge.ts';
import { wakeAwaiting } from '../exceptions/snooze.ts';
import { settleLate } from '../operations/accuracy/assertions.ts';
import { endSnapshot } from '../operations/accuracy/snapshot.ts';
import { sendInstructions } from '../operations/actions/instruction.ts';
import { addToBuckets, type Tally, tallyUp } from '../operations/buckets.ts';
import { type DeadlineChange, Draft, Refused, type StateMaps, StateMissing } from '../operations/draft.ts';
import type { Effects, Increment, Transition } from '../operations/effects.ts';
import { endWave } from '../operations/nodes/wave.ts';
import { endOverdue } from '../operations/orders/cohort.ts';
import { publish } from '../operations/reservations/publication.ts';
import { serveWaiting, touchOversold } from '../operations/reservations/reservation.ts';
import { heardFrom, noteNamed } from '../operations/sources/source.ts';
import type { Order } from '../operations/states.ts';
import { rememberRefused } from '../operations/stock/corrections.ts';
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
  tally: Tally;
};

export type Progress = { next: number; missing: { kind: StateKind; id: string } | null };
export type { DeadlineChange };

export const beginBatch = (states: StateMaps, seq: number): Batch => ({
  draft: new Draft(states),
  facts: [],
  seq,
  tally: new Map(),
});

/**
 * Applies events from `from` on, until all are applied or a state is missing. Load that state and call again with `next`.
 * The batch is complete when nothing is missing.
 */
export function processBatch(batch: Batch, events: Event[], from: number, catalog: Catalog): Progress {
  let index = from;
  try {
    for (; index < events.length; index++) {
      if (touchesBuckets.has(events[index]!.type)) countUp(batch);
      applyWhole(batch, events[index]!, catalog);
    }
    countUp(batch);
  } catch (error) {
    batch.draft.abort();
    if (!(error instanceof StateMissing)) throw error;
    return { next: index, missing: { kind: error.kind, id: error.id } };
  }
  return { next: index, missing: null };
}

/** Before these, all that was measured so far has to be in its buckets: they drop buckets, or change what a day is. */
const touchesBuckets: ReadonlySet<Event['type']> = new Set<Event['type']>(['deadline.passed', 'workspace.configured']);

/** Minute by minute: when a bucket is missing, only its own minute is begun again and not all before it. */
function countUp({ draft, tally }: Batch): void {
  for (const [minute, tallied] of tally) {
    draft.begin(draft.now);
    addToBuckets(draft, tallied);
    draft.accept();
    tally.delete(minute);
  }
}

function applyWhole(batch: Batch, event: Event, catalog: Catalog): void {
  const { draft } = batch;
  draft.begin(event.receivedAt, event);
  try {
    heardFrom(draft, event);
    applyEvent(draft, event);
    consequences(draft, event);
  } catch (error) {
    if (error instanceof StateMissing) throw error;
    refuse(draft, event, error);
  }
  const orders = [...draft.effects.orders].map((order) => draft.get('order', order)!);
  const { effects } = draft;
  draft.accept();
  measure(batch, event, effects, catalog);
  batch.seq += 1;
  batch.facts.push({ seq: batch.seq, event, effects, orders });
}

function measure(batch: Batch, event: Event, effects: Effects, catalog: Catalog): void {
  tallyUp(batch.tally, catalog.measureEvent(event), event.source);
  for (const step of effects.transitions) tallyUp(batch.tally, catalog.measureStep(step), event.source);
}

function consequences(draft: Draft, event: Event): void {
  noteNamed(draft, event);
  settleLate(draft);
  for (const id of draft.replenished) {
    const [sku, node] = id.split('|') as [string, string];
    serveWaiting(draft, sku, node, event.occurredAt);
  }
  if (draft.effects.instructions.length > 0) sendInstructions(draft, event);
  wakeAwaiting(draft, event);
  touchOversold(draft);
  publish(draft, event.occurredAt);
  judgeTouched(draft, event);
  tidy(draft);
}

/** States that say nothing any more are removed. */
function tidy(draft: Draft): void {
  for (const id of draft.touched.get('wave') ?? []) endWave(draft, id);
  for (const id of draft.touched.get('overdue') ?? []) endOverdue(draft, id);
  for (const id of draft.touched.get('snapshot') ?? []) endSnapshot(draft, id);
  for (const id of draft.touched.get('parked') ?? []) {
    if (draft.get('parked', id)?.events.length === 0) draft.remove('parked', id);
  }
}

/** Nothing of a refused event is applied except that its source was heard. A fault of ours is isolated the same way. */
function refuse(draft: Draft, event: Event, error: unknown): void {
  draft.abort();
  heardFrom(draft, event);
  judgeSource(draft, event);
  const reason =
    error instanceof Refused ? error.message : `internal fault: ${error instanceof Error ? error.message : error}`;
  draft.effects.refused = reason;
  rememberRefused(draft, event);
  noteRefusedAction(draft, event, reason);
}

/** A source that has sent something is not silent any more, even when that is refused. */
function judgeSource(draft: Draft, event: Event): void {
  try {
    judgeTouched(draft, event);
  } catch (error) {
    if (error instanceof StateMissing) throw error;
    // A fault of ours in there must not stop the workspace.
    draft.abort();
    heardFrom(draft, event);
  }
}
