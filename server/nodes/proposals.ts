/** Waves and reroutes worked out from live states; history only tells which orders to look at. */
import { openOrdersDue } from '../../analytics/clickhouse/queries/open-orders-due.ts';
import type { OrderStatus } from '../../streams/events/order-statuses.ts';
import type { Draft } from '../../streams/operations/draft.ts';
import {
  proposeReroute,
  REROUTE_CANDIDATES_MAX,
  rerouteUntil,
} from '../../streams/operations/nodes/reroute-proposal.ts';
import { proposeWave, WAVE_CANDIDATES_MAX, type WaveProposal } from '../../streams/operations/nodes/wave-proposal.ts';
import { policyOf } from '../../streams/operations/policy.ts';
import { type Channel, ids, type Order } from '../../streams/operations/states.ts';
import type { ReroutePlan } from '../../streams/policies/reroute-situation.ts';
import type { Keys } from '../../streams/processing/keys.ts';
import { readStates } from '../actions/paged-log.ts';
import { reachable } from '../reading/ask-history.ts';
import { atOneMoment, type Wanted } from '../reading/at-one-moment.ts';
import type { Runtime } from '../runtime.ts';

type Deps = Pick<Runtime, 'redis' | 'keys' | 'history'>;

const HOUR_MS = 3_600_000;
const toShip: readonly OrderStatus[] = ['held', 'backordered', 'allocated', 'released', 'picking', 'part-dispatched'];
const toRelease: readonly OrderStatus[] = ['allocated', 'part-dispatched'];

/** The next wave of a node; null when nobody has defined it. */
export async function workOutWave(deps: Deps, node: string, at: number): Promise<WaveProposal | null> {
  const wanted: Wanted = new Map([
    ['policy', new Set(['wave-release'])],
    ['node', new Set([node])],
    ['node-load', new Set([node])],
  ]);
  const { answer } = await atOneMoment(deps.redis, deps.keys, (draft) => policyOf(draft, 'wave-release'), wanted);
  const orders = await candidates(deps, {
    node,
    statuses: answer.partial ? [...toRelease, 'backordered'] : toRelease,
    until: at + answer.horizonHours * HOUR_MS,
    now: at,
    limit: WAVE_CANDIDATES_MAX,
  });
  wanted.set('order', new Set(orders));
  return (await atOneMoment(deps.redis, deps.keys, (draft) => proposeWave(draft, node, orders, at), wanted)).answer;
}

/** What could be moved away from a node. */
export async function workOutReroute(deps: Deps, node: string, at: number): Promise<ReroutePlan> {
  const { redis, keys } = deps;
  const until = (await atOneMoment(redis, keys, (draft) => rerouteUntil(draft, node, at))).answer;
  const limit = REROUTE_CANDIDATES_MAX;
  const orders = await candidates(deps, { node, statuses: toShip, until, now: at, limit });
  const wanted = await statesOf(deps, node, orders);
  return (await atOneMoment(redis, keys, (draft: Draft) => proposeReroute(draft, node, orders, at), wanted)).answer;
}

async function candidates(
  { history }: Deps,
  query: { node: string; statuses: readonly OrderStatus[]; until: number; now: number; limit: number },
): Promise<string[]> {
  const { items } = await reachable(openOrdersDue(history, { ...query, splits: true }));
  return items.map(({ order }) => order);
}

/** Everything the plan will read, asked for at once: orders name their SKUs, and channels their nodes. */
async function statesOf({ redis, keys }: Deps, node: string, orders: readonly string[]): Promise<Wanted> {
  const known = (await readStates<Order>(redis, keys, 'order', orders)).filter((order) => isThere(order, node));
  const channels = await readStates<Channel>(redis, keys, 'channel', unique(known.map(({ channel }) => channel)));
  const nodesOf = new Map(channels.map((channel) => [channel.channel, channel.nodes]));
  const nodes = unique([node, ...channels.flatMap((channel) => channel.nodes)]);
  const skus = unique(known.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const stocks = known.flatMap(({ channel, lines }) =>
    (nodesOf.get(channel) ?? []).flatMap((at) => lines.map(({ sku }) => ids.stock(sku, at))),
  );
  return new Map<Parameters<Keys['state']>[0], Set<string>>([
    ['policy', new Set(['reroute', 'lateness', 'protection', 'allocation'])],
    ['order', new Set(orders)],
    ['channel', new Set(known.map(({ channel }) => channel))],
    ['node', new Set(nodes)],
    ['node-load', new Set(nodes)],
    ['item', new Set(skus)],
    ['stock', new Set(stocks)],
  ]);
}

const isThere = (order: Order, node: string): boolean =>
  order.lines.some((line) => line.allocated.some(([at]) => at === node));

const unique = (values: string[]): string[] => [...new Set(values)];
