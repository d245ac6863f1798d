/** Backorders: lines that wait for stock. Told when they begin to wait, wait for more or less, and wait no longer. */
import type { Draft } from '../draft.ts';
import type { Backlog, Order, OrderLine } from '../states.ts';
import { changeBacklog } from './backlog.ts';
import { lineStepOf } from './order-step.ts';

/**
 * Units of a line nobody could reserve. A pre-order was never meant to be there; an order that gave its stock back asks
 * for none; and where another system reserves, every line waits for its word.
 */
const backordered = (order: Order, line: OrderLine): number =>
  line.preorder === true || order.advised !== undefined || order.holding?.gaveBack === true ? 0 : line.waiting;

/** @param when business time of the event that changed the order */
export function tellBackorders(draft: Draft, before: Order | undefined, after: Order, when: number): void {
  if (!hasWaiting(before) && !hasWaiting(after)) return;
  const moved = before !== undefined && before.node !== after.node;
  for (const line of after.lines) {
    const known = before?.lines.find((one) => one.line === line.line);
    const was = known === undefined ? 0 : backordered(before!, known);
    const is = backordered(after, line);
    if (was === is && !moved) continue;
    if (was > 0) tell(draft, before!, known!, 'line-covered', was, when);
    if (is > 0) tell(draft, after, line, 'line-backordered', is, when);
  }
}

const hasWaiting = (order: Order | undefined): boolean => order?.lines.some((line) => line.waiting > 0) === true;

function tell(
  draft: Draft,
  order: Order,
  line: OrderLine,
  step: 'line-backordered' | 'line-covered',
  quantity: number,
  when: number,
): void {
  const amount = quantity * line.unitPrice;
  draft.transition(lineStepOf(order, line, { step, at: when, quantity, amount }));
  const sign = step === 'line-covered' ? -1 : 1;
  changeBacklog(draft, order, (backlog) => withMore(backlog, sign, sign * quantity, order.currency, sign * amount));
}

function withMore(backlog: Backlog, lines: number, units: number, currency: string, amount: number): Backlog {
  const { backordered: known = { lines: 0, units: 0, amounts: {} }, ...others } = backlog;
  if (known.lines + lines === 0) return others;
  const amounts = { ...known.amounts, [currency]: (known.amounts[currency] ?? 0) + amount };
  if (amounts[currency] === 0) delete amounts[currency];
  return { ...others, backordered: { lines: known.lines + lines, units: known.units + units, amounts } };
}
