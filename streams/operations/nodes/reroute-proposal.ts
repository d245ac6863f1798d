/** Works out a reroute from the states as they stand: who is due at the node, and what the other nodes have to offer. */

import { nodeAtp } from '../../policies/available-to-promise.ts';
import { linesDue } from '../../policies/free-capacity.ts';
import { cancelPercentOf, costOfLateness } from '../../policies/lateness.ts';
import { nextCutOff } from '../../policies/node-calendar.ts';
import { linesPossible, shareAt } from '../../policies/node-capacity.ts';
import { planReroute } from '../../policies/reroute.ts';
import type {
  RerouteNode,
  RerouteOrder,
  ReroutePlan,
  RerouteSituation,
  ShippingCost,
} from '../../policies/reroute-situation.ts';
import { shippingTerms } from '../../policies/shipping-terms.ts';
import type { Draft } from '../draft.ts';
import { movableUnits } from '../orders/order-reroute.ts';
import { policyOf } from '../policy.ts';
import { availableFor, buyerOf } from '../reservations/availability.ts';
import { ids, type Order } from '../states.ts';
import { affectedUntil } from './impairment-effect.ts';
import { loadOf } from './node-load.ts';
import { dueOf } from './wave-release.ts';

const HOUR_MS = 3_600_000;
/** Orders looked at for one proposal, and moments of being due that are told apart. */
export const REROUTE_CANDIDATES_MAX = 2_000;
const HORIZONS_MAX = 240;

/**
 * Until when work of a node counts for a reroute: the expected end of its impairment, else the end of what its pace was
 * last checked for, else a day.
 */
export function rerouteUntil(draft: Draft, node: string, at: number): number {
  const { impaired, pace } = loadOf(draft, node);
  const impairment = impaired === null ? undefined : draft.get('impairment', impaired.impairment);
  if (impairment !== undefined) return affectedUntil(impairment, at);
  return pace !== null && pace.by > at ? pace.by : at + 24 * HOUR_MS;
}

/**
 * @param orders ids of open orders, of which those with work at the node that is due until then are looked at
 * @param at the moment the plan is for
 */
export function proposeReroute(draft: Draft, node: string, orders: readonly string[], at: number): ReroutePlan {
  const until = rerouteUntil(draft, node, at);
  const found: RerouteOrder[] = [];
  let overdueLines = 0;
  for (const id of orders) {
    const order = draft.get('order', id);
    const one = order?.open === true && dueOf(order) <= until ? rerouteOrder(draft, order, node, at) : null;
    if (one === null) continue;
    // What is late already comes first at the node and cannot be saved any more.
    if (one.due <= at) overdueLines += one.lines.length;
    else found.push(one);
  }
  const horizons = horizonsOf(found.map(({ due }) => due));
  const policy = policyOf(draft, 'reroute');
  const situation: RerouteSituation = {
    horizons,
    possible: horizons.map((horizon) => possibleBy(draft, node, at, horizon) - overdueLines),
    nodes: othersOf(draft, found, at, horizons, policy.spareCapacityPercent),
  };
  return planReroute(found, situation, policy);
}

/** @returns null when the order has nothing to pick at the node */
function rerouteOrder(draft: Draft, order: Order, node: string, at: number): RerouteOrder | null {
  const lines: RerouteOrder['lines'] = [];
  let [margin, units, stays] = [0, 0, ''];
  for (const line of order.lines) {
    const held = line.allocated.find(([known]) => known === node)?.[1] ?? 0;
    const isPicked = Math.max(line.picked, line.packed) >= line.quantity - line.cancelled;
    if (held === 0 || isPicked) continue;
    if (movableUnits(line, '', node) < held) stays = 'picked';
    lines.push({ line: line.line, sku: line.sku, quantity: held });
    margin += held * (line.unitPrice - line.unitCost);
    units += held;
  }
  if (lines.length === 0) return null;
  const penalty = draft.get('channel', order.channel)?.penalty ?? 0;
  const cancelPercent = cancelPercentOf(policyOf(draft, 'lateness'), order.channel);
  const nodes = draft.get('channel', order.channel)?.nodes ?? [];
  return {
    order: order.order,
    due: dueOf(order),
    lines,
    lateCost: costOfLateness(margin, penalty, cancelPercent),
    from: costsAt(draft, order, node, units),
    nodes: nodes.flatMap((other) => {
      if (other === node || !canPromise(draft, order, lines, other, at)) return [];
      const terms = termsAt(draft, order, other, units, at);
      return terms === null ? [] : [{ node: other, ...terms }];
    }),
    shipsFrom: shipsFrom(order, node),
    stays,
  };
}

const free: ShippingCost = { costPerShipment: 0, costPerUnit: 0 };

/** Other nodes from which part of the order has left or will leave. */
const shipsFrom = (order: Order, node: string): string[] =>
  [...new Set(order.lines.flatMap((line) => line.allocated.map(([at]) => at)))].filter((at) => at !== node).sort();

/** Whether a node may give this order any of it: what is kept there for others is not for it. */
function canPromise(draft: Draft, order: Order, lines: RerouteOrder['lines'], node: string, at: number): boolean {
  const buyer = { ...buyerOf(order), at };
  return lines.some(({ sku, quantity }) => availableFor(draft, { buyer, sku, node }) >= quantity);
}

/** What shipping from the impaired node would have cost. */
function costsAt(draft: Draft, order: Order, node: string, units: number): ShippingCost {
  const known = draft.get('node', node);
  const terms = known === undefined ? null : shippingTerms(known, order, units);
  return terms === null ? free : { costPerShipment: terms.costPerShipment, costPerUnit: terms.costPerUnit };
}

/** What shipping from a node costs; null where it does not ship there, stands still, or would deliver too late. */
function termsAt(draft: Draft, order: Order, node: string, units: number, at: number): ShippingCost | null {
  const known = draft.get('node', node);
  if (known === undefined) return free;
  const terms = shippingTerms(known, order, units);
  if (!known.active || terms === null || shareAt(loadOf(draft, node).impaired, at) === 0) return null;
  const leaves = nextCutOff(known, at);
  if (leaves === null || (order.deliverBy > 0 && leaves + terms.transitMs > order.deliverBy)) return null;
  return { costPerShipment: terms.costPerShipment, costPerUnit: terms.costPerUnit };
}

/** Moments by which orders are due; many are told apart by the hour only, the earlier one counting. */
function horizonsOf(dues: number[]): number[] {
  const exact = [...new Set(dues)].sort((a, b) => a - b);
  if (exact.length <= HORIZONS_MAX) return exact;
  const hours = [...new Set(exact.map((due) => Math.floor(due / HOUR_MS) * HOUR_MS))];
  return [...hours.slice(0, HORIZONS_MAX - 1), exact.at(-1)!];
}

function possibleBy(draft: Draft, node: string, at: number, by: number): number {
  const known = draft.get('node', node);
  const { impaired } = loadOf(draft, node);
  if (known === undefined) return shareAt(impaired, at) === 0 ? 0 : Number.POSITIVE_INFINITY;
  const possible = linesPossible(known, impaired, at, by);
  if (possible < Number.POSITIVE_INFINITY || impaired === null) return possible;
  // No pace is known: an impaired node is taken to do its share of what is due by then.
  return Math.floor(linesDue(loadOf(draft, node), by) * impaired.share + 1e-9);
}

function othersOf(
  draft: Draft,
  orders: readonly RerouteOrder[],
  at: number,
  horizons: readonly number[],
  sparePercent: number,
): Record<string, RerouteNode> {
  const names = [...new Set(orders.flatMap(({ nodes }) => nodes.map(({ node }) => node)))].sort();
  const skus = [...new Set(orders.flatMap(({ lines }) => lines.map(({ sku }) => sku)))].sort();
  return Object.fromEntries(
    names.map((node) => {
      const load = loadOf(draft, node);
      const free = horizons.map((by) =>
        Math.max(0, Math.floor((possibleBy(draft, node, at, by) * (100 - sparePercent)) / 100) - linesDue(load, by)),
      );
      const available = skus.map((sku): [string, number] => {
        const stock = draft.get('stock', ids.stock(sku, node));
        return [sku, stock === undefined ? 0 : Math.max(0, nodeAtp(stock, draft.get('item', sku)))];
      });
      return [node, { available: Object.fromEntries(available), free }];
    }),
  );
}
