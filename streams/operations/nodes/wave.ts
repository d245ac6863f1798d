/** Waves: the open orders a node has promised to ship by one moment, and whether that moment is near or gone. */
import type { EventOf } from '../../events/index.ts';
import type { Draft } from '../draft.ts';
import { ids, type Order, type Wave } from '../states.ts';
import { moveLoad } from './node-load.ts';

/** A wave counts as at risk from this long before its promise. */
export const AT_RISK_BEFORE_MS = 2 * 3_600_000;

/** Takes the order out of the wave it was in and puts it into the one it belongs to now, and its work along with it. */
export function moveInWave(draft: Draft, before: Order | undefined, after: Order): void {
  moveLoad(draft, before, after);
  if (before !== undefined && isWatched(before)) change(draft, before, -1, isShipped(after));
  if (isWatched(after)) change(draft, after, 1);
}

const isWatched = (order: Order): boolean => order.open && order.shipBy > 0;

const isShipped = ({ open, lines }: Order): boolean => !open && lines.some(({ dispatched }) => dispatched > 0);

function change(draft: Draft, order: Order, by: 1 | -1, shipped = false): void {
  const id = ids.wave(order.node, order.shipBy);
  const known = draft.get('wave', id);
  const wave = known ?? newWave(order);
  const inChannel = (wave.channels[order.channel] ?? 0) + by;
  const { [order.channel]: _, ...others } = wave.channels;
  draft.put('wave', id, {
    ...wave,
    orders: wave.orders + by,
    ...(shipped ? { shipped: (wave.shipped ?? 0) + 1 } : {}),
    margin: wave.margin + by * openMargin(order),
    channels: inChannel === 0 ? others : { ...others, [order.channel]: inChannel },
  });
  draft.touch('wave', id);
  if (known !== undefined) return;
  draft.setDeadline(order.source, 'ship-by-risk', id, order.shipBy - AT_RISK_BEFORE_MS);
  draft.setDeadline(order.source, 'ship-by', id, order.shipBy);
}

const newWave = (order: Order): Wave => ({
  source: order.source,
  node: order.node,
  shipBy: order.shipBy,
  orders: 0,
  margin: 0,
  channels: {},
  atRisk: false,
  late: false,
  openExceptions: [],
});

const openMargin = (order: Order): number =>
  order.lines.reduce((sum, line) => {
    const units = Math.max(0, line.quantity - line.cancelled - line.dispatched);
    return sum + units * (line.unitPrice - line.unitCost);
  }, 0);

export function waveAtRisk(draft: Draft, event: EventOf<'deadline.passed'>): void {
  mark(draft, event.data.subject, { atRisk: true });
}

export function waveLate(draft: Draft, event: EventOf<'deadline.passed'>): void {
  mark(draft, event.data.subject, { atRisk: true, late: true });
}

function mark(draft: Draft, id: string, marks: Partial<Wave>): void {
  const wave = draft.get('wave', id);
  if (wave === undefined) return;
  draft.put('wave', id, { ...wave, ...marks });
  draft.touch('wave', id);
}

/** A wave without orders says nothing any more. */
export function endWave(draft: Draft, id: string): void {
  const wave = draft.get('wave', id);
  if (wave === undefined || wave.orders > 0) return;
  draft.clearDeadline(wave.source, 'ship-by-risk', id);
  draft.clearDeadline(wave.source, 'ship-by', id);
  draft.remove('wave', id);
}
