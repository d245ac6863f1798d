/** What is told of orders besides themselves: decisions about them, advice against deed, steps that are due. */
import { z } from 'zod';
import { dueWords, orderSorts, orderStatuses } from '../../../streams/events/order-statuses.ts';
import { orderSteps } from '../../../streams/events/order-steps.ts';
import { page, pageQuery } from '../contract.ts';

const time = z.int(); // epoch milliseconds, UTC
const name = z.string().min(1).max(200);
const moment = z.coerce.number().int().min(0).optional();

// --- Lists
export const ordersFilter = z.object({
  /** One or several, as `held,backordered`. */
  status: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(orderStatuses)))
    .optional(),
  channel: z.string().max(200).optional(),
  node: z.string().max(200).optional(),
  q: z.string().max(200).optional(),
  /** Released in this wave. */
  wave: z.string().max(200).optional(),
  /** Only open ones that are due then, on the clock of their node. */
  due: z.enum(dueWords).optional(),
  /** Only what is due within two hours and not packed. */
  risk: z.stringbool().optional(),
  from: z.coerce.number().int().optional(),
  to: z.coerce.number().int().optional(),
});
export const ordersQuery = pageQuery.extend({ ...ordersFilter.shape, sort: z.enum(orderSorts).default('newest') });

// --- Decisions
export const decisionView = z.object({
  seq: z.int(),
  at: time,
  policy: z.string(),
  line: z.string(),
  sku: z.string(),
  node: z.string(),
  /** The choice in a few words, such as `BER-1 2, MUC-1 1`. */
  outcome: z.string(),
  /** What it rested on, and what it beat. */
  inputs: z.record(z.string(), z.unknown()),
});
export const decisionsQuery = pageQuery;
export const decisionsPage = page(decisionView);
export type DecisionsAnswer = z.infer<typeof decisionsPage>;

// --- Advice
const units = z.array(z.object({ node: z.string(), units: z.int() }));
const compared = z.object({ advised: z.int(), done: z.int() });
export const adviceQuery = pageQuery.extend({
  /** Such as `followed`, `other-node`, `more-shipments`. */
  outcome: z.string().max(40).optional(),
  order: name.optional(),
  /** Only in the summary. */
  channel: name.optional(),
  /** When it was judged; the last 30 days unless said. */
  from: moment,
  to: moment,
});
export const advicePage = page(
  z.object({
    order: z.string(),
    at: time,
    outcome: z.string(),
    advised: units,
    done: units,
    /** Units we had no stock for. */
    unfilled: z.int(),
    shipments: compared,
    /** Minor units of the workspace's currency. */
    shippingCost: compared,
  }),
).extend({
  summary: z.object({
    orders: z.int(),
    followed: z.int(),
    /** Null while nothing was judged. */
    followedPercent: z.number().nullable(),
    /** By how much more than advised was shipped and spent; below zero when less was. */
    moreShipments: z.int(),
    moreCost: z.int(),
    outcomes: z.array(z.object({ outcome: z.string(), orders: z.int(), moreShipments: z.int(), moreCost: z.int() })),
  }),
});
export type AdviceAnswer = z.output<typeof advicePage>;

// --- Steps that are due
export const stepsQuery = pageQuery.extend({
  kind: z.enum(orderSteps).optional(),
  node: name.optional(),
  overdue: z.stringbool().optional(),
});
export const stepsPage = page(
  z.object({
    /** `pick`: to be picked; `proof`: to be scanned or dispatched; `delivery`: to be delivered; all by `due`. */
    kind: z.enum(orderSteps),
    node: z.string(),
    due: time,
    overdue: z.boolean(),
    orders: z.int(),
    amount: z.int(),
    cost: z.int().optional(),
  }),
);
