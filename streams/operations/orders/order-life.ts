/**
 * What every change of an order has in common: which units are still open, when it counts as open, complete or
 * picked, and the steps and backlog that follow. Rules change lines; `settle` draws the consequences.
 */

import type { Draft } from '../draft.ts';
import { moveInWave } from '../nodes/wave.ts';
import type { Order, OrderLine } from '../states.ts';
import { changeBacklog } from './backlog.ts';
import { tellBackorders } from './backorders.ts';
import { moveInCohorts } from './cohort.ts';
import { tellLineFacts } from './line-facts.ts';
import { tellFacts } from './order-facts.ts';
import { lineStepOf, stepOf } from './order-step.ts';

/** Resolution of backlog ages. */
export const AGE_STEP_MS = 15 * 60_000;

export const openUnits = (line: OrderLine): number => Math.max(0, line.quantity - line.cancelled - line.dispatched);
export const allocatedUnits = (line: OrderLine): number => line.allocated.reduce((sum, [, units]) => sum + units, 0);
const isPicked = (line: OrderLine): boolean =>
  Math.max(line.picked, line.packed, line.dispatched) >= line.quantity - line.cancelled;

/**
 * Stores the order after a rule changed it and tells what follows from the change: lines that opened or closed, the
 * order being opened, picked or completed, and the backlog and the wave it belongs to.
 * @param before the order as it was, undefined when it is new
 * @param when business time of the event that changed it
 */
export function settle(draft: Draft, before: Order | undefined, changed: Order, when: number): void {
  const open = changed.lines.some((line) => openUnits(line) > 0);
  const shipped = changed.lines.some((line) => line.dispatched > 0);
  const after: Order = {
    ...changed,
    node: nodeOf(changed),
    open,
    picked: changed.lines.every(isPicked) && changed.lines.some((line) => line.quantity > line.cancelled),
    completedAt: !open && shipped ? changed.lastDispatchedAt : 0,
  };
  after.awaits = moveInCohorts(draft, before, after);
  draft.put('order', after.order, after);
  draft.effects.orders.add(after.order);
  tellLines(draft, before, after, when);
  tellOrder(draft, before, after, when);
  moveInWave(draft, before, after);
}

/**
 * Where an order is counted: the node that has something of it to ship. When its own has nothing left, the rest is the
 * work of another, and so is the promise.
 */
function nodeOf({ node, lines }: Order): string {
  let other = '';
  for (const { allocated, waiting } of lines) {
    if (waiting > 0 && node !== '') return node;
    for (const [held] of allocated) {
      if (held === node) return node;
      if (other === '') other = held;
    }
  }
  return other === '' ? node : other;
}

function tellLines(draft: Draft, before: Order | undefined, after: Order, when: number): void {
  const moved = before !== undefined && before.node !== after.node;
  const linesBefore = new Map(before?.lines.map((line) => [line.line, line]));
  let [opened, closed] = [0, 0];
  for (const line of after.lines) {
    const known = linesBefore.get(line.line);
    const wasOpen = known !== undefined && openUnits(known) > 0;
    const isOpen = openUnits(line) > 0;
    if (wasOpen && (!isOpen || moved)) {
      closed += 1;
      tellLine(draft, before!, line, 'line-closed', when);
    }
    if (isOpen && (!wasOpen || moved)) {
      opened += 1;
      tellLine(draft, after, line, 'line-opened', when);
    }
    tellLineFacts(draft, after, known, line);
  }
  // Once per order, not per line: each change copies all slots of the backlog.
  if (closed > 0) changeOpenLines(draft, before!, -closed);
  if (opened > 0) changeOpenLines(draft, after, opened);
  tellBackorders(draft, before, after, when);
}

function tellLine(
  draft: Draft,
  order: Order,
  line: OrderLine,
  step: 'line-opened' | 'line-closed',
  when: number,
): void {
  draft.transition(lineStepOf(order, line, { step, at: when, quantity: 1, amount: 0, cost: 0 }));
}

function changeOpenLines(draft: Draft, order: Order, by: number): void {
  const slot = String(Math.floor(order.placedAt / AGE_STEP_MS));
  changeBacklog(draft, order, (backlog) => {
    const { [slot]: lines = 0, ...others } = backlog.lines;
    const now = lines + by;
    return { ...backlog, lines: now === 0 ? others : { ...others, [slot]: now } };
  });
}

function tellOrder(draft: Draft, before: Order | undefined, after: Order, when: number): void {
  // An open order that changes its promise leaves one wave and joins another: history can then tell who was late when.
  const moved = before !== undefined && (before.node !== after.node || before.shipBy !== after.shipBy);
  const counts = (order: Order | undefined, by: 1 | -1) => {
    if (order === undefined || !order.open) return;
    changeBacklog(draft, order, (backlog) => ({
      ...backlog,
      orders: backlog.orders + by,
      heldOrders: backlog.heldOrders + (order.holds.length > 0 ? by : 0),
    }));
  };
  counts(before, -1);
  counts(after, 1);

  const wasOpen = before?.open === true;
  if (wasOpen && (!after.open || moved))
    draft.transition(stepOf(before, { step: 'order-closed', at: when, quantity: 1 }));
  if (after.open && (!wasOpen || moved))
    draft.transition(stepOf(after, { step: 'order-opened', at: when, quantity: 1 }));
  const [wasHeld, isHeld] = [isWaitingOnHold(before), isWaitingOnHold(after)];
  if (wasHeld && (!isHeld || moved)) draft.transition(stepOf(before!, { step: 'order-unheld', at: when, quantity: 1 }));
  if (isHeld && (!wasHeld || moved)) draft.transition(stepOf(after, { step: 'order-held', at: when, quantity: 1 }));
  tellFacts(draft, before, after);
}

const isWaitingOnHold = (order: Order | undefined): boolean => order?.open === true && order.holds.length > 0;
