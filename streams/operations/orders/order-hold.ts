/** Holds: an order waits for payment, an address or a decision about fraud, with its stock or without it. */
import type { EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import { tellNodes } from '../nodes/tell-nodes.ts';
import { policyOf } from '../policy.ts';
import { giveBack, queue, unreserved } from '../reservations/reservation.ts';
import type { Order } from '../states.ts';
import type { Hold, Holding } from './hold-state.ts';
import { withMark } from './hold-time.ts';
import { settle } from './order-life.ts';
import { firstNode, sourceLines } from './sourcing.ts';

const MINUTE_MS = 60_000;
/** Where the policy says nothing about a reason. */
const AGES_AFTER_MINUTES = 240;
/** Times kept for a hold that is put on again and again; of more, the first ones count. */
const ONS_MAX = 20;

const never: Holding = { reasons: [], aged: [], gaveBack: false };
type Reason = EventOf<'order.held'>['data']['hold'];

export function held(draft: Draft, event: EventOf<'order.held'>, order: Order): void {
  const { hold } = event.data;
  const known = withMark(reasonOf(order, hold), event.occurredAt, true);
  if (event.occurredAt <= known.offAt) return remember(draft, order, known, event.occurredAt);
  const ons = [...known.ons, event.occurredAt].sort((a, b) => a - b).slice(0, ONS_MAX);
  change(draft, order, { ...known, ons }, event.occurredAt);
}

/** Of a hold and a release at one moment the release came second. */
export function released(draft: Draft, event: EventOf<'order.released'>, order: Order): void {
  const { hold } = event.data;
  const known = withMark(reasonOf(order, hold), event.occurredAt, false);
  const offAt = Math.max(known.offAt, event.occurredAt);
  change(draft, order, { ...known, offAt, ons: known.ons.filter((at) => at > offAt) }, event.occurredAt);
}

/** It was over before we heard of it: only its time counts. */
function remember(draft: Draft, order: Order, hold: Hold, when: number): void {
  const holding = order.holding ?? never;
  settle(draft, order, { ...order, holding: { ...holding, reasons: withReason(holding, hold) } }, when);
}

const withReason = ({ reasons }: Holding, hold: Hold): Hold[] =>
  [...reasons.filter((known) => known.hold !== hold.hold), hold].sort((a, b) => (a.hold < b.hold ? -1 : 1));

const reasonOf = (order: Order, hold: string): Hold =>
  order.holding?.reasons.find((known) => known.hold === hold) ?? { hold, offAt: 0, ons: [], agesAt: 0, givesBackAt: 0 };

function change(draft: Draft, order: Order, hold: Hold, when: number): void {
  const timed = withDeadlines(draft, order, hold);
  const { aged, gaveBack } = order.holding ?? never;
  const all = withReason(order.holding ?? never, timed);
  const holds = all.filter(({ ons }) => ons.length > 0).map(({ hold: name }) => name);
  const isNew = timed.agesAt !== reasonOf(order, hold.hold).agesAt;
  const holding: Holding = { reasons: all, aged: isNew ? aged.filter((name) => name !== hold.hold) : aged, gaveBack };
  const after: Order = { ...order, holds, holding };
  const isHeld = holds.length > 0;
  if (isHeld !== order.holds.length > 0) {
    tellNodes(draft, order, isHeld ? 'hold-order' : 'release-order', isHeld ? { hold: hold.hold } : {}, when);
  }
  if (holds.length === 0 && gaveBack) return takeStockAgain(draft, order, after, when);
  const givesBackNow = timed.ons.length > 0 && timed.givesBackAt > 0 && timed.givesBackAt <= timed.ons[0]!;
  settle(draft, order, givesBackNow ? withoutStock(draft, after, when) : after, when);
}

/** A hold ages from the first time it was put on. */
function withDeadlines(draft: Draft, order: Order, hold: Hold): Hold {
  const subject = `${hold.hold}|${order.order}`;
  const [since] = hold.ons;
  if (since === undefined) {
    if (hold.agesAt > 0) draft.clearDeadline(order.source, 'hold-aged', subject);
    if (hold.givesBackAt > 0) draft.clearDeadline(order.source, 'hold-gives-back', subject);
    return { ...hold, agesAt: 0, givesBackAt: 0 };
  }
  const rule = policyOf(draft, 'orders').holds[hold.hold as Reason];
  const agesAt = since + (rule?.agesAfterMinutes ?? AGES_AFTER_MINUTES) * MINUTE_MS;
  const gives = rule?.givesBackAfterMinutes;
  const givesBackAt = gives === undefined ? 0 : since + gives * MINUTE_MS;
  draft.setDeadline(order.source, 'hold-aged', subject, agesAt);
  if (givesBackAt > since) draft.setDeadline(order.source, 'hold-gives-back', subject, givesBackAt);
  return { ...hold, agesAt, givesBackAt };
}

/** Gives back what nobody has in hand. The units wait for the release in no queue: nobody is short of them. */
function withoutStock(draft: Draft, order: Order, when: number): Order {
  if (order.holding!.gaveBack) return order;
  const after: Order = { ...order, holding: { ...order.holding!, gaveBack: true } };
  const lines = order.lines.map((line) => {
    const inHand = Math.max(0, Math.max(line.picked, line.packed) - line.dispatched);
    const reserved = line.allocated.reduce((sum, [, units]) => sum + units, 0);
    const freed = giveBack(draft, after, line, Math.max(0, reserved - inHand), when);
    return queue(draft, after, { ...freed, waiting: unreserved(freed) });
  });
  return { ...after, lines };
}

function takeStockAgain(draft: Draft, order: Order, free: Order, when: number): void {
  const after: Order = { ...free, holding: { ...free.holding!, gaveBack: false } };
  const lines = sourceLines(draft, after, after.lines, when);
  settle(draft, order, { ...after, lines, node: after.node === '' ? firstNode(lines) : after.node }, when);
}

/** Deadline `hold-aged`: it has been on for too long. */
export function holdAged(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const found = holdOf(draft, event);
  if (found === undefined || found.hold.agesAt !== event.data.due) return;
  const { order, hold } = found;
  const holding = order.holding!;
  if (holding.aged.includes(hold.hold)) return;
  const aged = [...holding.aged, hold.hold].sort();
  settle(draft, order, { ...order, holding: { ...holding, aged } }, event.occurredAt);
}

/** Deadline `hold-gives-back`: the policy keeps its stock no longer. */
export function holdGivesBack(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const found = holdOf(draft, event);
  if (found === undefined || found.hold.givesBackAt !== event.data.due) return;
  settle(draft, found.order, withoutStock(draft, found.order, event.occurredAt), event.occurredAt);
}

function holdOf(draft: Draft, { data }: EventOf<'deadline.passed'>): { order: Order; hold: Hold } | undefined {
  const [reason, id] = data.subject.split('|') as [string, string];
  const order = draft.get('order', id);
  const hold = order?.holding?.reasons.find((known) => known.hold === reason);
  return order === undefined || hold === undefined || hold.ons.length === 0 ? undefined : { order, hold };
}
