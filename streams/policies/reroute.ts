/**
 * Reroute: which orders leave a node that cannot ship them in time, and where to. Orders are looked at by the moment they
 * are due, the most costly first; the node keeps what it can still do. As soon as more is due than that, the order goes
 * elsewhere whose move is cheapest, as Moore and Hodgson choose the job to give up so that fewest are late. An order
 * moves only whole, in time and for less than being late would cost. No stock and no capacity is given away twice.
 */
import type { PolicyBody } from '../events/policies.ts';
import { Elsewhere } from './reroute-options.ts';
import { horizonOf, type RerouteOrder, type ReroutePlan, type RerouteSituation } from './reroute-situation.ts';

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
