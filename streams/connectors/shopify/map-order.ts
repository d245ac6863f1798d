/**
 * Orders. Every order topic carries the whole order as it was when the call was first made, so every one of them tells
 * the same story: placed, edited, held, released, cancelled. Identical events have identical ids and count once.
 */
import { createHash } from 'node:crypto';
import type { EventInput } from '../../events/index.ts';
import type { Context, DerivedEvent, Memory, Understanding } from '../connector.ts';
import { isPhysical, latest, skuOf, toMinorUnits } from './fields.ts';
import type { LineItem, Order } from './schema.ts';

/** Longer than anybody edits an order; after that an edit without a change may be told once more, to no effect. */
const REMEMBERED_DAYS = 60;

const memoryOf = (order: string) => `order:${order}`;
export const recallsOfOrder = (order: Order): string[] => [memoryOf(order.id)];

/** What the newest body so far said: when it was written, its lines as a hash, and whether payment was awaited. */
type Known = { at: number; lines: string; held: boolean };
type PlacedLine = EventInput<'order.placed'>['lines'][number];

const cancelReasons = new Map([
  ['customer', 'customer'],
  ['fraud', 'fraud'],
  ['inventory', 'stock'],
] as const);

export function mapOrder(order: Order, context: Context): Understanding {
  if (order.test === true) return { events: [], ignored: ['test order'] };
  const physical = order.line_items.filter(isPhysical);
  const ignored = physical.length < order.line_items.length ? ['line that is not shipped'] : [];
  // A line that was added and taken out again before we heard of it was never promised to anybody.
  const promised = physical.filter((line) => line.quantity > 0);
  if (promised.length === 0) return { events: [], ignored: [...ignored, 'order with nothing to ship'] };
  const lines: PlacedLine[] = [];
  for (const line of promised) {
    const placed = toLine(line, order.currency);
    if (placed === null)
      return { problem: `line_items: the price "${line.price}" of line ${line.id} is not an amount` };
    lines.push(placed);
  }

  const id = order.id;
  const placedAt = order.processed_at ?? order.created_at;
  const writtenAt = latest(order.updated_at, order.created_at);
  const events: DerivedEvent[] = [
    {
      id: `order:${id}:placed`,
      type: 'order.placed',
      time: placedAt,
      data: {
        order: id,
        channel: context.settings.channel ?? context.source,
        currency: order.currency,
        country: order.shipping_address?.country_code ?? undefined,
        customer: order.customer?.id ?? undefined,
        lines,
      },
    },
  ];

  const current = lines.map((line, index) => withQuantity(line, quantityAfterEdits(promised[index]!, order)));
  const stamp = hashOf(current);
  const waitsForPayment = order.financial_status === 'pending';
  const known = parseKnown(context.remembered(memoryOf(id)));
  const remember: Memory[] = [];
  const at = Date.parse(writtenAt);
  // A body older than one we have read says nothing new about what may change: deliveries overtake each other. Times
  // are whole seconds, so of two with the same time either may be the later; paid is then later than pending.
  if (known === undefined || at >= known.at) {
    const edited =
      known === undefined ? current.some((line, at) => line.quantity !== lines[at]!.quantity) : known.lines !== stamp;
    if (edited) {
      const data = { order: id, lines: current };
      events.push({ id: `order:${id}:edit:${at}:${stamp}`, type: 'order.edited', time: writtenAt, data });
    }
    const held = waitsForPayment && (known === undefined || known.held || at > known.at);
    if (held && known?.held !== true) {
      events.push({
        id: `order:${id}:hold:payment`,
        type: 'order.held',
        time: placedAt,
        data: { order: id, hold: 'payment' },
      });
    }
    if (!waitsForPayment && known?.held === true) {
      const data = { order: id, hold: 'payment' as const };
      events.push({ id: `order:${id}:release:payment`, type: 'order.released', time: writtenAt, data });
    }
    const value = JSON.stringify({ at, lines: stamp, held } satisfies Known);
    remember.push({ name: memoryOf(id), value, days: REMEMBERED_DAYS });
  }

  if (order.cancelled_at) {
    const reason = cancelReasons.get(order.cancel_reason as 'customer') ?? 'other';
    events.push({
      id: `order:${id}:cancelled`,
      type: 'order.cancelled',
      time: order.cancelled_at,
      data: { order: id, reason },
    });
  }
  return { events, ignored, remember };
}

function toLine(line: LineItem, currency: string): PlacedLine | null {
  const price = toMinorUnits(line.price, currency);
  if (price === null) return null;
  const allocated = line.discount_allocations?.map((discount) => discount.amount);
  const discounts = allocated?.length ? allocated : [line.total_discount ?? '0'];
  const discount = discounts.reduce((sum, amount) => sum + (toMinorUnits(amount, currency) ?? 0), 0);
  const amount = price * line.quantity - discount;
  const unitPrice = Math.round(amount / line.quantity);
  const exact = unitPrice * line.quantity === amount;
  return { line: line.id, sku: skuOf(line), quantity: line.quantity, unitPrice, ...(exact ? {} : { amount }) };
}

/** The exact amount of a line is that of its quantity; for another one the unit price has to do. */
function withQuantity(line: PlacedLine, quantity: number): PlacedLine {
  if (quantity === line.quantity) return line;
  const { amount: _, ...rest } = line;
  return { ...rest, quantity };
}

/**
 * `current_quantity` leaves out what was edited away and what was refunded. Refunded units are cancelled or returned by
 * their own events, so they are added again here; else they would be taken off twice.
 */
function quantityAfterEdits(line: LineItem, order: Order): number {
  if (line.current_quantity === null || line.current_quantity === undefined) return line.quantity;
  const refunded = (order.refunds ?? [])
    .flatMap((refund) => refund.refund_line_items ?? [])
    .reduce((sum, refund) => sum + (refund.line_item_id === line.id ? refund.quantity : 0), 0);
  return Math.min(line.quantity, line.current_quantity + refunded);
}

function hashOf(lines: PlacedLine[]): string {
  const text = JSON.stringify(lines.map((line) => [line.line, line.sku, line.quantity, line.unitPrice]));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function parseKnown(text: string | undefined): Known | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Known);
}
