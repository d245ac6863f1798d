/** Waves: a node is told which orders to begin with. */
import { z } from 'zod';
import { id, instant, text } from './fields.ts';

/** Orders in one wave. */
export const WAVE_ORDERS_MAX = 500;

export const waveEvents = {
  /** Orders whose time has come, given to a node together. Those that cannot begin any more are left out. */
  'wave.released': z.object({
    wave: id,
    node: id,
    orders: z.array(id).min(1).max(WAVE_ORDERS_MAX),
    /** The cut-off they are to reach. */
    cutOff: instant.optional(),
    by: text.optional(),
  }),
};
