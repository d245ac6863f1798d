/** What is open by node and cut-off, in which waves it is worked off, what is held. History names the orders, live state the rest. */
import type { z } from 'zod';
import {
  type ReleasedWave as FoundWave,
  type OpenPart,
  openBacklog,
  wavesReleased,
} from '../../analytics/clickhouse/queries/open-backlog.ts';
import { ordersByStatus, ordersPage } from '../../analytics/clickhouse/queries/orders.ts';
import { dueWords, openStatuses } from '../../streams/events/order-statuses.ts';
import { openUnits } from '../../streams/operations/orders/order-life.ts';
import type { Order } from '../../streams/operations/states.ts';
import type {
  BacklogCell,
  BacklogView,
  HeldGroup,
  HoldsAnswer,
  OrderCounts,
  orderCountsQuery,
  WavesAnswer,
} from '../http/contract/fulfilment.ts';
import type { FulfilmentModel } from '../http/read-model.ts';
import type { Mirror } from '../live/mirror.ts';
import { nodePaces } from '../nodes/pace.ts';
import type { Runtime } from '../runtime.ts';
import { reachable } from './ask-history.ts';
import { nodeDays } from './node-days.ts';
import { filterOf } from './orders.ts';

const HOUR_MS = 3_600_000;
const WAVES_WITHIN_MS = 48 * HOUR_MS;
const WAVES_MAX = 100;
const HELD_MAX = 2_000;
/** Upper ends of the ages of holds; the last group has none. */
const AGE_ENDS_MS = [HOUR_MS, 4 * HOUR_MS, 24 * HOUR_MS, 72 * HOUR_MS];
/** However many look at it, history is asked no more often. */
const ASKED_EVERY_MS = 2_000;

export function createFulfilmentModel(runtime: Runtime, mirror: Mirror): FulfilmentModel {
  const { history } = runtime;
  let asked: { at: number; answer: Promise<BacklogView> } | undefined;

  async function readBacklog(): Promise<BacklogView> {
    const days = nodeDays(mirror);
    const parts = await reachable(openBacklog(history, days));
    const paces = nodePaces(mirror);
    const byNode = Map.groupBy(parts, ({ node }) => node);
    for (const node of mirror.states.node.values())
      if (node.active && !byNode.has(node.node)) byNode.set(node.node, []);
    const nodes = [...byNode]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([node, found]) => {
        const known = mirror.states.node.get(node);
        const pace = paces.get(node);
        return {
          node,
          name: known?.name ?? node,
          timeZone: known?.timeZone ?? mirror.workspace().timeZone,
          pacePerMinute: pace?.perMinute ?? 0,
          clearsAt: pace?.clearsAt ?? null,
          dueAt: pace?.dueAt ?? null,
          cells: cellsOf(found),
        };
      });
    const openOrders = [...mirror.states.backlog.values()].reduce((sum, { orders }) => sum + orders, 0);
    return { asOf: days.now, openOrders, nodes };
  }

  return {
    async backlog(): Promise<BacklogView> {
      const at = mirror.now();
      if (asked === undefined || at - asked.at > ASKED_EVERY_MS) {
        const answer = readBacklog();
        asked = { at, answer };
        answer.catch(() => {
          asked = undefined;
        });
      }
      return asked.answer;
    },

    async waves({ node = '' }: { node?: string | undefined }): Promise<WavesAnswer> {
      const now = mirror.businessNow();
      const from = now - WAVES_WITHIN_MS;
      const found = await reachable(wavesReleased(history, { node, from, now, limit: WAVES_MAX }));
      const paces = nodePaces(mirror);
      const endOf = (wave: FoundWave) => {
        const left = wave.released + wave.picking + wave.packed;
        const perMinute = paces.get(wave.node)?.perMinute ?? 0;
        return left === 0 || perMinute === 0 ? null : Math.round(now + (left / perMinute) * 60_000);
      };
      return { asOf: now, from, items: found.map((wave) => ({ ...wave, endsAt: endOf(wave) })) };
    },

    async holds(): Promise<HoldsAnswer> {
      const now = mirror.businessNow();
      const { items, next } = await reachable(
        ordersPage(history, { status: ['held'], sort: 'due', limit: HELD_MAX, from: 0 }),
      );
      const orders = await mirror.readStates<Order>(
        'order',
        items.map(({ order }) => order),
      );
      const held = orders.filter(({ holds, open }) => open && holds.length > 0);
      return { asOf: now, orders: held.length, truncated: next !== null, items: holdGroups(held, now) };
    },

    async orderCounts(query: z.output<typeof orderCountsQuery>): Promise<OrderCounts> {
      const filter = await filterOf(runtime, mirror, query);
      const statuses = filter === null ? [] : await reachable(ordersByStatus(history, filter));
      const sum = (found: typeof statuses) => found.reduce((all, { orders }) => all + orders, 0);
      return {
        orders: sum(statuses),
        open: sum(statuses.filter(({ status }) => openStatuses.includes(status))),
        statuses,
      };
    },
  };
}

/** The cells of one node, in the order of their days. */
function cellsOf(parts: OpenPart[]): BacklogCell[] {
  return dueWords.flatMap((due) => {
    const found = parts.filter((part) => part.due === due);
    if (found.length === 0) return [];
    const sum = (value: (part: OpenPart) => number) => found.reduce((all, part) => all + value(part), 0);
    const firsts = found.flatMap(({ firstDue }) => (firstDue === null ? [] : [firstDue]));
    return [
      {
        due,
        orders: sum(({ orders }) => orders),
        lines: sum(({ lines }) => lines),
        units: sum(({ units }) => units),
        atRisk: sum(({ atRisk }) => atRisk),
        firstDue: firsts.length === 0 ? null : Math.min(...firsts),
        stages: Object.fromEntries(found.map(({ status, orders }) => [status, orders])),
      },
    ];
  });
}

/** The most orders first. */
export function holdGroups(held: readonly Order[], now: number): HeldGroup[] {
  const groups = new Map<string, HeldGroup>();
  for (const order of held) {
    for (const hold of order.holds) {
      const known = order.holding?.reasons.find((reason) => reason.hold === hold);
      const since = known?.ons[0] ?? order.placedAt;
      const group = groups.get(hold) ?? emptyGroup(hold, order.currency, since);
      const age = AGE_ENDS_MS.findIndex((end) => now - since < end);
      group.orders += 1;
      group.units += order.lines.reduce((sum, line) => sum + openUnits(line), 0);
      group.amount += order.amount;
      group.oldestSince = Math.min(group.oldestSince, since);
      group.aged += order.holding?.aged.includes(hold) ? 1 : 0;
      group.ages[age === -1 ? AGE_ENDS_MS.length : age]! += 1;
      group.late += order.shipBy > 0 && order.shipBy <= now ? 1 : 0;
      groups.set(hold, group);
    }
  }
  return [...groups.values()].sort((a, b) => b.orders - a.orders || (a.hold < b.hold ? -1 : 1));
}

const emptyGroup = (hold: string, currency: string, oldestSince: number): HeldGroup => ({
  hold,
  ...{ orders: 0, units: 0, amount: 0, aged: 0, late: 0 },
  currency,
  oldestSince,
  ages: [...AGE_ENDS_MS.map(() => 0), 0],
});
