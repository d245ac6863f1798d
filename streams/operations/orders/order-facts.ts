/**
 * What an order adds to the figures once it stands as it does: due, kept, perfect, delivered. Each is true or not of the
 * order as it is, so it is told while it is true and taken back when an event out of order proves it wrong.
 */
import type { Draft } from '../draft.ts';
import type { Step, Transition } from '../effects.ts';
import type { Order, OrderLine } from '../states.ts';
import { heldMs } from './hold-time.ts';
import { stepOf } from './order-step.ts';

/** What differs from step to step; the rest is the order's. Small, because it is worked out at every change. */
type Fact = Pick<Transition, 'at' | 'quantity' | 'short' | 'durationMs' | 'cause'>;
type Verdict = readonly [Step, (order: Order) => Fact | undefined];

const fact = (at: number, quantity = 1, short = 0, cause = '', durationMs = 0): Fact => ({
  at,
  quantity,
  short,
  durationMs,
  cause,
});

/** Units of a line that we owe: what others have cancelled is owed no longer, what we cancelled ourselves still is. */
const owedUnits = (line: OrderLine): number => Math.max(0, line.quantity - line.cancelled + (line.cancelledByUs ?? 0));

const isDispatchedBy = (line: OrderLine, by: number): boolean =>
  line.dispatched >= owedUnits(line) && (line.lastDispatchedAt ?? 0) <= by;
const isDeliveredBy = (line: OrderLine, by: number): boolean =>
  line.delivered >= owedUnits(line) && (line.lastDeliveredAt ?? 0) <= by;

/** Counts lines of which something is owed, of those that pass a test. */
function countOwed(order: Order, passes: (line: OrderLine) => boolean = always): number {
  let count = 0;
  for (const line of order.lines) if (owedUnits(line) > 0 && passes(line)) count += 1;
  return count;
}
const always = () => true;

export const firstDeliverBy = (order: Order): number => order.firstPromise?.deliverBy ?? order.deliverBy;

/** Due by its ship-by, unless all of it was cancelled before anything was shipped. `quantity`: lines. */
function due(order: Order): Fact | undefined {
  if (order.shipBy === 0 || !(order.open || order.completedAt > 0)) return undefined;
  return fact(order.shipBy, countOwed(order), 0, order.awaitsDelivery === true ? 'delivery' : 'dispatch');
}

/** Nothing of it was shipped, and not because somebody else gave it up. Counts at the ship-by. `quantity`: lines. */
function givenUp(order: Order): Fact | undefined {
  if (order.shipBy === 0 || order.open || order.completedAt > 0) return undefined;
  const lines = countOwed(order);
  return lines === 0
    ? undefined
    : fact(order.shipBy, lines, lines, order.awaitsDelivery === true ? 'delivery' : 'dispatch');
}

/** Lines that left whole by the ship-by, counted there. */
function kept(order: Order): Fact | undefined {
  if (order.shipBy === 0 || order.lastDispatchedAt === 0) return undefined;
  const lines = countOwed(order, (line) => isDispatchedBy(line, order.shipBy));
  return lines === 0 ? undefined : fact(order.shipBy, lines);
}

function picked(order: Order): Fact | undefined {
  return order.picked ? fact(order.shipBy > 0 ? order.shipBy : order.placedAt) : undefined;
}

/** `quantity`: shipments; `short`: lines that did not leave whole with their first shipment. */
function completed(order: Order): Fact | undefined {
  if (order.completedAt === 0) return undefined;
  const short = countOwed(order, (line) => (line.firstDispatch?.[1] ?? 0) < owedUnits(line));
  const shipments = Math.max(1, order.shipments?.length ?? 0);
  return fact(order.completedAt, shipments, short, shapeOf(order, shipments), order.completedAt - order.placedAt);
}

/** What a shipped order was like: only of one with several units, all there to be sold, it says something to be split. */
function shapeOf({ lines }: Order, shipments: number): string {
  if (lines.some((line) => line.preorder === true)) return 'preorder';
  if (lines.reduce((sum, line) => sum + line.dispatched, 0) <= 1) return 'single';
  return shipments > 1 ? 'split' : 'whole';
}

/** Held against the first promise of a delivery: counts when it was kept, at the latest when it ran out. */
function promised(order: Order): Fact | undefined {
  const promise = firstDeliverBy(order);
  if (order.awaitsDelivery !== true || promise === 0) return undefined;
  const lines = countOwed(order);
  if (lines === 0) return undefined;
  const inTime = countOwed(order, (line) => isDeliveredBy(line, promise));
  return fact(inTime === lines ? Math.min(promise, lastDeliveredAt(order)) : promise, lines, lines - inTime);
}

const lastDeliveredAt = ({ lines }: Order): number =>
  lines.reduce((last, line) => Math.max(last, line.lastDeliveredAt ?? 0), 0);

/** No line failed in quantity, time or condition. Counts where the order is due: see `due` and `promised`. */
function perfect(order: Order): Fact | undefined {
  if (order.completedAt === 0) return undefined;
  const { shipBy, lines } = order;
  if (shipBy > 0 && !lines.every((line) => owedUnits(line) === 0 || isDispatchedBy(line, shipBy))) return undefined;
  if (lines.some((line) => (line.returnedFaulty ?? 0) > 0)) return undefined;
  if (order.awaitsDelivery !== true) return shipBy > 0 ? fact(shipBy) : undefined;
  const outcome = promised(order);
  return outcome === undefined || outcome.short > 0 ? undefined : fact(outcome.at);
}

function promiseMoved(order: Order): Fact | undefined {
  const { firstPromise: first, shipBy, deliverBy, editedAt } = order;
  if (first === undefined) return undefined;
  const later = (now: number, then: number) => (then > 0 ? now - then : 0);
  const by = Math.max(later(shipBy, first.shipBy), later(deliverBy, first.deliverBy));
  return by > 0 ? fact(editedAt, 1, 0, '', by) : undefined;
}

function delivered(order: Order): Fact | undefined {
  if (order.completedAt === 0 || order.lines.some((line) => line.delivered < line.dispatched)) return undefined;
  const at = lastDeliveredAt(order);
  return at === 0 ? undefined : fact(at, 1, 0, '', at - order.placedAt);
}

/** Nothing is left of it and nothing was shipped. A cause of our own is held against us, whatever else was said. */
function cancelled(order: Order): Fact | undefined {
  if (order.open || order.completedAt > 0) return undefined;
  let at = 0;
  let cause = '';
  for (const line of order.lines) {
    if (line.cancelledAt === undefined) continue;
    at = Math.max(at, line.cancelledAt);
    if (cause === '' || isOurs(line.cancelCause!)) cause = line.cancelCause!;
  }
  return at === 0 ? undefined : fact(at, 1, 0, cause);
}

export const isOurs = (cause: string): boolean => cause === 'stock' || cause === 'fulfilment';

/** Released before a cut-off, it has to leave on that day of its node: counted at the end of the day. */
const cutOff = (order: Order): Fact | undefined =>
  order.leavesToday !== undefined && (order.open || order.completedAt > 0) ? fact(order.leavesToday) : undefined;
const cutOffKept = (order: Order): Fact | undefined =>
  order.leavesToday !== undefined && order.completedAt > 0 && order.completedAt <= order.leavesToday
    ? fact(order.leavesToday)
    : undefined;

/**
 * Of orders that were held: their time on hold, and their cycle time with it (`gross`) and without (`net`), so that a
 * distribution can do without holds although most orders never had one.
 */
const holdTime =
  (cause: 'held' | 'gross' | 'net') =>
  (order: Order): Fact | undefined => {
    if (order.holding === undefined || order.completedAt === 0) return undefined;
    const held = heldMs(order.holding, order.placedAt, order.completedAt);
    if (held === 0) return undefined;
    const whole = order.completedAt - order.placedAt;
    return fact(order.completedAt, 1, 0, cause, cause === 'held' ? held : cause === 'gross' ? whole : whole - held);
  };

/** True or not from the beginning. */
const verdicts: readonly Verdict[] = [
  ['order-due', due],
  ['order-picked', picked],
  ['order-promised', promised],
  ['order-cut-off', cutOff],
  ['order-promise-moved', promiseMoved],
];
/** Of orders of which something has left, or nothing is open any more: the others need not be asked. */
const laterVerdicts: readonly Verdict[] = [
  ['order-completed', completed],
  ['order-kept', kept],
  ['order-delivered', delivered],
  ['order-perfect', perfect],
  ['order-cut-off-kept', cutOffKept],
  ['order-given-up', givenUp],
  ['order-cancelled', cancelled],
  ['order-hold-time', holdTime('held')],
  ['order-hold-time', holdTime('gross')],
  ['order-hold-time', holdTime('net')],
];
const steps: readonly Step[] = [...verdicts, ...laterVerdicts].map(([step]) => step);

type Facts = readonly (Fact | undefined)[];

function factsOf(order: Order): Facts {
  const facts: (Fact | undefined)[] = [];
  for (const [, verdict] of verdicts) facts.push(verdict(order));
  if (!order.open || order.lastDispatchedAt > 0) for (const [, verdict] of laterVerdicts) facts.push(verdict(order));
  return facts;
}
const none: Facts = [];

/** Tells what is true of an order now, and takes back what was true of it before. */
export function tellFacts(draft: Draft, before: Order | undefined, after: Order): void {
  const moved = before !== undefined && (before.node !== after.node || before.shipBy !== after.shipBy);
  const had = before === undefined ? none : factsOf(before);
  const has = factsOf(after);
  for (let index = 0; index < steps.length; index++) {
    const [was, is] = [had[index], has[index]];
    if (was === is || (was !== undefined && is !== undefined && !moved && isSame(was, is))) continue;
    if (was !== undefined) draft.transition(told(before!, steps[index]!, was, -1));
    if (is !== undefined) draft.transition(told(after, steps[index]!, is, 1));
  }
}

const told = (order: Order, step: Step, { at, quantity, short, durationMs, cause }: Fact, sign: 1 | -1): Transition =>
  stepOf(order, { step, sign, at, quantity, short, durationMs, cause });

const isSame = (a: Fact, b: Fact): boolean =>
  a.at === b.at &&
  a.quantity === b.quantity &&
  a.short === b.short &&
  a.durationMs === b.durationMs &&
  a.cause === b.cause;
