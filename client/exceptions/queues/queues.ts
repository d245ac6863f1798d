/** Queues: filtered lists with a name. Some everybody has, others people save. Pure. */
import type { ExceptionViewBody } from '../../../server/http/contract/saved.ts';
import type { ExceptionLine } from '../../../server/live/contract.ts';
import { type Filter, filterText, matches, parseFilter, type Reader } from '../filter/filter.ts';

/** The parameters of the address that make up a queue. */
const parameters = ['q', 'due', 'sort', 'group'] as const;
export type QueueQuery = Partial<Record<(typeof parameters)[number], string>>;
export type Queue = { id: string; name: string; query: QueueQuery };

export const builtIn: readonly Queue[] = [
  { id: 'open', name: 'All open', query: {} },
  { id: 'mine', name: 'Assigned to me', query: { q: 'assignee:me' } },
  { id: 'unassigned', name: 'Unassigned', query: { q: 'assignee:none' } },
  { id: 'breached', name: 'Breached', query: { due: 'breached', sort: 'deadline' } },
  { id: 'hour', name: 'Due within 1h', query: { due: 'hour', sort: 'deadline' } },
  { id: 'stockouts', name: 'Stockouts', query: { q: 'kind:stockout-expected' } },
  {
    id: 'late-orders',
    name: 'Late orders',
    query: { q: 'kind:ship-by-at-risk,delivery-late,dispatch-unconfirmed,pick-delayed' },
  },
  { id: 'oversold', name: 'Oversold', query: { q: 'kind:oversold' } },
  { id: 'put-away', name: 'Put away', query: { q: 'show:put-away', sort: 'updated' } },
  { id: 'beneath', name: 'Beneath another', query: { q: 'show:beneath', group: 'cause' } },
];

/** Only what makes up a queue, in one spelling, so that two ways to say the same are the same queue. */
export function queueQuery(query: Record<string, unknown>): QueueQuery {
  const said = Object.fromEntries(
    parameters.flatMap((name) => (typeof query[name] === 'string' && query[name] !== '' ? [[name, query[name]]] : [])),
  ) as QueueQuery;
  const q = filterText(filterOf(said));
  const { q: _, ...rest } = said;
  return q === '' ? rest : { q, ...rest };
}

export const savedQueue = (view: { id: string; name: string; body: ExceptionViewBody }): Queue => ({
  id: view.id,
  name: view.name,
  query: queueQuery(view.body.query),
});

export function isSameQueue(a: QueueQuery, b: QueueQuery): boolean {
  return parameters.every((name) => (a[name] ?? '') === (b[name] ?? ''));
}

export const filterOf = ({ q = '', due = '' }: QueueQuery): Filter => parseFilter(q, due);

/** How many rows each queue holds; one pass over the rows. */
export function countQueues(
  queues: readonly Queue[],
  rows: Iterable<ExceptionLine>,
  reader: Reader,
): ReadonlyMap<string, number> {
  const filters = queues.map((queue) => ({ id: queue.id, filter: filterOf(queue.query) }));
  const counts = new Map(queues.map(({ id }) => [id, 0]));
  for (const row of rows) {
    for (const { id, filter } of filters) if (matches(filter, row, reader)) counts.set(id, counts.get(id)! + 1);
  }
  return counts;
}
