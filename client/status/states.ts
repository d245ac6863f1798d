/** The six states and their words. Each has a shape of its own, so that colour never carries the meaning alone. */
import type { ExceptionRow, FeedState, KpiTile, OrderRow } from '../../server/live/contract.ts';

export type State = 'critical' | 'high' | 'medium' | 'low' | 'ok' | 'stale';

export const stateWords: Record<State, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  ok: 'OK',
  stale: 'Stale',
};

const ranks: Record<ExceptionRow['severity'], number> = { critical: 0, high: 1, medium: 2, low: 3 };
export const severityRank = (severity: ExceptionRow['severity']): number => ranks[severity] ?? 4;

/** What a KPI tile or a node card shows; null means no sign at all. */
export function tileState(status: KpiTile['status']): State | null {
  return status === 'none' ? null : status;
}

export const feedStates: Record<FeedState['status'], State> = {
  live: 'ok',
  stale: 'stale',
  replayed: 'low',
  never: 'low',
};
export const feedWords: Record<FeedState['status'], string> = {
  live: 'Live',
  stale: 'Silent',
  replayed: 'Replayed',
  never: 'No event yet',
};

const orderStates: Partial<Record<OrderRow['status'], State>> = { held: 'high', backordered: 'high' };
export const orderState = (status: OrderRow['status']): State | null => orderStates[status] ?? null;
export function orderWord(status: OrderRow['status']): string {
  return status.charAt(0).toUpperCase() + status.slice(1).replace('-', ' ');
}
