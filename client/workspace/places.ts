/** Names of nodes and channels for filters, as far as this browser has met them. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { NodeStandings } from '../../server/http/contract/nodes.ts';
import { request } from '../http/request.ts';

export const usePlaces = defineStore('places', () => {
  /** Id to name. */
  const nodes = shallowReactive(new Map<string, string>());
  /** Id to time zone: what happens at a node is told on its clock. */
  const timeZones = shallowReactive(new Map<string, string>());
  const channels = shallowReactive(new Set<string>());
  let asked = false;

  return { nodes, timeZones, channels, load, meet };

  /** Active nodes; of the others, and for those who may not see them, ids do. */
  async function load(): Promise<void> {
    if (asked) return;
    asked = true;
    const standings = await request<NodeStandings>('GET', '/v1/node-standings').catch(() => null);
    for (const { node, name, timeZone } of standings?.items ?? []) {
      nodes.set(node, name);
      timeZones.set(node, timeZone);
    }
  }

  function meet(seen: { node?: string; channel?: string }): void {
    if (seen.node && !nodes.has(seen.node)) nodes.set(seen.node, seen.node);
    if (seen.channel) channels.add(seen.channel);
  }
});
