/** Nodes as the API offers them: how they stand, what to release, and what impairs them. */
import { randomUUID } from 'node:crypto';
import type { Impairment } from '../../streams/operations/nodes/impairment-state.ts';
import type { NodeLoad } from '../../streams/operations/nodes/node-load-state.ts';
import type { Reroute } from '../../streams/operations/nodes/reroute-state.ts';
import type { Node } from '../../streams/operations/states.ts';
import { readStates } from '../actions/paged-log.ts';
import type { ImpairmentView } from '../http/contract/nodes.ts';
import { createStateIndex } from '../reading/state-index.ts';
import type { Runtime } from '../runtime.ts';
import { createAffected } from './affected.ts';
import type { NodesModel } from './model.ts';
import { impairmentRowOf, impairmentViewOf, nodeRowOf, nodeViewOf } from './node-view.ts';
import { workOutWave } from './proposals.ts';
import { createReroutes } from './reroutes.ts';
import { createSpeaker, NotNow } from './say.ts';

/** @param now business time, epoch ms: the wall clock while something is live, else the newest event */
export function createNodesModel(runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>, now: () => number): NodesModel {
  const { redis, keys } = runtime;
  const { read, say } = createSpeaker(runtime, now);
  const impairments = createStateIndex<Impairment>(redis, keys.state('impairment'), Date.now);
  const affected = createAffected(runtime);

  async function impairment(id: string): Promise<ImpairmentView | null> {
    const known = await read('impairment', id);
    if (known === undefined) return null;
    return impairmentViewOf(known, await readStates<Reroute>(redis, keys, 'reroute', known.proposals));
  }

  async function isKnown(node: string): Promise<boolean> {
    const found = await Promise.all([read('node', node), read('node-load', node)]);
    return found.some((state) => state !== undefined);
  }

  return {
    ...createReroutes(runtime, now),

    async page({ cursor = '', limit }) {
      const [nodes, loads] = await Promise.all([
        redis.hGetAll(keys.state('node')),
        redis.hGetAll(keys.state('node-load')),
      ]);
      const names = [...new Set([...Object.keys(nodes), ...Object.keys(loads)])].filter((name) => name > cursor).sort();
      const at = now();
      const items = names.slice(0, limit).map((name) => {
        const node = nodes[name] === undefined ? undefined : (JSON.parse(nodes[name]) as Node);
        const load = loads[name] === undefined ? undefined : (JSON.parse(loads[name]) as NodeLoad);
        return nodeRowOf(name, node, load, at);
      });
      return { items, next: names.length > limit ? items.at(-1)!.node : null };
    },

    async node(name) {
      const [node, load] = await Promise.all([read('node', name), read('node-load', name)]);
      return node === undefined && load === undefined ? null : nodeViewOf(name, node, load, now());
    },

    async proposeWave(node) {
      const at = now();
      const found = await workOutWave(runtime, node, at);
      return found === null ? null : { node, asOf: at, ...found };
    },

    async releaseWave(node, asked, by) {
      const proposal = asked.orders === undefined ? await workOutWave(runtime, node, now()) : undefined;
      if (proposal === null) return null;
      const orders = asked.orders ?? proposal?.orders ?? [];
      if (orders.length === 0) throw new NotNow(`no wave for ${node}: ${proposal?.ends ?? 'nothing to release'}`);
      const cutOff = proposal?.cutOff ?? undefined;
      const data = { wave: asked.wave, node, orders, by, ...(cutOff === undefined ? {} : { cutOff }) };
      const applied = await say('wave.released', data, `wave:${node}:${asked.wave}`);
      return { wave: asked.wave, orders: orders.length, applied };
    },

    async impairmentsPage({ cursor = '', limit, node, open }) {
      const fits = (known: Impairment) =>
        (node === undefined || known.node === node) && (open === undefined || (known.endedAt === 0) === open);
      const { items, next } = await impairments.page(cursor, limit, fits);
      return { items: items.map(impairmentRowOf), next };
    },

    impairment,

    async impair(node, asked, by) {
      if (!(await isKnown(node))) return null;
      const lasting = (await read('node-load', node))?.impaired?.impairment;
      const id = lasting ?? asked.impairment ?? `impairment-${randomUUID()}`;
      await say('node.impaired', { ...asked, node, impairment: id, by });
      return impairment(id);
    },

    async recover(node, note, by) {
      const known = (await read('node-load', node))?.impaired?.impairment;
      if (known === undefined) return null;
      await say('node.recovered', { node, impairment: known, by, ...(note === undefined ? {} : { note }) });
      return impairment(known);
    },

    async affectedOrders(id, page) {
      const known = await read('impairment', id);
      return known === undefined ? null : affected.orders(known, now(), page);
    },

    async affectedInbound(id, page) {
      const known = await read('impairment', id);
      return known === undefined ? null : affected.inbound(known, now(), page);
    },
  };
}
