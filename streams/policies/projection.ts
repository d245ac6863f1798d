/** How available stock goes on from here: sold at the rate of the last days, raised by receipts on their dates. Pure. */

const DAY_MS = 86_400_000;

export type ExpectedReceipt = { at: number; quantity: number };
export type Projection = {
  /** Corners of the line from now to the horizon; two at the same moment are a step up. */
  points: [at: number, units: number][];
  /** The first time without stock, until a receipt ends it or the horizon comes; null: it lasts. */
  gap: { from: number; to: number } | null;
};

/**
 * @param available units now; what is sold beyond them counts as nothing left
 * @param receipts what has a date ahead; others are left out
 */
export function projectAvailable(
  available: number,
  perDay: number,
  receipts: readonly ExpectedReceipt[],
  { from, until }: { from: number; until: number },
): Projection {
  const coming = receipts.filter(({ at }) => at > from && at <= until).sort((a, b) => a.at - b.at);
  const points: [number, number][] = [];
  let gap: Projection['gap'] = null;
  let level = Math.max(0, available);
  let at = from;
  points.push([at, level]);
  for (const receipt of [...coming, { at: until, quantity: 0 }]) {
    const outAt = perDay > 0 ? at + (level / perDay) * DAY_MS : Number.POSITIVE_INFINITY;
    if (outAt < receipt.at) {
      if (outAt > at) points.push([Math.round(outAt), 0]);
      gap ??= { from: Math.round(outAt), to: receipt.at };
      level = 0;
    } else level -= (perDay * (receipt.at - at)) / DAY_MS;
    level = Math.max(0, level);
    points.push([receipt.at, level]);
    if (receipt.quantity > 0) {
      level += receipt.quantity;
      points.push([receipt.at, level]);
    }
    at = receipt.at;
  }
  return { points: points.map(([time, units]) => [time, Math.round(units * 10) / 10]), gap };
}
