/**
 * What each node has to do and what it can do. Open work is counted by the hour in which it is due, so that one small
 * state answers "how many more lines can this node ship by its next cut-off" for every order that asks.
 */
import { type Capacity, capacityOfNode, earliestCutOff } from '../../policies/free-capacity.ts';
import type { Draft } from '../draft.ts';
import type { Order, OrderLine } from '../states.ts';
import type { LoadSlot, NodeLoad } from './node-load-state.ts';

export const LOAD_SLOT_MS = 3_600_000;

export const idle = (node: string): NodeLoad => ({
  node,
  slots: [],
  impaired: null,
  recoveredAt: 0,
  clock: '',
  pace: null,
  lastWave: null,
  openExceptions: [],
});

export const loadOf = (draft: Draft, node: string): NodeLoad => draft.get('node-load', node) ?? idle(node);

/**
 * What a node can still take at an instant: its next cut-off, the lines it can do by the end of that day, those due
 * by then, and how many are free. A node nobody has defined is without limit and without cut-off.
 */
export function capacityOf(draft: Draft, node: string, at: number): Capacity {
  return capacityOfNode(draft.get('node', node), draft.get('node-load', node), at);
}

/** The first cut-off by which the node can ship so many more lines, and what is free by then; null if none comes soon. */
export function earliestShipment(draft: Draft, node: string, lines: number, at: number): Capacity | null {
  return earliestCutOff(draft.get('node', node), draft.get('node-load', node), lines, at);
}

/** Lines that were released to the node and are not picked yet. */
export const inWork = (load: NodeLoad): number => load.slots.reduce((sum, { released }) => sum + released, 0);

type Work = { node: string; lines: number; released: number; orders: number; margin: number };

/** Carries a changed order over into the load of its nodes. */
export function moveLoad(draft: Draft, before: Order | undefined, after: Order): void {
  const wasOpen = before?.open === true;
  if (!wasOpen && !after.open) return;
  const was = wasOpen ? workOf(before) : none;
  const is = workOf(after);
  const moved = before !== undefined && (slotOf(before) !== slotOf(after) || before.channel !== after.channel);
  if (moved) {
    for (const work of was) change(draft, before, work, noWork);
    for (const work of is) change(draft, after, noWork, work);
    return;
  }
  const wasDone = wasOpen ? unitsDone(before) : 0;
  const worksOn = unitsDone(after) > wasDone;
  for (const work of is) change(draft, after, was.find((known) => known.node === work.node) ?? noWork, work, worksOn);
  for (const work of was)
    if (!is.some((known) => known.node === work.node)) change(draft, after, work, noWork, worksOn);
}

/** Grows by what a node does, and by nothing else: lines that are cancelled or moved away were not worked off. */
const unitsDone = ({ lines }: Order): number =>
  lines.reduce((sum, { picked, packed, dispatched }) => sum + Math.max(picked, packed) + dispatched, 0);

const none: Work[] = [];
const noWork: Work = { node: '', lines: 0, released: 0, orders: 0, margin: 0 };

/** An order without a promise is due since it was placed. */
const slotOf = (order: Order): number => Math.floor((order.shipBy > 0 ? order.shipBy : order.placedAt) / LOAD_SLOT_MS);

/** What an order means to each node: where units are reserved, else where the order is to be shipped from. */
export function workOf(order: Order): Work[] {
  const found: Work[] = [];
  if (!order.open) return found;
  for (const line of order.lines) {
    const open = line.quantity - line.cancelled - line.dispatched;
    if (open <= 0) continue;
    const lines = isPicked(line) ? 0 : 1;
    const margin = line.unitPrice - line.unitCost;
    if (line.allocated.length === 0) add(found, order, order.node, lines, open * margin);
    for (const [node, units] of line.allocated) add(found, order, node, lines, units * margin);
  }
  return found;
}

const isPicked = (line: OrderLine): boolean => Math.max(line.picked, line.packed) >= line.quantity - line.cancelled;

function add(found: Work[], order: Order, node: string, lines: number, margin: number): void {
  if (node === '') return;
  const released = order.releases?.some(([known]) => known === node) === true ? lines : 0;
  const known = found.find((work) => work.node === node);
  if (known === undefined) found.push({ node, lines, released, orders: 1, margin });
  else {
    known.lines += lines;
    known.released += released;
    known.margin += margin;
  }
}

function change(draft: Draft, order: Order, was: Work, is: Work, worksOn = false): void {
  const same = was.lines === is.lines && was.released === is.released && was.margin === is.margin;
  if (same && was.orders === is.orders) return;
  const node = is.node === '' ? was.node : is.node;
  const load = loadOf(draft, node);
  const slot = slotOf(order);
  const index = load.slots.findIndex((known) => known.slot >= slot);
  const here = index >= 0 && load.slots[index]!.slot === slot ? load.slots[index]! : undefined;
  const changed = changedSlot(
    here ?? { slot, lines: 0, released: 0, orders: 0, margin: 0, channels: {} },
    order.channel,
    was,
    is,
  );
  const slots = load.slots.slice();
  const place = index < 0 ? slots.length : index;
  if (changed.orders === 0) slots.splice(place, here === undefined ? 0 : 1);
  else slots.splice(place, here === undefined ? 0 : 1, changed);
  const done = worksOn ? Math.max(0, was.lines - is.lines) : 0;
  if (done === 0) draft.put('node-load', node, { ...load, slots });
  else {
    const worked = (load.worked ?? 0) + done;
    draft.put('node-load', node, { ...load, slots, worked, toldBy: draft.event?.source ?? '' });
  }
}

function changedSlot(slot: LoadSlot, channel: string, was: Work, is: Work): LoadSlot {
  const by = is.orders - was.orders;
  return {
    slot: slot.slot,
    lines: slot.lines + is.lines - was.lines,
    released: slot.released + is.released - was.released,
    orders: slot.orders + by,
    margin: slot.margin + is.margin - was.margin,
    channels: by === 0 ? slot.channels : changedCount(slot.channels, channel, by),
  };
}

function changedCount(channels: Record<string, number>, channel: string, by: number): Record<string, number> {
  const known = channels[channel];
  if (known === undefined) return sorted({ ...channels, [channel]: by });
  if (known + by !== 0) return { ...channels, [channel]: known + by };
  const { [channel]: _, ...others } = channels;
  return others;
}

/** States are the same byte for byte whatever came first. */
function sorted(channels: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(channels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
