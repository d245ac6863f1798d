/** Advice: where another system decides, what we would have done is kept and compared with what was done. */
import { type SourcingNode, type SourcingPlan, sourceUnits } from '../../policies/sourcing.ts';
import type { Draft } from '../draft.ts';
import { workspaceOf } from '../master-data.ts';
import { policyOf } from '../policy.ts';
import type { Order, OrderLine } from '../states.ts';
import type { Advised } from './advice-state.ts';
import { stepOf } from './order-step.ts';
import { candidatesFor, demandOf, inputsOf, outcomeOf } from './sourcing.ts';

/** @returns what we would do with a new order; undefined where we decide ourselves */
export function adviseOn(draft: Draft, order: Order, when: number): Advised | undefined {
  if (workspaceOf(draft).mode !== 'advise') return undefined;
  const free: Order = { ...order, requestedNode: '' };
  const nodes = draft.get('channel', order.channel)?.nodes ?? [];
  const demand = demandOf(order.lines);
  const candidates = candidatesFor(draft, free, demand, nodes, when);
  const found = sourceUnits(demand.units, candidates, policyOf(draft, 'sourcing'));
  draft.decision({
    policy: 'sourcing',
    at: when,
    order: order.order,
    line: '',
    sku: '',
    node: candidates[found.plan.nodes[0] ?? -1]?.node ?? '',
    outcome: `advice: ${outcomeOf(candidates, found.plan)}`,
    inputs: inputsOf(demand, candidates, found),
  });
  return { ...planned(candidates, found.plan), shipped: [], judged: false };
}

function planned(candidates: SourcingNode[], plan: SourcingPlan): Omit<Advised, 'shipped' | 'judged'> {
  const nodes = plan.nodes.map((index, place): [string, number] => [
    candidates[index]!.node,
    plan.units[place]!.reduce((sum, units) => sum + units, 0),
  ]);
  return { nodes: nodes.sort(byNode), unfilled: plan.unfilled, shipments: plan.shipments, cost: plan.cost };
}

const byNode = ([a]: [string, number], [b]: [string, number]): number => (a < b ? -1 : a > b ? 1 : 0);

/** Notes units that have left from a node. */
export function shippedFrom(advised: Advised | undefined, node: string, units: number): Advised | undefined {
  if (advised === undefined || advised.judged) return advised;
  return { ...advised, shipped: withUnits(advised.shipped, node, units) };
}

function withUnits(nodes: [string, number][], node: string, units: number): [string, number][] {
  const known = nodes.find(([name]) => name === node)?.[1] ?? 0;
  return [...nodes.filter(([name]) => name !== node), [node, known + units] as [string, number]].sort(byNode);
}

/**
 * Compares advice and deed once, when all that is not cancelled has been reserved or shipped by somebody.
 * @param order as it is after the event
 * @returns the order, with the judgement noted
 */
export function judgeAdvice(draft: Draft, order: Order, when: number): Order {
  const { advised } = order;
  if (advised === undefined || advised.judged || order.lines.some((line) => line.waiting > 0)) return order;
  const done = doneOf(advised, order.lines);
  if (done.length === 0) return order;
  const terms = termsOf(draft, order, done, when);
  const cost = done.reduce((sum, [node, units]) => sum + costOf(terms, node, units), 0);
  const difference = differenceOf(advised, done);
  draft.decision({
    policy: 'advice',
    at: when,
    order: order.order,
    line: '',
    sku: '',
    node: done[0]![0],
    outcome: difference,
    inputs: {
      advised: advised.nodes,
      done,
      unfilled: advised.unfilled,
      shipments: [advised.shipments, done.length],
      cost: [advised.cost, cost],
    },
  });
  draft.transition(
    stepOf(order, {
      step: 'order-advice-judged',
      at: when,
      quantity: done.length - advised.shipments,
      amount: cost - advised.cost,
      short: difference === 'followed' ? 0 : 1,
      cause: difference,
    }),
  );
  return { ...order, advised: { ...advised, judged: true } };
}

/** What left and what is reserved to leave, in units per node. */
function doneOf(advised: Advised, lines: OrderLine[]): [string, number][] {
  let done = advised.shipped;
  for (const line of lines) for (const [node, units] of line.allocated) done = withUnits(done, node, units);
  return done;
}

/** In one word each, because they are counted. */
function differenceOf(advised: Advised, done: [string, number][]): string {
  if (done.length > advised.nodes.length) return advised.unfilled > 0 ? 'filled-more' : 'more-shipments';
  if (done.length < advised.nodes.length) return 'fewer-shipments';
  if (!done.every(([node], index) => advised.nodes[index]![0] === node)) return 'other-node';
  return done.every(([, units], index) => advised.nodes[index]![1] === units) ? 'followed' : 'other-units';
}

function termsOf(draft: Draft, order: Order, done: [string, number][], when: number): Map<string, SourcingNode> {
  const free: Order = { ...order, requestedNode: '' };
  const nodes = done.map(([node]) => node);
  const none = { skus: [], units: [], lines: 0 };
  return new Map(candidatesFor(draft, free, none, nodes, when).map((node) => [node.node, node]));
}

function costOf(terms: Map<string, SourcingNode>, node: string, units: number): number {
  const known = terms.get(node);
  return known === undefined ? 0 : known.costPerShipment + units * known.costPerUnit;
}
