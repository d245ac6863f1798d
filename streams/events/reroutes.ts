/** Reroutes: work of a node that cannot do it is proposed to be moved, and moved once somebody has approved it. */
import { z } from 'zod';
import { id, money, quantity, quantityOrZero, text } from './fields.ts';

/** Orders of one proposal. */
export const REROUTE_ORDERS_MAX = 1_000;

const amounts = z.object({ orders: quantityOrZero, lines: quantityOrZero, amount: money });

export const rerouteEvents = {
  /** What could be done, worked out from the state at `time`; the newest proposal for an impairment takes the place of the others. */
  'reroute.proposed': z.object({
    reroute: id,
    node: id,
    /** What made it necessary; empty when a planner asked for it without one. */
    impairment: id.optional(),
    moves: z
      .array(
        z.object({
          order: id,
          parts: z
            .array(
              z.object({
                toNode: id,
                lines: z
                  .array(z.object({ line: id, quantity }))
                  .min(1)
                  .max(2_000),
              }),
            )
            .min(1)
            .max(10),
        }),
      )
      .min(1)
      .max(REROUTE_ORDERS_MAX),
    /** Orders that leave in time because of it, and what being late with them would have cost. */
    saved: amounts,
    /** Orders that will be late all the same, and why. */
    late: amounts.extend({ reasons: z.record(z.string().max(100), quantityOrZero) }).optional(),
    /** Orders the node ships in time itself. */
    kept: amounts.omit({ amount: true }).optional(),
    extraShipments: z.int().default(0),
    extraCost: money.default(0),
    by: text.optional(),
  }),
  'reroute.approved': z.object({ reroute: id, by: text.optional() }),
  'reroute.rejected': z.object({ reroute: id, by: text.optional(), reason: text.optional() }),
};
