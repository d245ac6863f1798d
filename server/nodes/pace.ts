/** How fast nodes close orders, when that gets them through their next cut-off, and the picture of one of them. */
import type { NodePaceView, NodeStanding } from '../http/contract/nodes.ts';
import type { NodeCard } from '../live/contract.ts';
import type { Mirror } from '../live/mirror.ts';
import { nodeCards, paceOf, shipStory } from '../live/views/wall-story.ts';

export type NodePace = { perMinute: number; clearsAt: number | null; dueAt: number | null };

/** Per active node: orders closed per minute lately, 0 while nobody works. */
export function nodePaces(mirror: Mirror): Map<string, NodePace> {
  return new Map(
    nodeStandings(mirror).map(({ node, perMinute, clearsAt, dueAt }) => [node, { perMinute, clearsAt, dueAt }]),
  );
}

/** Every active node as the walls show it, the busiest first, with its pace. */
export function nodeStandings(mirror: Mirror): NodeStanding[] {
  const now = mirror.businessNow();
  return Object.values(nodeCards(mirror)).map((card) => ({
    ...card,
    perMinute: paceOf(mirror, now, { node: card.node }),
  }));
}

/** @returns null when nobody has defined the node */
export function nodePicture(mirror: Mirror, node: string): NodePaceView | null {
  const known = mirror.states.node.get(node);
  if (known === undefined) return null;
  const totals = mirror.states.totals.get(node);
  const card: NodeCard | undefined = nodeCards(mirror)[`node:${node}`];
  return {
    card: card ?? null,
    story: shipStory(mirror, { node }),
    perMinute: paceOf(mirror, mirror.businessNow(), { node }),
    stock: { records: totals?.records ?? 0, shortRecords: totals?.shortRecords ?? 0, onHand: totals?.onHand ?? 0 },
  };
}
