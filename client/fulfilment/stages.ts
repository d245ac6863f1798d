/** How far open orders are, as five stages on their way: what cannot begin, what can, and what has begun. Pure. */
import type { OrderStatus } from '../../streams/events/order-statuses.ts';

export type StageName = 'blocked' | 'ready' | 'released' | 'picking' | 'packed';
export type Stage = { name: StageName; title: string; orders: number; statuses: readonly OrderStatus[] };

export const stages: readonly Omit<Stage, 'orders'>[] = [
  { name: 'packed', title: 'Packed', statuses: ['packed', 'part-dispatched'] },
  { name: 'picking', title: 'Picking', statuses: ['picking'] },
  { name: 'released', title: 'Released', statuses: ['released'] },
  { name: 'ready', title: 'Ready to release', statuses: ['allocated'] },
  { name: 'blocked', title: 'Cannot begin', statuses: ['held', 'backordered'] },
];

type Counts = Partial<Record<OrderStatus, number>>;

/** All five, the furthest first, so that a bar of them fills from its beginning. */
export const stagesOf = (counts: Counts): Stage[] =>
  stages.map((stage) => ({ ...stage, orders: stage.statuses.reduce((sum, status) => sum + (counts[status] ?? 0), 0) }));

export function sumOfCounts(all: readonly Counts[]): Counts {
  const sum: Counts = {};
  for (const counts of all)
    for (const [status, orders] of Object.entries(counts) as [OrderStatus, number][])
      sum[status] = (sum[status] ?? 0) + orders;
  return sum;
}
