/** Sourcing: an order looks for its stock, all lines at once, and what was chosen is kept with what it was better than. */
import { earliestCutOff } from '../../policies/free-capacity.ts';
import { shareAt } from '../../policies/node-capacity.ts';
import { shippingTerms } from '../../policies/shipping-terms.ts';
import { type Sourcing, type SourcingNode, type SourcingPlan, sourceUnits } from '../../policies/sourcing.ts';
import type { Draft } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { policyOf } from '../policy.ts';
import { availableFor } from '../reservations/availability.ts';
import { eligibleNodes, queue, take } from '../reservations/reservation.ts';
import type { Order, OrderLine } from '../states.ts';

/** Nodes named in a stored decision. */
const NODES_TOLD_MAX = 6;

/**
 * Reserves what the policy chooses for all units of these lines that wait; the rest goes into the queue.
 * @param lines lines of the order, or lines that are about to become part of it
 * @param without a node that is not to be asked, because it has just failed
 * @returns the lines in their order, with more allocated and less waiting
 */
export function sourceLines(draft: Draft, order: Order, lines: OrderLine[], when: number, without = ''): OrderLine[] {
  if (order.holding?.gaveBack === true || lines.every((line) => line.waiting === 0)) return lines;
  if (workspaceOf(draft).mode === 'advise') return lines.map((line) => queue(draft, order, line));
  const eligible = eligibleNodes(draft, order);
  const nodes = without === '' ? eligible : eligible.filter((node) => node !== without);
  const demand = demandOf(lines);
  const candidates = candidatesFor(draft, order, demand, nodes, when);
  const found = sourceUnits(demand.units, candidates, policyOf(draft, 'sourcing'));
  if (nodes.length > 1) tellSourcing(draft, order, demand, candidates, found, when);
  return shareOut(draft, order, lines, demand, candidates, found.plan, when);
}

/** Where the first of these lines is reserved. */
export function firstNode(lines: readonly OrderLine[]): string {
  for (const { allocated } of lines) if (allocated.length > 0) return allocated[0]![0];
  return '';
}

/** What an order needs, per SKU: its lines may share one. */
export type Demand = { skus: string[]; units: number[]; lines: number };

export function demandOf(lines: readonly OrderLine[]): Demand {
  const demand: Demand = { skus: [], units: [], lines: 0 };
  for (const line of lines) {
    if (line.waiting === 0) continue;
    demand.lines += 1;
    const place = demand.skus.indexOf(line.sku);
    if (place >= 0) demand.units[place]! += line.waiting;
    else {
      demand.skus.push(line.sku);
      demand.units.push(line.waiting);
    }
  }
  return demand;
}

/** The nodes that can ship to this order's customer at all, as the policy sees them. */
export function candidatesFor(
  draft: Draft,
  order: Order,
  demand: Demand,
  nodes: readonly string[],
  when: number,
): SourcingNode[] {
  const found: SourcingNode[] = [];
  for (const node of nodes) {
    const candidate = candidateOf(draft, order, demand, node, when);
    if (candidate !== null) found.push(candidate);
  }
  return found;
}

/** @returns null when the node cannot ship there: not active, or no carrier and no zone of it fits */
function candidateOf(draft: Draft, order: Order, demand: Demand, node: string, when: number): SourcingNode | null {
  if (node === order.requestedNode) return askedFor(draft, order, demand, node);
  const known = draft.get('node', node);
  const terms = known === undefined ? unknownTerms : shippingTerms(known, order, sumOf(demand.units));
  if (known?.active === false || terms === null) return null;
  const { costPerShipment, costPerUnit, transitMs } = terms;
  const load = draft.get('node-load', node);
  const capacity = known === undefined ? null : earliestCutOff(known, load, demand.lines, when);
  const leavesAt = known === undefined ? when : (capacity?.cutOff ?? Number.POSITIVE_INFINITY);
  const isStopped = shareAt(load?.impaired ?? null, when) === 0;
  const late =
    isStopped ||
    (order.shipBy > 0 && leavesAt > order.shipBy) ||
    (order.deliverBy > 0 && leavesAt + transitMs > order.deliverBy);
  return {
    node,
    available: demand.skus.map((sku) => availableFor(draft, { order, sku, node })),
    late,
    costPerShipment,
    costPerUnit,
    load: capacity === null || !(capacity.possible < Number.POSITIVE_INFINITY) ? 0 : permille(capacity),
    shipsAlready: order.lines.some((line) => line.allocated.some(([at]) => at === node)),
  };
}

/** What the channel itself has chosen is followed whatever the node's calendar says. */
const askedFor = (draft: Draft, order: Order, demand: Demand, node: string): SourcingNode => ({
  node,
  available: demand.skus.map((sku) => availableFor(draft, { order, sku, node })),
  late: false,
  costPerShipment: 0,
  costPerUnit: 0,
  load: 0,
  shipsAlready: true,
});

const unknownTerms = { costPerShipment: 0, costPerUnit: 0, transitMs: 0 };

const permille = ({ due, possible }: { due: number; possible: number }): number =>
  possible === 0 ? 1_000 : Math.min(1_000, Math.round((due * 1_000) / possible));

function shareOut(
  draft: Draft,
  order: Order,
  lines: OrderLine[],
  { skus }: Demand,
  candidates: SourcingNode[],
  { nodes, units }: SourcingPlan,
  when: number,
): OrderLine[] {
  const left = units.map((row) => [...row]);
  return lines.map((line) => {
    const sku = line.waiting === 0 ? -1 : skus.indexOf(line.sku);
    if (sku < 0) return line;
    let reserved = line;
    for (let place = 0; place < nodes.length; place++) {
      const some = Math.min(reserved.waiting, left[place]![sku]!);
      if (some === 0) continue;
      left[place]![sku]! -= some;
      reserved = take(draft, order, reserved, candidates[nodes[place]!]!.node, some, when);
    }
    return queue(draft, order, reserved);
  });
}

function tellSourcing(
  draft: Draft,
  order: Order,
  demand: Demand,
  candidates: SourcingNode[],
  found: Sourcing,
  when: number,
): void {
  draft.decision({
    policy: 'sourcing',
    at: when,
    order: order.order,
    line: '',
    sku: '',
    node: candidates[found.plan.nodes[0] ?? -1]?.node ?? '',
    outcome: outcomeOf(candidates, found.plan),
    inputs: inputsOf(demand, candidates, found),
  });
}

/** `BER-1 2, MUC-1 1`, and what is missing. */
export function outcomeOf(candidates: SourcingNode[], { nodes, units, unfilled }: SourcingPlan): string {
  const parts = nodes.map((index, place) => `${candidates[index]!.node} ${sumOf(units[place]!)}`);
  if (unfilled > 0) parts.push(`missing ${unfilled}`);
  return parts.join(', ');
}

/** Short names, because this is written for every order: see docs/orders.md. */
export function inputsOf(demand: Demand, candidates: SourcingNode[], { plan, beaten }: Sourcing): object {
  const told = candidates.slice(0, NODES_TOLD_MAX);
  return {
    lines: demand.lines,
    units: sumOf(demand.units),
    nodes: told.map(({ node, available, late, costPerShipment, costPerUnit, load }) => ({
      node,
      fills: available.reduce((sum, units, sku) => sum + Math.max(0, Math.min(units, demand.units[sku]!)), 0),
      ...(late ? { late } : {}),
      ...(costPerShipment > 0 ? { costPerShipment } : {}),
      ...(costPerUnit > 0 ? { costPerUnit } : {}),
      ...(load > 0 ? { load } : {}),
    })),
    ...(candidates.length > told.length ? { moreNodes: candidates.length - told.length } : {}),
    chosen: scoreOf(plan),
    beaten: beaten.map((other) => [other.nodes.map((index) => candidates[index]!.node).join('+'), ...scoreOf(other)]),
  };
}

/** Missing units, late units, shipments, cost, load: in the order in which plans are compared. */
const scoreOf = ({ unfilled, late, shipments, cost, load }: SourcingPlan): number[] => [
  unfilled,
  late,
  shipments,
  cost,
  load,
];

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
