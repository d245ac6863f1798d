/** What a reroute is worked out from, and what comes out. */

export type ShippingCost = { costPerShipment: number; costPerUnit: number };

/** Amounts in minor units, times epoch ms. */
export type RerouteOrder = {
  order: string;
  due: number;
  /** What the impaired node would have to pick of it. */
  lines: { line: string; sku: string; quantity: number }[];
  /** What it would cost to be late with it. */
  lateCost: number;
  /** What shipping it from the impaired node costs. */
  from: ShippingCost;
  /** Other nodes that may ship it, first choice first. */
  nodes: ({ node: string } & ShippingCost)[];
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
};

export type RerouteSituation = {
  /** Moments by which orders are due, ascending. */
  horizons: readonly number[];
  /** Lines the impaired node can do by each horizon. */
  possible: readonly number[];
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

/** The first horizon at or after a moment; the last one for whatever is later. */
export function horizonOf({ horizons }: RerouteSituation, due: number): number {
  const index = horizons.findIndex((horizon) => horizon >= due);
  return index < 0 ? horizons.length - 1 : index;
}
