/** Returns: goods come back unjudged, and are then put back on sale, set aside or written off. */
import type { EventOf } from '../events/index.ts';
import type { Draft } from './draft.ts';
import { lineStepOf, settle } from './order-life.ts';
import type { Order } from './states.ts';
import { at, move, outside } from './stock.ts';

export function received(draft: Draft, event: EventOf<'return.received'>): void {
  const { node, lines } = event.data;
  const order = event.data.order === undefined ? undefined : draft.get('order', event.data.order);
  for (const { sku, quantity, reason, line = '' } of lines) {
    move(draft, {
      sku,
      from: outside('customer'),
      to: at(node, 'return-pending'),
      quantity,
      reason: `return: ${reason}`,
      at: event.occurredAt,
      order: order?.order ?? '',
      line,
    });
  }
  if (order === undefined) return;
  const changed = order.lines.map((line) => {
    const units = lines.reduce((sum, entry) => (isFor(entry, line) ? sum + entry.quantity : sum), 0);
    if (units === 0) return line;
    draft.transition(lineStepOf(order, line, { step: 'line-returned', at: event.occurredAt, quantity: units, node }));
    return { ...line, returned: line.returned + units };
  });
  settle(draft, order, { ...order, lines: changed }, event.occurredAt);
}

type Returned = EventOf<'return.received'>['data']['lines'][number];

const isFor = (entry: Returned, line: Order['lines'][number]): boolean =>
  entry.line !== undefined && entry.line === line.line;

export function judged(draft: Draft, event: EventOf<'return.judged'>): void {
  const { node, lines } = event.data;
  for (const { sku, quantity, to } of lines) {
    move(draft, {
      sku,
      from: at(node, 'return-pending'),
      to: to === 'loss' ? outside('loss') : at(node, to),
      quantity,
      reason: `return ${event.data.return} judged`,
      at: event.occurredAt,
    });
  }
}
