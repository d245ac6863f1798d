/** The shape of a proposed reroute, from the proposal until all of it was tried. */
import type { RerouteMove } from '../../policies/reroute-situation.ts';

export type RerouteStatus = 'proposed' | 'approved' | 'done' | 'rejected' | 'superseded' | 'expired' | 'stopped';

export type Reroute = {
  reroute: string;
  node: string;
  /** Empty when nothing but a planner made it necessary. */
  impairment: string;
  status: RerouteStatus;
  /** The source whose clock carries out its pages. */
  clock: string;
  /** Orders to move, and how far it has come: `done` and `failed` add up to what was tried. */
  orders: number;
  pages: number;
  pagesDone: number;
  done: number;
  failed: number;
  linesMoved: number;
  /** The first orders that could not move any more, and why. */
  failures: { order: string; reason: string }[];
  saved: { orders: number; lines: number; amount: number };
  late: { orders: number; lines: number; amount: number; reasons: Record<string, number> };
  kept: { orders: number; lines: number };
  extraShipments: number;
  extraCost: number;
  proposedAt: number;
  proposedBy: string;
  decidedAt: number;
  decidedBy: string;
  /** Why it was rejected, or why it ended before all of it was tried. */
  reason: string;
  finishedAt: number;
};

/** A part of the moves, carried out by one event. It goes when it has been tried. */
export type RerouteMoves = { moves: RerouteMove[] };
