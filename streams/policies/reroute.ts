/**
 * Reroute: which orders leave a node that cannot ship them in time, and where to. Orders are looked at by the moment they
 * are due, the most costly first; the node keeps what it can still do. As soon as more is due than that, the order goes
 * elsewhere whose move is cheapest, as Moore and Hodgson choose the job to give up so that fewest are late. An order
 * moves only whole, in time and for less than being late would cost. No stock and no capacity is given away twice.
 */
import type { PolicyBody } from '../events/policies.ts';

/** Amounts in minor units, times epoch ms. */
export type RerouteOrder = {
  order: string;
  due: number;
  /** What the impaired node would have to pick of it. */
  lines: { line: string; sku: string; quantity: number }[];
  /** What it would cost to be late with it. */
  lateCost: number;
  /** Nodes that may ship it, first choice first, without the impaired one. */
  nodes: string[];
  /** Other nodes that ship part of it already. */
  shipsFrom: string[];
  /** Why it cannot move at all, such as `picked`; empty when it can. */
  stays: string;
};

export type RerouteNode = {
  /** Units it can promise, per SKU. */
  available: Readonly<Record<string, number>>;
  /** Lines it can take by each horizon on top of what is due there; Infinity without a limit. */
  free: readonly number[];
  costPerShipment: number;
  costPerUnit: number;
};

export type RerouteSituation = {
  /** Moments by which orders are due, ascending. */
  horizons: readonly number[];
  /** Lines the impaired node can do by each horizon. */
  possible: readonly number[];
  from: Pick<RerouteNode, 'costPerShipment' | 'costPerUnit'>;
  nodes: Readonly<Record<string, RerouteNode>>;
};

/** An order with all it moves; every line goes whole to one node. */
export type RerouteMove = {
  order: string;
  parts: { toNode: string; lines: { line: string; quantity: number }[] }[];
};

export type ReroutePlan = {
  moves: RerouteMove[];
  /** Orders that leave in time because they move, and what being late with them would have cost. */
  saved: { orders: number; lines: number; amount: number };
  /** Orders the impaired node can ship in time itself. */
  kept: { orders: number; lines: number };
  /** Orders that will be late all the same, and why. */
  late: { orders: number; lines: number; amount: number; reasons: Record<string, number> };
  /** Shipments more than before, and what the moves cost more than shipping from the impaired node. */
  extraShipments: number;
  extraCost: number;
};

type Option = { parts: { node: string; lines: RerouteOrder['lines'] }[]; extraShipments: number; extraCost: number };

export function planReroute(
  orders: readonly RerouteOrder[],
  situation: RerouteSituation,
  policy: PolicyBody<'reroute'>,
): ReroutePlan {
  const plan = noPlan();
  const elsewhere = new Elsewhere(situation, policy);
  const kept: RerouteOrder[] = [];
  let keptLines = 0;
  const movable: { order: RerouteOrder; score: number }[] = [];
  const queue = [...orders].sort((a, b) => a.due - b.due || b.lateCost - a.lateCost || (a.order < b.order ? -1 : 1));
  for (const order of queue) {
    kept.push(order);
    keptLines += order.lines.length;
    if (order.stays === '') insert(movable, { order, score: elsewhere.scoreOf(order) });
    const possible = situation.possible[horizonOf(situation, order.due)]!;
    while (keptLines > possible && kept.length > 0) {
      const leaving = leave(plan, movable, elsewhere, policy) ?? giveUp(plan, kept, elsewhere);
      kept.splice(kept.indexOf(leaving), 1);
      keptLines -= leaving.lines.length;
      drop(movable, leaving);
    }
  }
  plan.kept = { orders: kept.length, lines: keptLines };
  return plan;
}

const noPlan = (): ReroutePlan => ({
  moves: [],
  saved: { orders: 0, lines: 0, amount: 0 },
  kept: { orders: 0, lines: 0 },
  late: { orders: 0, lines: 0, amount: 0, reasons: {} },
  extraShipments: 0,
  extraCost: 0,
});

/** Moves the order whose move is cheapest. What cannot move now never can: stock and room elsewhere only shrink. */
function leave(
  plan: ReroutePlan,
  movable: { order: RerouteOrder }[],
  elsewhere: Elsewhere,
  policy: PolicyBody<'reroute'>,
): RerouteOrder | null {
  while (movable.length > 0 && plan.saved.orders < policy.ordersMax) {
    const { order } = movable[0]!;
    const option = elsewhere.optionFor(order);
    if (typeof option === 'string') {
      movable.shift();
      continue;
    }
    elsewhere.give(order, option);
    const parts = option.parts.map(({ node, lines }) => ({
      toNode: node,
      lines: lines.map(({ line, quantity }) => ({ line, quantity })),
    }));
    plan.moves.push({ order: order.order, parts });
    plan.saved.orders += 1;
    plan.saved.lines += order.lines.length;
    plan.saved.amount += order.lateCost;
    plan.extraShipments += option.extraShipments;
    plan.extraCost += option.extraCost;
    return order;
  }
  return null;
}

/** Nothing more can move: whoever costs least per line of work is late. */
function giveUp(plan: ReroutePlan, kept: RerouteOrder[], elsewhere: Elsewhere): RerouteOrder {
  const perLine = (order: RerouteOrder) => order.lateCost / order.lines.length;
  const late = kept.reduce((worst, order) => (perLine(order) < perLine(worst) ? order : worst));
  const option = late.stays === '' ? elsewhere.optionFor(late) : late.stays;
  const reason = typeof option === 'string' ? option : 'too many';
  plan.late.orders += 1;
  plan.late.lines += late.lines.length;
  plan.late.amount += late.lateCost;
  plan.late.reasons[reason] = (plan.late.reasons[reason] ?? 0) + 1;
  return late;
}

function insert(
  movable: { order: RerouteOrder; score: number }[],
  entry: { order: RerouteOrder; score: number },
): void {
  let [low, high] = [0, movable.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (movable[middle]!.score <= entry.score) low = middle + 1;
    else high = middle;
  }
  movable.splice(low, 0, entry);
}

function drop(movable: { order: RerouteOrder }[], order: RerouteOrder): void {
  const index = movable.findIndex((known) => known.order === order);
  if (index >= 0) movable.splice(index, 1);
}

/** The first horizon at or after a moment; the last one for whatever is later. */
function horizonOf({ horizons }: RerouteSituation, due: number): number {
  const index = horizons.findIndex((horizon) => horizon >= due);
  return index < 0 ? horizons.length - 1 : index;
}

/** What the other nodes can still give. */
class Elsewhere {
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
    const nodes = order.nodes.filter((node) => this.#situation.nodes[node] !== undefined);
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
    const { from, nodes } = this.#situation;
    const units = (lines: RerouteOrder['lines']) => lines.reduce((sum, { quantity }) => sum + quantity, 0);
    let cost = -from.costPerShipment - units(order.lines) * from.costPerUnit;
    let shipments = -1;
    for (const { node, lines } of parts) {
      const { costPerShipment, costPerUnit } = nodes[node]!;
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
