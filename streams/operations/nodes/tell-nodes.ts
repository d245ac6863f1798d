/** Nodes that have begun with an order are told when somebody else changes it: what is cancelled must not be shipped. */
import type { Draft } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import type { Order } from '../states.ts';

type Word = 'cancel-lines' | 'change-lines' | 'hold-order' | 'release-order';

/**
 * @param order as it was when the word came
 * @param body what the node has to know besides the order; plain JSON
 */
export function tellNodes(draft: Draft, order: Order, kind: Word, body: object, when: number): void {
  const { event } = draft;
  // An action of a person tells the nodes itself, and what waited for its order is told with that order's release.
  if (order.releases === undefined || event === undefined || !event.type.startsWith('order.')) return;
  if (event.type === 'order.placed' || workspaceOf(draft).mode !== 'decide') return;
  const told = new Set<string>();
  for (const [node] of order.releases) {
    // Whoever said it knows it.
    if (told.has(node) || draft.get('source', event.source)?.node === node) continue;
    told.add(node);
    draft.instruct({
      id: `${kind}:${order.order}:${node}:${event.source}:${event.id}`,
      kind,
      to: node,
      at: when,
      body: { order: order.order, ...body },
    });
  }
}
