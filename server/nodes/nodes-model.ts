/** Nodes as the API offers them: how they stand, what to release, and what impairs them. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Impairment } from '../../streams/operations/impairment-state.ts';
import type { NodeLoad } from '../../streams/operations/node-load-state.ts';
import type { Reroute } from '../../streams/operations/reroute-state.ts';
import type { Node } from '../../streams/operations/states.ts';
import { readStates } from '../actions/paged-log.ts';
import type {
  affectedInboundPage,
  affectedOrdersPage,
  ImpairmentView,
  impairmentRequest,
  impairmentsPage,
  impairmentsQuery,
  NodeView,
  nodesPage,
  WaveAnswer,
  WaveProposal,
  waveRequest,
} from '../http/contract/nodes.ts';
import { createStateIndex } from '../reading/state-index.ts';
import type { Runtime } from '../runtime.ts';
import { createAffected } from './affected.ts';
import { impairmentRowOf, impairmentViewOf, nodeRowOf, nodeViewOf } from './node-view.ts';
import { workOutWave } from './proposals.ts';
import { createReroutes } from './reroutes.ts';
import { createSpeaker, NotNow } from './say.ts';

export type NodesModel = ReturnType<typeof createNodesModel>;
type Page = { cursor?: string | undefined; limit: number };

/** @param now business time, epoch ms: the wall clock while something is live, else the newest event */
export function createNodesModel(runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>, now: () => number) {
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

    async page({ cursor = '', limit }: Page): Promise<z.output<typeof nodesPage>> {
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

    async node(name: string): Promise<NodeView | null> {
      const [node, load] = await Promise.all([read('node', name), read('node-load', name)]);
      return node === undefined && load === undefined ? null : nodeViewOf(name, node, load, now());
    },

    async proposeWave(node: string): Promise<WaveProposal | null> {
      const at = now();
      const found = await workOutWave(runtime, node, at);
      return found === null ? null : { node, asOf: at, ...found };
    },

    /** @throws NotNow when nothing of it may begin */
    async releaseWave(node: string, asked: z.output<typeof waveRequest>, by: string): Promise<WaveAnswer | null> {
      const proposal = asked.orders === undefined ? await workOutWave(runtime, node, now()) : undefined;
      if (proposal === null) return null;
      const orders = asked.orders ?? proposal?.orders ?? [];
      if (orders.length === 0) throw new NotNow(`no wave for ${node}: ${proposal?.ends ?? 'nothing to release'}`);
      const cutOff = proposal?.cutOff ?? undefined;
      const data = { wave: asked.wave, node, orders, by, ...(cutOff === undefined ? {} : { cutOff }) };
      const applied = await say('wave.released', data, `wave:${node}:${asked.wave}`);
      return { wave: asked.wave, orders: orders.length, applied };
    },

    async impairmentsPage({
      cursor = '',
      limit,
      node,
      open,
    }: z.output<typeof impairmentsQuery>): Promise<z.output<typeof impairmentsPage>> {
      const fits = (known: Impairment) =>
        (node === undefined || known.node === node) && (open === undefined || (known.endedAt === 0) === open);
      const { items, next } = await impairments.page(cursor, limit, fits);
      return { items: items.map(impairmentRowOf), next };
    },

    impairment,

    /** The first report opens an impairment, the next ones correct it. @throws NotNow */
    async impair(node: string, asked: z.output<typeof impairmentRequest>, by: string): Promise<ImpairmentView | null> {
      if (!(await isKnown(node))) return null;
      const lasting = (await read('node-load', node))?.impaired?.impairment;
      const id = lasting ?? asked.impairment ?? `impairment-${randomUUID()}`;
      await say('node.impaired', { ...asked, node, impairment: id, by });
      return impairment(id);
    },

    /** @returns null when the node is not impaired. @throws NotNow */
    async recover(node: string, note: string | undefined, by: string): Promise<ImpairmentView | null> {
      const known = (await read('node-load', node))?.impaired?.impairment;
      if (known === undefined) return null;
      await say('node.recovered', { node, impairment: known, by, ...(note === undefined ? {} : { note }) });
      return impairment(known);
    },

    async affectedOrders(id: string, page: Page): Promise<z.output<typeof affectedOrdersPage> | null> {
      const known = await read('impairment', id);
      return known === undefined ? null : affected.orders(known, now(), page);
    },

    async affectedInbound(id: string, page: Page): Promise<z.output<typeof affectedInboundPage> | null> {
      const known = await read('impairment', id);
      return known === undefined ? null : affected.inbound(known, now(), page);
    },
  };
}
