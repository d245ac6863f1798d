/** Reservations: stock promised to order lines. A node's allocated bucket is the sum of what lines hold there. */
import type { EventOf } from '../../events/index.ts';
import { allocate, type Candidate } from '../../policies/allocation.ts';
import { nodeAtp } from '../../policies/available-to-promise.ts';
import { shareAt } from '../../policies/node-capacity.ts';
import type { Draft } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { openUnits, settle } from '../orders/order-life.ts';
import { ids, type Order, type OrderLine, type Waiting } from '../states.ts';
import { at, move, noLedger } from '../stock/stock.ts';
import { availableFor, queueRankOf, watchLapse } from './availability.ts';
import { watchWaiting } from './unallocated.ts';

/** Waiting lines served after one receipt; the rest is served by the next event that touches the stock. */
export const SERVED_PER_EVENT_MAX = 500;
/** Waiting lines looked at after one receipt, served or not. */
export const LOOKED_AT_PER_EVENT_MAX = 2_000;

/** Reserves what the allocation policy grants for the open, unreserved units of a line; the rest waits. */
export function reserve(draft: Draft, order: Order, line: OrderLine, when: number): OrderLine {
  if (line.waiting === 0) return line;
  if (workspaceOf(draft).mode === 'advise') return queue(draft, order, line);
  const { takes, waiting } = allocate(line.waiting, candidatesFor(draft, order, line.sku));
  let reserved = line;
  for (const [node, units] of takes) reserved = take(draft, order, reserved, node, units, when);
  return queue(draft, order, { ...reserved, waiting });
}

function candidatesFor(draft: Draft, order: Order, sku: string): Candidate[] {
  return eligibleNodes(draft, order).map((node) => ({ node, available: availableFor(draft, { order, sku, node }) }));
}

export function eligibleNodes(draft: Draft, order: Order): string[] {
  if (order.requestedNode !== '') return [order.requestedNode];
  return draft.get('channel', order.channel)?.nodes ?? [];
}

/** Moves units of a line from sellable into the reservation of that line at a node. */
export function take(
  draft: Draft,
  order: Order,
  line: OrderLine,
  node: string,
  units: number,
  when: number,
): OrderLine {
  move(draft, {
    sku: line.sku,
    from: at(node, 'sellable'),
    to: at(node, 'allocated'),
    quantity: units,
    reason: 'allocated',
    at: when,
    order: order.order,
    line: line.line,
    reserving: true,
    demand: true,
    neverLate: !chosenOutside(draft, order),
  });
  return { ...line, waiting: Math.max(0, line.waiting - units), allocated: addTo(line.allocated, node, units) };
}

/** Whether the outside made this choice itself when it happened, so that whoever has counted since knew of it. */
function chosenOutside(draft: Draft, order: Order): boolean {
  const { event } = draft;
  if ((event?.data as { order?: string } | undefined)?.order !== order.order) return false;
  return order.requestedNode !== '' || event?.type === 'fulfilment.allocated';
}

/** Gives reserved units back, most recently reserved node first. `except` keeps the reservation of one node to the last. */
export function giveBack(
  draft: Draft,
  order: Order,
  line: OrderLine,
  units: number,
  when: number,
  except = '',
): OrderLine {
  let left = units;
  let allocated = line.allocated;
  const order_ = [...line.allocated].reverse().sort(([a], [b]) => Number(a === except) - Number(b === except));
  for (const [node, held] of order_) {
    const back = Math.min(left, held);
    if (back === 0) continue;
    move(draft, {
      sku: line.sku,
      from: at(node, 'allocated'),
      to: at(node, 'sellable'),
      quantity: back,
      reason: 'released',
      at: when,
      order: order.order,
      line: line.line,
      reserving: true,
      demand: true,
      neverLate: !chosenOutside(draft, order),
    });
    allocated = addTo(allocated, node, -back);
    left -= back;
  }
  return { ...line, allocated };
}

export function addTo(allocated: [string, number][], node: string, units: number): [string, number][] {
  const others = allocated.filter(([known]) => known !== node);
  const held = allocated.find(([known]) => known === node)?.[1] ?? 0;
  return held + units === 0 ? others : [...others, [node, held + units]];
}

/** Puts the waiting units of a line in the SKU's queue, or takes the line out when nothing waits any more. */
export function queue(draft: Draft, order: Order, line: OrderLine): OrderLine {
  // A held order that gave its stock back asks for none until it is released.
  const queued = order.holding?.gaveBack === true ? 0 : line.waiting;
  const ledger = draft.get('ledger', line.sku) ?? noLedger(line.sku);
  const place = placeOf(draft, ledger.waiting, order, line);
  const known = ledger.waiting[place];
  if ((known?.quantity ?? 0) === queued) return line;
  const others = known === undefined ? ledger.waiting : ledger.waiting.toSpliced(place, 1);
  const rank = known?.rank ?? queueRankOf(draft, order);
  const entry: Waiting = { order: order.order, line: line.line, quantity: queued, rank, since: order.placedAt };
  if (line.preorder === true) entry.preorder = true;
  const waiting = queued === 0 ? others : insert(others, entry);
  const more = queued - (known?.quantity ?? 0);
  const waitingUnits = ledger.waitingUnits + more;
  const preorderUnits = ledger.preorderUnits + (line.preorder === true ? more : 0);
  draft.put('ledger', line.sku, watchWaiting(draft, order, line, { ...ledger, waiting, waitingUnits, preorderUnits }));
  draft.touch('ledger', line.sku);
  if (more > 0)
    for (const node of eligibleNodes(draft, order)) watchLapse(draft, order, line.sku, node, order.placedAt);
  return line;
}

/**
 * Where a line stands in the queue, -1 when it does not. It is looked for where its rank of today would put it; only an
 * order that was queued under other rules or with other lines is looked for everywhere.
 */
function placeOf(draft: Draft, waiting: Waiting[], order: Order, line: OrderLine): number {
  if (waiting.length === 0) return -1;
  const asked = { order: order.order, line: line.line, rank: queueRankOf(draft, order), since: order.placedAt };
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byTurn(waiting[middle]!, asked) < 0) low = middle + 1;
    else high = middle;
  }
  if (waiting[low] !== undefined && byTurn(waiting[low]!, asked) === 0) return low;
  if (draft.get('order', order.order) === undefined) return -1;
  return waiting.findIndex((entry) => entry.order === order.order && entry.line === line.line);
}

/** Keeps the queue in order; the newest order comes last nearly always, so that is tried first. */
function insert(waiting: Waiting[], entry: Waiting): Waiting[] {
  const last = waiting.at(-1);
  if (last === undefined || byTurn(last, entry) <= 0) return [...waiting, entry];
  return [...waiting, entry].sort(byTurn);
}

type Turn = Pick<Waiting, 'rank' | 'since' | 'order' | 'line'>;
const byTurn = (a: Turn, b: Turn): number =>
  a.rank - b.rank ||
  a.since - b.since ||
  (a.order < b.order ? -1 : a.order > b.order ? 1 : a.line < b.line ? -1 : a.line > b.line ? 1 : 0);

/** Serves waiting lines in the order of the queue from stock that has become sellable at a node. */
export function serveWaiting(draft: Draft, sku: string, node: string, when: number): void {
  if (workspaceOf(draft).mode === 'advise') return;
  const waiting = draft.get('ledger', sku)?.waiting ?? [];
  if (waiting.length === 0 || !ships(draft, node, when)) return;
  let served = 0;
  let kept = false;
  for (const entry of waiting.slice(0, LOOKED_AT_PER_EVENT_MAX)) {
    if (served === SERVED_PER_EVENT_MAX) return;
    if (nodeAtp(draft.get('stock', ids.stock(sku, node))!, draft.get('item', sku)) <= 0) return;
    const order = draft.get('order', entry.order);
    if (order === undefined || !eligibleNodes(draft, order).includes(node)) continue;
    // What is left may be kept for others: the next in the queue may be among those.
    const free = availableFor(draft, { order, sku, node });
    if (free <= 0) {
      if (!kept) watchLapse(draft, order, sku, node, when);
      kept = true;
      continue;
    }
    const line = order.lines.find((known) => known.line === entry.line)!;
    const taken = take(draft, order, line, node, Math.min(free, line.waiting), when);
    queue(draft, order, taken);
    const lines = order.lines.map((known) => (known === line ? taken : known));
    settle(draft, order, { ...order, lines, node: order.node === '' ? node : order.node }, when);
    served += 1;
  }
}

/** Deadline `protection-lapse`: what was kept for some is open to those who wait. */
export function protectionLapsed(draft: Draft, event: EventOf<'deadline.passed'>): void {
  const [sku = '', node = ''] = event.data.subject.split('|');
  if (draft.get('stock', ids.stock(sku, node)) !== undefined) serveWaiting(draft, sku, node, event.occurredAt);
}

/**
 * Where others decide, demand waits for their word, and is oversold only beyond what is on sale: stock that changes
 * changes that, too.
 */
export function touchOversold(draft: Draft): void {
  const touched = draft.touched.get('stock');
  if (touched === undefined || workspaceOf(draft).mode === 'decide') return;
  for (const id of touched) {
    const sku = id.slice(0, id.indexOf('|'));
    if ((draft.get('ledger', sku)?.waitingUnits ?? 0) > 0) draft.touch('ledger', sku);
  }
}

/** Whether a node ships anything at all: it is active, and nothing has brought it to a stop. */
const ships = (draft: Draft, node: string, when: number): boolean =>
  draft.get('node', node)?.active !== false && shareAt(draft.get('node-load', node)?.impaired ?? null, when) > 0;

/** How many units of a line nobody has reserved and nobody has queued: what is left after cancelling, shipping, reserving. */
export const unreserved = (line: OrderLine): number =>
  Math.max(0, openUnits(line) - line.allocated.reduce((sum, [, units]) => sum + units, 0));
