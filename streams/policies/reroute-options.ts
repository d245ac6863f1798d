/** Where an order of an impaired node could ship from instead, while stock and capacity elsewhere last. */
import type { PolicyBody } from '../events/policies.ts';
import { horizonOf, type RerouteOrder, type RerouteSituation } from './reroute-situation.ts';

export type Option = {
  parts: { node: string; lines: RerouteOrder['lines'] }[];
  extraShipments: number;
  extraCost: number;
};

/** What the other nodes can still give. */
export class Elsewhere {
  readonly #situation: RerouteSituation;
  readonly #policy: PolicyBody<'reroute'>;
  readonly #available: Record<string, Record<string, number>>;
  readonly #free: Record<string, number[]>;

  constructor(situation: RerouteSituation, policy: PolicyBody<'reroute'>) {
    this.#situation = situation;
    this.#policy = policy;
    const entries = Object.entries(situation.nodes);
    this.#available = Object.fromEntries(entries.map(([node, { available }]) => [node, { ...available }]));
    this.#free = Object.fromEntries(entries.map(([node, { free }]) => [node, [...free]]));
  }

  /** What moving an order costs, in minor units per line of work it takes off the impaired node. */
  scoreOf(order: RerouteOrder): number {
    const option = this.optionFor(order);
    return typeof option === 'string' ? Number.POSITIVE_INFINITY : option.extraCost / order.lines.length;
  }

  /** The cheapest way to ship an order in time from elsewhere, or why there is none. */
  optionFor(order: RerouteOrder): Option | string {
    const nodes = order.nodes.map(({ node }) => node).filter((node) => this.#situation.nodes[node] !== undefined);
    let best: Option | undefined;
    let problem = 'no stock elsewhere';
    const look = (used: string[]) => {
      const parts = this.#partsFrom(order, used);
      if (parts === null) return;
      if (parts.some(({ node, lines }) => this.#room(node, order.due) < lines.length)) {
        problem = 'no room elsewhere';
        return;
      }
      const option = this.#priced(order, parts);
      if (best === undefined || compare(option, best) < 0) best = option;
    };
    for (const node of nodes) look([node]);
    if (best === undefined && this.#policy.splits) {
      for (const first of nodes) for (const second of nodes) if (first !== second) look([first, second]);
    }
    if (best === undefined) return problem;
    const worthIt = best.extraCost <= 0 || best.extraCost * 100 <= order.lateCost * this.#policy.costPercentMax;
    return worthIt ? best : 'costs too much';
  }

  give(order: RerouteOrder, { parts }: Option): void {
    const from = horizonOf(this.#situation, order.due);
    for (const { node, lines } of parts) {
      for (const { sku, quantity } of lines) this.#available[node]![sku]! -= quantity;
      const free = this.#free[node]!;
      for (let horizon = from; horizon < free.length; horizon++) free[horizon]! -= lines.length;
    }
  }

  /** Every line whole from one of these nodes, the first where it can; null when that is impossible or one is not needed. */
  #partsFrom(order: RerouteOrder, used: string[]): Option['parts'] | null {
    const left = used.map((node) => ({ ...this.#available[node] }));
    const parts = used.map((node) => ({ node, lines: [] as RerouteOrder['lines'] }));
    for (const line of order.lines) {
      const index = left.findIndex((available) => (available[line.sku] ?? 0) >= line.quantity);
      if (index < 0) return null;
      left[index]![line.sku]! -= line.quantity;
      parts[index]!.lines.push(line);
    }
    return parts.every(({ lines }) => lines.length > 0) ? parts : null;
  }

  /** Lines a node can take that are due by then, without being late with anything that is due later. */
  #room(node: string, due: number): number {
    const free = this.#free[node]!;
    let room = Number.POSITIVE_INFINITY;
    for (let horizon = horizonOf(this.#situation, due); horizon < free.length; horizon++) {
      room = Math.min(room, free[horizon]!);
    }
    return room;
  }

  #priced(order: RerouteOrder, parts: Option['parts']): Option {
    const { from, nodes } = order;
    const units = (lines: RerouteOrder['lines']) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
    let cost = -from.costPerShipment - units(order.lines) * from.costPerUnit;
    let shipments = -1;
    for (const { node, lines } of parts) {
      const { costPerShipment, costPerUnit } = nodes.find((known) => known.node === node)!;
      cost += units(lines) * costPerUnit;
      if (order.shipsFrom.includes(node)) continue;
      cost += costPerShipment;
      shipments += 1;
    }
    return { parts, extraShipments: shipments, extraCost: cost };
  }
}

/** Fewest shipments, then least cost; of equals the channel's first choice, which is looked at first. */
const compare = (a: Option, b: Option): number => a.extraShipments - b.extraShipments || a.extraCost - b.extraCost;
