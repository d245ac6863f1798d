/** The life of one order as a picture needs it: its steps, its promises against what came, its holds. Pure. */
import type { DecisionsAnswer } from '../../server/http/contract/orders.ts';
import type { OrderView } from '../../server/http/contract.ts';

export type StoryStep = { key: string; title: string; at: number; until: number; count: number };
export type StoryPromise = { key: 'ship' | 'deliver'; title: string; at: number; standing: 'kept' | 'missed' | 'open' };
export type StoryHold = { hold: string; from: number; until: number | null };
export type OrderStory = {
  /** Every moment that counts, sorted, each once. */
  marks: number[];
  /** Set while something is still to come. */
  now: number | null;
  steps: StoryStep[];
  promises: StoryPromise[];
  holds: StoryHold[];
  /** From the promise to when it left, or to now. */
  late: { from: number; to: number } | null;
};
type Decision = Pick<DecisionsAnswer['items'][number], 'at' | 'policy'>;

const stepTypes: readonly (readonly [type: string, title: string])[] = [
  ['fulfilment.allocated', 'Allocated'],
  ['fulfilment.picked', 'Picked'],
  ['fulfilment.packed', 'Packed'],
  ['fulfilment.dispatched', 'Dispatched'],
  ['fulfilment.delivered', 'Delivered'],
  ['order.rerouted', 'Rerouted'],
  ['order.cancelled', 'Cancelled'],
  ['return.received', 'Returned'],
];

export function storyOf(order: OrderView, decisions: readonly Decision[], now: number): OrderStory {
  const happened = order.timeline.filter(({ summary }) => !summary.includes(' — refused: '));
  const timesOf = (type: string) => happened.filter((entry) => entry.type === type).map(({ occurredAt }) => occurredAt);
  const sourced = decisions.filter(({ policy }) => policy === 'sourcing').map(({ at }) => at);
  const found: [string, string, number[]][] = [
    ['placed', 'Placed', [order.placedAt]],
    ['sourced', 'Sourced', sourced],
    ['released', 'Released', order.releasedAt === null ? [] : [order.releasedAt]],
    ...stepTypes.map(([type, title]): [string, string, number[]] => [type, title, timesOf(type)]),
  ];
  const steps = found
    .flatMap(([key, title, at]): StoryStep[] =>
      at.length === 0 ? [] : [{ key, title, at: Math.min(...at), until: Math.max(...at), count: at.length }],
    )
    .sort((a, b) => a.at - b.at);
  const isOpen = order.openUnits > 0;
  const delivered = timesOf('fulfilment.delivered');
  const promises = promisesOf(order, delivered.length > 0 && !isOpen ? Math.max(...delivered) : null, now);
  const holds = holdsOf(happened);
  const underWay = isOpen || (order.status === 'dispatched' && order.deliverBy !== null);
  const all = [
    ...steps.flatMap(({ at, until }) => [at, until]),
    ...promises.map(({ at }) => at),
    ...holds.flatMap(({ from, until }) => [from, until ?? now]),
    ...(underWay ? [now] : []),
  ];
  return {
    marks: [...new Set(all)].sort((a, b) => a - b),
    now: underWay ? now : null,
    steps,
    promises,
    holds,
    late: lateOf(order, now),
  };
}

function promisesOf(order: OrderView, deliveredAt: number | null, now: number): StoryPromise[] {
  const standing = (promised: number, came: number | null, isOver: boolean): StoryPromise['standing'] =>
    came !== null ? (came <= promised ? 'kept' : 'missed') : !isOver && promised < now ? 'missed' : 'open';
  const dropped = order.status === 'cancelled';
  const { shipBy, deliverBy, dispatchedAt } = order;
  return [
    ...(shipBy === null
      ? []
      : [{ key: 'ship' as const, title: 'Ship by', at: shipBy, standing: standing(shipBy, dispatchedAt, dropped) }]),
    ...(deliverBy === null
      ? []
      : [
          {
            key: 'deliver' as const,
            title: 'Deliver by',
            at: deliverBy,
            standing: standing(deliverBy, deliveredAt, dropped || order.status === 'returned'),
          },
        ]),
  ];
}

function lateOf({ shipBy, dispatchedAt, openUnits }: OrderView, now: number): OrderStory['late'] {
  if (shipBy === null) return null;
  const left = dispatchedAt ?? (openUnits > 0 ? now : null);
  return left === null || left <= shipBy ? null : { from: shipBy, to: left };
}

/** A reason holds from the first time it was put on to its next release. */
function holdsOf(happened: OrderView['timeline']): StoryHold[] {
  const holds: StoryHold[] = [];
  const open = new Map<string, StoryHold>();
  for (const { type, summary, occurredAt } of happened) {
    const hold = summary.slice(summary.indexOf(': ') + 2);
    if (type === 'order.held' && !open.has(hold)) {
      const begun = { hold, from: occurredAt, until: null };
      open.set(hold, begun);
      holds.push(begun);
    } else if (type === 'order.released') {
      const begun = open.get(hold);
      if (begun !== undefined) begun.until = occurredAt;
      open.delete(hold);
    }
  }
  return holds;
}
