/**
 * Corrections: an event that names another of its source in `corrects` takes back what that one moved, and then says
 * what is right; `stock.voided` only takes back. One event is corrected once: who errs again corrects the correction.
 */
import type { Event, EventOf, EventType } from '../../events/index.ts';
import { type Draft, Refused } from '../draft.ts';
import type { Movement, Place } from '../effects.ts';
import { receivedOnPurchaseOrder } from '../purchasing/purchase-order.ts';
import { OWN_SOURCE } from '../sources/source.ts';
import { ids } from '../states.ts';
import type { Correctable, CorrectableMovement } from './correction-state.ts';
import { move } from './stock.ts';
import { takeBack } from './transfer.ts';
import { inBaseUnitsOf } from './units.ts';

/** So long after it happened can an event be corrected. */
export const CORRECTABLE_MS = 30 * 86_400_000;
/** A correction waits this long for what it corrects; then it is refused, which is shown. */
export const CORRECTION_WAITS_MS = 24 * 3_600_000;

type Rule<E extends Event> = (draft: Draft, event: E) => void;

/** A rule for events that move stock, may correct another and may be corrected. Quantities reach it in base units. */
export function correctable(rule: Rule<Event>): Rule<Event> {
  return (draft, event) => {
    const corrected = correctedBy(event);
    if (corrected !== null && !takenBack(draft, event, corrected)) return;
    const from = draft.effects.movements.length;
    const inBase = inBaseUnitsOf(draft, event);
    rule(draft, inBase);
    remember(draft, event, draft.effects.movements.slice(from), inBase);
  };
}

/**
 * A rule for events that speak of units and take nothing back.
 * @param instead how such an event is put right, when `corrects` cannot do it
 */
export function inUnits<T extends EventType>(
  rule: (draft: Draft, event: EventOf<T>) => void,
  instead = '',
): (draft: Draft, event: EventOf<T>) => void {
  return (draft, event) => {
    if (event.corrects !== undefined && instead !== '')
      throw new Refused(`${event.type} ${event.corrects} cannot be corrected: ${instead}`);
    rule(draft, inBaseUnitsOf(draft, event as Event) as EventOf<T>);
  };
}

export function voided(_draft: Draft, event: EventOf<'stock.voided'>): void {
  const corrected = correctedBy(event);
  if (corrected === null) throw new Refused('stock.voided has to name the event it takes back in `corrects`');
  if (event.data.reason.trim() === '')
    throw new Refused(`event ${corrected.event} cannot be taken back without a reason`);
}

type Named = { source: string; event: string };

/** The event that this one corrects: one of its own source, unless a person takes back what another source has sent. */
function correctedBy(event: Event): Named | null {
  if (event.corrects !== undefined) return { source: event.source, event: event.corrects };
  if (event.type !== 'stock.voided' || event.data.event === undefined) return null;
  const { source = event.source } = event.data;
  if (source !== event.source && event.source !== OWN_SOURCE)
    throw new Refused(`${event.source} cannot take back events of ${source}`);
  return { source, event: event.data.event };
}

/** @returns false when the corrected event has not come: the correction waits for it */
function takenBack(draft: Draft, event: Event, named: Named): boolean {
  const { source, event: corrected } = named;
  if (corrected === event.id && source === event.source) throw new Refused(`event ${event.id} cannot correct itself`);
  const id = ids.correctable(source, corrected);
  const known = draft.get('correctable', id);
  if (known === undefined || !known.came) {
    if (event.corrects === undefined)
      throw new Refused(`${source} sent no event ${corrected} that can be taken back, or it is more than 30 days old`);
    wait(draft, event, named, known);
    return false;
  }
  if (known.correctedBy !== '') {
    throw new Refused(`event ${corrected} was corrected by ${known.correctedBy} already: correct that one`);
  }
  for (const movement of [...known.movements].reverse()) move(draft, reversed(movement, known));
  if (known.transfer !== null) takeBack(draft, known.transfer, event);
  if (known.purchase !== null) takeBackReceipt(draft, known.purchase, event);
  if (known.counted !== undefined) draft.transition({ ...known.counted, sign: -1 });
  const { counted: _, ...rest } = known;
  const after: Correctable = { ...rest, correctedBy: event.id, movements: [], transfer: null, purchase: null };
  draft.put('correctable', id, after, known);
  return true;
}

/** The same units the other way at the same moment, so that figures as of then are as if it had never happened. */
function reversed(
  [sku, fromNode, from, toNode, to, quantity, at, lot, value]: CorrectableMovement,
  known: Correctable,
) {
  // What a transfer had reserved is on sale again: its reservation has ended.
  const back = known.transfer !== null && from === 'allocated' ? 'sellable' : from;
  return {
    sku,
    from: { node: toNode, place: to } as Place,
    to: { node: fromNode, place: back } as Place,
    quantity,
    reason: `correction of ${known.event}`,
    at,
    reversal: true as const,
    ...(lot === null ? {} : { lot }),
    ...(value === null ? {} : { value: -value }),
  };
}

function wait(draft: Draft, event: Event, { source, event: corrected }: Named, known: Correctable | undefined): void {
  if (known?.waiting) {
    throw new Refused(`event ${corrected} has not come, and ${known.waiting.id} waits to correct it already`);
  }
  const id = ids.correctable(source, corrected);
  draft.put('correctable', id, { ...notCome(source, corrected), waiting: event }, known);
  draft.setDeadline(source, 'correction-waiting', id, event.occurredAt + CORRECTION_WAITS_MS);
}

const notCome = (source: string, event: string): Correctable => ({
  source,
  event,
  came: false,
  movements: [],
  transfer: null,
  purchase: null,
  correctedBy: '',
  waiting: null,
});

/** @param inBase the event in base units; undefined when it was refused */
function remember(draft: Draft, event: Event, movements: Movement[], inBase?: Event): void {
  const id = ids.correctable(event.source, event.id);
  const known = draft.get('correctable', id);
  const { waiting = null } = known ?? {};
  const counted = draft.effects.transitions.findLast(({ step, sign }) => step === 'record-counted' && sign === 1);
  const state: Correctable = {
    source: event.source,
    event: event.id,
    came: true,
    movements: movements.map(compact),
    transfer: inBase === undefined ? null : addedToTransfer(inBase),
    purchase: inBase === undefined ? null : addedToPurchase(inBase),
    correctedBy: '',
    waiting,
    ...(inBase?.type === 'stock.counted' && counted !== undefined ? { counted } : {}),
  };
  draft.put('correctable', id, state, known);
  draft.setDeadline(event.source, 'correctable', id, event.occurredAt + CORRECTABLE_MS);
}

const compact = ({ sku, from, to, quantity, at, lot, value }: Movement): CorrectableMovement => [
  sku,
  from.node,
  from.place,
  to.node,
  to.place,
  quantity,
  at,
  lot ?? null,
  value ?? null,
];

function addedToTransfer(event: Event): Correctable['transfer'] {
  if (event.type === 'stock.transferred') {
    const { transfer, stage, sku, quantity } = event.data;
    return { transfer, stage, lines: [[sku, quantity]] };
  }
  if (event.type !== 'transfer.sent' && event.type !== 'transfer.received') return null;
  const { transfer, lines } = event.data;
  const stage = event.type === 'transfer.sent' ? 'sent' : 'received';
  return { transfer, stage, lines: lines.map(({ sku, quantity }) => [sku, quantity]) };
}

function addedToPurchase(event: Event): Correctable['purchase'] {
  if (event.type !== 'stock.received' || event.data.purchaseOrder === undefined) return null;
  const { purchaseOrder, sku, node, quantity } = event.data;
  return { purchaseOrder, sku, node, quantity };
}

function takeBackReceipt(draft: Draft, purchase: NonNullable<Correctable['purchase']>, event: Event): void {
  const data = { ...purchase, quantity: -purchase.quantity, from: 'supplier', into: 'sellable' } as const;
  receivedOnPurchaseOrder(draft, { ...event, type: 'stock.received', data });
}

/**
 * The correction that has waited for this event, if there is one. It is taken out of its wait.
 * @returns null for nearly all events
 */
export function correctionOf(draft: Draft, event: Event): Event | null {
  const id = ids.correctable(event.source, event.id);
  const known = draft.get('correctable', id);
  if (known === undefined || known.waiting === null) return null;
  draft.put('correctable', id, { ...known, waiting: null }, known);
  draft.clearDeadline(event.source, 'correction-waiting', id);
  return known.waiting;
}

/** An event that was refused has moved nothing, and can be corrected all the same. */
export function rememberRefused(draft: Draft, event: Event): void {
  if (event.corrects !== undefined || !correctableTypes.has(event.type)) return;
  remember(draft, event, []);
  const id = ids.correctable(event.source, event.id);
  // What waits for it is applied at once, as an event of its own.
  if (draft.get('correctable', id)!.waiting !== null)
    draft.setDeadline(event.source, 'correction-waiting', id, event.occurredAt);
}

/** Events whose movements can be taken back. */
export const correctableTypes: ReadonlySet<EventType> = new Set<EventType>([
  'stock.received',
  'stock.adjusted',
  'stock.transferred',
  'stock.counted',
  'stock.condition-changed',
  'transfer.sent',
  'transfer.received',
]);

/**
 * A correction has waited long enough, or what it corrects came and was refused.
 * @returns the correction, when it can be applied now; without its event it is refused, and that is shown
 */
export function correctionDue(draft: Draft, event: EventOf<'deadline.passed'>): Event | null {
  const id = event.data.subject;
  const known = draft.get('correctable', id);
  if (known === undefined || known.waiting === null) return null;
  if (known.came) {
    draft.put('correctable', id, { ...known, waiting: null }, known);
    return known.waiting;
  }
  draft.remove('correctable', id);
  const { type, id: name } = known.waiting;
  draft.effects.refused = `waiting ${type} ${name} of ${known.source} corrects ${known.event}, which never came`;
  return null;
}

export function correctableForgotten(draft: Draft, event: EventOf<'deadline.passed'>): void {
  if (draft.get('correctable', event.data.subject)?.came) draft.remove('correctable', event.data.subject);
}
