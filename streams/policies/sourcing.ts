/**
 * Sourcing: from which nodes a whole order ships. In this order of importance: as many units as possible, as few of them
 * late as possible, fewest shipments, least cost, least loaded nodes, the channel's order of preference.
 *
 * Exact for up to three shipments: within a fixed set of nodes each SKU is filled by itself from the on-time and cheaper
 * nodes first, which is optimal because units of different SKUs share no limit; so the best of all sets of one, two and
 * three nodes is the best there is. Beyond three, one node is added at a time, always the one that helps most.
 */

/** One node as the decision sees it. */
export type SourcingNode = {
  node: string;
  /** Units it may promise of each SKU that is needed, in the order of the needs. Negative counts as nothing. */
  available: readonly number[];
  /** It would miss the promise: its cut-off is behind, its day is full, or the way is too long. */
  late: boolean;
  /** Minor units of the workspace's currency. */
  costPerShipment: number;
  costPerUnit: number;
  /** How full its day is already, in thousandths. */
  load: number;
  /** Part of the order ships from there anyway: one more line makes no further shipment. */
  shipsAlready: boolean;
};

/** What one plan costs us, in the order in which plans are compared. */
export type SourcingScore = { unfilled: number; late: number; shipments: number; cost: number; load: number };

export type SourcingPlan = SourcingScore & {
  /** The nodes used, by their place in the list of candidates. */
  nodes: number[];
  /** Units per used node and SKU: `units[i][s]` from `nodes[i]` of need `s`. */
  units: number[][];
};

export type Sourcing = { plan: SourcingPlan; beaten: SourcingPlan[] };

export type SourcingLimits = {
  /** Shipments one order may be split into. */
  shipmentsMax: number;
  /** Whether a late node is worse than one more shipment. */
  onTimeFirst: boolean;
};

/** Up to here all sets are tried; of more nodes, pairs and triples are tried among those that could give most. */
export const SOURCING_CANDIDATES_MAX = 12;
/** Plans kept to show what the choice was better than. */
export const SOURCING_BEATEN_MAX = 3;
const EXACT_SHIPMENTS = 3;

/**
 * @param needed units per SKU, each above zero
 * @param candidates nodes that may ship it, first choice first
 * @returns the best plan and those it beat; an empty plan when nobody has anything
 */
export function sourceUnits(needed: readonly number[], candidates: SourcingNode[], limits: SourcingLimits): Sourcing {
  const ranking = new Ranking();
  const useful: number[] = [];
  for (let index = 0; index < candidates.length; index++) {
    const plan = planFor(needed, candidates, [index], limits);
    if (plan.nodes.length === 0) continue;
    useful.push(index);
    ranking.add(plan);
  }
  // One shipment, complete and in time: no set of more nodes can be better, unless others ship already anyway.
  const { best } = ranking;
  const settled =
    best !== undefined && best.unfilled === 0 && best.late === 0 && !candidates.some((node) => node.shipsAlready);
  if (!settled && useful.length > 1 && limits.shipmentsMax > 1) {
    addSets(ranking, needed, candidates, mostUseful(useful, needed, candidates), limits);
    extend(ranking, needed, candidates, useful, limits);
  }
  return { plan: ranking.best ?? planFor(needed, candidates, [], limits), beaten: ranking.others() };
}

function addSets(
  ranking: Ranking,
  needed: readonly number[],
  candidates: SourcingNode[],
  indices: number[],
  limits: SourcingLimits,
): void {
  for (let a = 0; a < indices.length; a++) {
    for (let b = a + 1; b < indices.length; b++) {
      ranking.add(planFor(needed, candidates, [indices[a]!, indices[b]!], limits));
      if (limits.shipmentsMax < EXACT_SHIPMENTS) continue;
      for (let c = b + 1; c < indices.length; c++) {
        ranking.add(planFor(needed, candidates, [indices[a]!, indices[b]!, indices[c]!], limits));
      }
    }
  }
}

/** More than three shipments, only while units are missing and the policy allows it. */
function extend(
  ranking: Ranking,
  needed: readonly number[],
  candidates: SourcingNode[],
  useful: number[],
  limits: SourcingLimits,
): void {
  for (let size = EXACT_SHIPMENTS + 1; size <= limits.shipmentsMax; size++) {
    const from = ranking.best!;
    if (from.unfilled === 0 || from.nodes.length < size - 1) return;
    for (const index of useful) {
      if (!from.nodes.includes(index))
        ranking.add(planFor(needed, candidates, [...from.nodes, index].sort(byNumber), limits));
    }
  }
}

function mostUseful(useful: number[], needed: readonly number[], candidates: SourcingNode[]): number[] {
  if (useful.length <= SOURCING_CANDIDATES_MAX) return useful;
  const gives = (index: number) =>
    needed.reduce((sum, units, sku) => sum + Math.min(units, Math.max(0, candidates[index]!.available[sku]!)), 0);
  const worth = new Map(useful.map((index) => [index, gives(index)]));
  const order = (a: number, b: number) =>
    Number(candidates[a]!.late) - Number(candidates[b]!.late) || worth.get(b)! - worth.get(a)! || a - b;
  return [...useful].sort(order).slice(0, SOURCING_CANDIDATES_MAX).sort(byNumber);
}

const byNumber = (a: number, b: number): number => a - b;

/** The best way to fill the needs from these nodes alone; nodes that would give nothing are left out of it. */
function planFor(
  needed: readonly number[],
  candidates: SourcingNode[],
  set: number[],
  limits: SourcingLimits,
): SourcingPlan {
  const order =
    set.length < 2 ? set : [...set].sort((a, b) => fillOrder(candidates[a]!, candidates[b]!, limits) || a - b);
  const units = order.map(() => new Array<number>(needed.length).fill(0));
  const given = new Array<number>(order.length).fill(0);
  const plan: SourcingPlan = { unfilled: 0, late: 0, shipments: 0, cost: 0, load: 0, nodes: [], units: [] };
  for (let sku = 0; sku < needed.length; sku++) {
    let left = needed[sku]!;
    for (let place = 0; place < order.length && left > 0; place++) {
      const take = Math.min(left, candidates[order[place]!]!.available[sku]!);
      if (take <= 0) continue;
      units[place]![sku] = take;
      given[place]! += take;
      left -= take;
    }
    plan.unfilled += left;
  }
  for (let place = 0; place < order.length; place++) {
    if (given[place] === 0) continue;
    const node = candidates[order[place]!]!;
    if (node.late) plan.late += given[place]!;
    if (!node.shipsAlready) {
      plan.shipments += 1;
      plan.cost += node.costPerShipment;
    }
    plan.cost += given[place]! * node.costPerUnit;
    plan.load += node.load;
    plan.nodes.push(order[place]!);
    plan.units.push(units[place]!);
  }
  if (!limits.onTimeFirst) plan.late = 0;
  return plan;
}

const fillOrder = (a: SourcingNode, b: SourcingNode, { onTimeFirst }: SourcingLimits): number =>
  (onTimeFirst ? Number(a.late) - Number(b.late) : 0) || a.costPerUnit - b.costPerUnit;

/** Below zero when `a` is better. */
export const compareScores = (a: SourcingScore, b: SourcingScore): number =>
  a.unfilled - b.unfilled || a.late - b.late || a.shipments - b.shipments || a.cost - b.cost || a.load - b.load;

/** The best plans seen, best first. Of equals the one added first stays ahead, so preference breaks ties. */
class Ranking {
  readonly #plans: SourcingPlan[] = [];

  get best(): SourcingPlan | undefined {
    return this.#plans[0];
  }

  add(plan: SourcingPlan): void {
    const plans = this.#plans;
    let place = plans.length;
    while (place > 0 && compareScores(plan, plans[place - 1]!) < 0) place -= 1;
    if (place > SOURCING_BEATEN_MAX || plans.some((known) => isSameSet(known.nodes, plan.nodes))) return;
    plans.splice(place, 0, plan);
    if (plans.length > SOURCING_BEATEN_MAX + 1) plans.pop();
  }

  others(): SourcingPlan[] {
    return this.#plans.slice(1);
  }
}

/** A set that leaves a node out comes to the same as the smaller set, which was tried before. */
const isSameSet = (a: number[], b: number[]): boolean => a.length === b.length && a.every((index) => b.includes(index));
