/** Reroutes as the API offers them: worked out, looked at, decided on. */
import { randomUUID } from 'node:crypto';
import type { Reroute, RerouteMoves } from '../../streams/operations/nodes/reroute-state.ts';
import { ids } from '../../streams/operations/states.ts';
import type { ReroutePlan } from '../../streams/policies/reroute-situation.ts';
import { readStates } from '../actions/paged-log.ts';
import type { RerouteView } from '../http/contract/nodes.ts';
import { Refusal } from '../http/problems.ts';
import { createStateIndex } from '../reading/state-index.ts';
import type { Runtime } from '../runtime.ts';
import type { ReroutesModel } from './model.ts';
import { rerouteViewOf } from './node-view.ts';
import { workOutReroute } from './proposals.ts';
import { createSpeaker, NotNow } from './say.ts';

export function createReroutes(runtime: Pick<Runtime, 'redis' | 'keys' | 'history'>, now: () => number): ReroutesModel {
  const { redis, keys } = runtime;
  const { read, say } = createSpeaker(runtime, now);
  const index = createStateIndex<Reroute>(redis, keys.state('reroute'), Date.now);

  async function reroute(id: string): Promise<RerouteView | null> {
    const known = await read('reroute', id);
    return known === undefined ? null : rerouteViewOf(known);
  }

  async function propose(node: string, impairment: string | undefined, by: string): Promise<RerouteView | null> {
    const plan = await workOutReroute(runtime, node, now());
    if (plan.moves.length === 0) throw new NotNow(`nothing of ${node} can be moved: ${whyNothing(plan)}`);
    const id = `reroute-${randomUUID()}`;
    await say('reroute.proposed', {
      reroute: id,
      node,
      by,
      ...plan,
      ...(impairment === undefined ? {} : { impairment }),
    });
    return reroute(id);
  }

  return {
    reroute,

    async proposeReroute(node, by) {
      const load = await read('node-load', node);
      return load === undefined ? null : propose(node, load.impaired?.impairment, by);
    },

    async proposeRerouteFor(impairment, by) {
      const known = await read('impairment', impairment);
      if (known === undefined) return null;
      if (known.endedAt > 0) throw new NotNow(`impairment ${impairment} is over`);
      return propose(known.node, impairment, by);
    },

    async reroutesPage({ cursor = '', limit, node, status }) {
      const fits = (known: Reroute) =>
        (node === undefined || known.node === node) && (status === undefined || known.status === status);
      const { items, next } = await index.page(cursor, limit, fits);
      return { items: items.map(rerouteViewOf), next };
    },

    async rerouteMoves(id, cursor = '0') {
      const known = await read('reroute', id);
      if (known === undefined) return null;
      if (!/^\d{1,4}$/.test(cursor)) throw new Refusal(400, { detail: 'The cursor is not one of ours.' });
      for (let page = Number(cursor); page < known.pages; page++) {
        const [found] = await readStates<RerouteMoves>(redis, keys, 'reroute-moves', [ids.rerouteMoves(id, page)]);
        if (found !== undefined) return { items: found.moves, next: page + 1 < known.pages ? String(page + 1) : null };
      }
      return { items: [], next: null };
    },

    async decide(id, decision, reason, by) {
      if ((await read('reroute', id)) === undefined) return null;
      const data = { reroute: id, by, ...(reason === undefined ? {} : { reason }) };
      await say(`reroute.${decision}`, data);
      return reroute(id);
    },
  };
}

function whyNothing({ kept, late }: ReroutePlan): string {
  if (late.orders === 0) return kept.orders === 0 ? 'nothing is due there' : 'it can do all that is due itself';
  return Object.entries(late.reasons)
    .map(([reason, orders]) => `${orders} ${orders === 1 ? 'order' : 'orders'}: ${reason}`)
    .join('; ');
}
