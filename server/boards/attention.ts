/** What asks for somebody, in few rows: the worst of it, and how much there is. */
import { callingForSomebody } from '../../streams/exceptions/shown.ts';
import type { OpenException } from '../../streams/operations/states.ts';
import { type AttentionRow, attentionRow, type Pinned } from '../live/contract/boards.ts';
import type { Mirror } from '../live/mirror.ts';
import { exceptionRow } from '../live/views/exceptions.ts';
import type { Part } from './part.ts';

const ATTENTION_MAX = 8;
const PINNED_MAX = 4;
const LONG_OVERDUE_MS = 24 * 3_600_000;
/** A critical one this young stands before all others, so that nobody misses that it came. */
const NEW_MS = 5 * 60_000;
const severityRank = { critical: 0, high: 1, medium: 2, low: 3 } as const;

/** Those of one node or channel where asked. */
export function attention(mirror: Mirror, calling: readonly OpenException[], { node, channel }: Part): AttentionRow[] {
  return calling
    .filter((one) => (node === undefined || one.node === node) && (channel === undefined || one.channel === channel))
    .sort(worstFirst(mirror))
    .slice(0, ATTENTION_MAX)
    .map(rowOf);
}

/** Of the whole operation. */
export function pinnedOf(mirror: Mirror, calling: readonly OpenException[]): Pinned {
  const critical = calling.filter(({ severity }) => severity === 'critical');
  const newSince = mirror.businessNow() - NEW_MS;
  const fresh = critical.filter(({ openedAt }) => openedAt > newSince).sort((a, b) => b.openedAt - a.openedAt);
  const others = critical.filter(({ openedAt }) => openedAt <= newSince).sort(worstFirst(mirror));
  return {
    critical: critical.length,
    high: calling.filter(({ severity }) => severity === 'high').length,
    rows: [...fresh, ...others].slice(0, PINNED_MAX).map(rowOf),
  };
}

export const callingNow = (mirror: Mirror): OpenException[] => callingForSomebody(mirror.states.exception.values());

/** Among equals what can still be saved before what is long overdue, then what costs most. */
function worstFirst(mirror: Mirror): (a: OpenException, b: OpenException) => number {
  const longOverdue = mirror.businessNow() - LONG_OVERDUE_MS;
  return (a, b) =>
    severityRank[a.severity] - severityRank[b.severity] ||
    Number(a.deadline < longOverdue) - Number(b.deadline < longOverdue) ||
    b.moneyAtRisk - a.moneyAtRisk ||
    a.deadline - b.deadline;
}

const rowOf = (exception: OpenException): AttentionRow => attentionRow.parse(exceptionRow(exception));
