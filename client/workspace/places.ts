/** Names of nodes and channels for filters, as far as this browser has met them. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { NodeCard, Snapshot } from '../../server/live/contract.ts';
import { request } from '../http/request.ts';

export const usePlaces = defineStore('places', () => {
  /** Id to name. */
  const nodes = shallowReactive(new Map<string, string>());
  /** Id to time zone: what happens at a node is told on its clock. */
  const timeZones = shallowReactive(new Map<string, string>());
  const channels = shallowReactive(new Set<string>());
  let asked = false;

  return { nodes, timeZones, channels, load, meet };

  /** The wall's cards carry the names of the nodes; without them ids do. */
  async function load(): Promise<void> {
    if (asked) return;
    asked = true;
    const wall = await request<Snapshot>('GET', '/v1/live/wall').catch(() => null);
    for (const [key, entry] of Object.entries(wall?.entries ?? {})) {
      if (!key.startsWith('node:')) continue;
      const { node, name, timeZone } = entry as NodeCard;
      nodes.set(node, name);
      timeZones.set(node, timeZone);
    }
  }

  function meet(seen: { node?: string; channel?: string }): void {
    if (seen.node && !nodes.has(seen.node)) nodes.set(seen.node, seen.node);
    if (seen.channel) channels.add(seen.channel);
  }
});
