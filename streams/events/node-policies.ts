/** The bodies of the policies about nodes: what being late costs, when work is released, how it is moved elsewhere. */
import { z } from 'zod';
import { id, quantity } from './fields.ts';

const percent = z.number().min(0).max(100);

export const nodePolicySchemas = {
  /** What an order that leaves late is taken to cost. */
  lateness: z.object({
    /** Customers who cancel an order that is shipped late, in percent. */
    cancelPercent: percent.default(10),
    /** The same for single channels. */
    channels: z.record(id, percent).default({}),
  }),
  /** When a node is told to begin with orders, and with how many. */
  'wave-release': z.object({
    /** Whether waves are released without anybody asking. */
    automatic: z.boolean().default(false),
    /** How often it is looked whether a node can take more. */
    everyMinutes: z.int().min(1).max(1_440).default(15),
    /** Orders are not begun with earlier than this before they are due. */
    horizonHours: z.int().min(1).max(720).default(24),
    /** A node holds released work for at most this many minutes at its pace. */
    workAheadMinutes: z.int().min(1).max(1_440).default(120),
    /** Order lines in one wave, also where no pace is known. */
    linesMax: quantity.max(5_000).default(200),
    /** Fewer lines than this wait for more, unless they are due within the next hour of work. */
    linesMin: quantity.default(1),
    /** Whether an order of which something still waits for stock is begun with. */
    partial: z.boolean().default(false),
  }),
  /** When work of an impaired node is worth moving. */
  reroute: z.object({
    /** Orders of one proposal. */
    ordersMax: z.int().min(1).max(1_000).default(500),
    /** Whether an order may be split over more nodes than before. */
    splits: z.boolean().default(true),
    /** An order is moved when what that costs is at most this share of what being late would cost. */
    costPercentMax: z.number().min(0).max(100_000).default(100),
    /** Work that nodes keep free for orders to come, in percent of what they can do. */
    spareCapacityPercent: percent.default(10),
  }),
} as const satisfies Record<string, z.ZodObject>;
