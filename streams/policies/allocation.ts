/** Allocation: which nodes reserve how many units for an order line. Never more than is available to promise. */

export type Candidate = { node: string; available: number };
export type Allocation = { takes: [string, number][]; waiting: number };

/**
 * One node for the whole line if any has enough, in the channel's order of preference; otherwise as few nodes as
 * possible, fullest first; what nobody can give waits.
 * @param quantity units of the line
 * @param candidates eligible nodes, first choice first, with their ATP (negative counts as nothing)
 */
export function allocate(quantity: number, candidates: Candidate[]): Allocation {
  const whole = candidates.find((candidate) => candidate.available >= quantity);
  if (whole !== undefined) return { takes: [[whole.node, quantity]], waiting: 0 };
  const takes: [string, number][] = [];
  let left = quantity;
  const fullestFirst = [...candidates].sort((a, b) => b.available - a.available);
  for (const { node, available } of fullestFirst) {
    const take = Math.min(left, Math.max(0, available));
    if (take === 0) continue;
    takes.push([node, take]);
    left -= take;
  }
  return { takes, waiting: left };
}
