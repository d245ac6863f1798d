/**
 * How likely a node misses a promise to ship: the lines it has to pick by then, against what it will have picked if it
 * goes on as it does now and finds back to its usual pace over the hours.
 */
import { countReaches, gammaTail } from './tails.ts';

/** A promise counts as missed when more than this share of its orders left later, or not at all. */
export const MISSED_ABOVE_SHARE = 0.05;
/** What master data says weighs like so many hours that were seen. */
const TOLD_HOURS = 8;
/** The usual pace weighs like so many of the hours just seen. */
const USUAL_HOURS = 0.35;
/** What makes a node slow, or fast, lasts about so long. */
const LASTS_HOURS = 5;
/** From being picked to leaving, at the mean. */
const LEAVES_AFTER_HOURS = 0.8;
/** Of a node that keeps pace, this share of the orders is late all the same: a missed truck, a hold, a unit that was not there. */
const STRAY_SHARE = 0.025;
/** Hours differ by about this share, beyond what single lines do. */
const PACE_DRIFT = 0.3;
/** What master data says of a pace may be off by about this share, until it was seen for some hours. */
const TOLD_OFF = 0.5;
const LINES_DISPERSION = 3;
const ORDERS_DISPERSION = 3;

export type Rate = { lines: number; hours: number };

export type CutOffFigures = {
  /** Order lines due by then that are not picked, with those that are still expected to be ordered. */
  need: number;
  /** Orders of the promise that have not left, and all it has had. */
  open: number;
  orders: number;
  /** Hours until then, and hours of work among them; `strength` as left by an impairment. */
  hours: number;
  workHours: number;
  strengthHours: number;
  share: number;
  /** Lines an hour at full strength as it usually goes on such a day, and what was seen lately. */
  usualPace: number;
  now: Rate | undefined;
  /** Hours of work in which its pace was seen. */
  seenHours: number;
};

/** Lines an hour at full strength, by what was told and what was seen. */
export const usualPace = (linesPerHour: number, usual: Rate | undefined): number =>
  ((usual?.lines ?? 0) + linesPerHour * TOLD_HOURS) / ((usual?.hours ?? 0) + TOLD_HOURS);

/** Lines an hour as it goes now. */
export const presentPace = (usual: number, now: Rate | undefined): number =>
  ((now?.lines ?? 0) + usual * USUAL_HOURS) / ((now?.hours ?? 0) + USUAL_HOURS);

export type CutOffChance = {
  chance: number;
  /** Lines an hour now and usually, and how many lines will be picked by then. */
  pace: number;
  usualPace: number;
  expected: number;
  /** Lines that may be left. */
  allowed: number;
};

export function cutOffChance(figures: CutOffFigures): CutOffChance {
  const { need, open, orders, hours, workHours, strengthHours, share, usualPace: usual } = figures;
  const pace = presentPace(usual * share, figures.now);
  const lasting = LASTS_HOURS * (1 - Math.exp(-workHours / LASTS_HOURS));
  const expected = Math.max(0, usual * strengthHours + (pace - usual * share) * lasting);
  const linesPerOrder = open === 0 ? 1 : Math.max(1, need / open);
  const allowedOrders = Math.floor(MISSED_ABOVE_SHARE * orders);
  const allowed = allowedOrders * linesPerOrder;
  const unseen = TOLD_OFF ** 2 * Math.exp(-figures.seenHours / TOLD_HOURS);
  const variance = LINES_DISPERSION * expected + (PACE_DRIFT ** 2 + unseen) * expected ** 2;
  const short = need - allowed;
  const slow = short <= 0 ? 0 : expected <= 0 ? 1 : 1 - gammaTail(short - 0.5, expected, variance);
  const leave = 1 - Math.exp(-hours / LEAVES_AFTER_HOURS);
  // Of what is still open near the end, little was meant to be.
  const staying = open * (1 - leave) + Math.min(open, STRAY_SHARE * orders) * leave;
  const stays = countReaches(allowedOrders + 1, staying, ORDERS_DISPERSION * staying);
  return { chance: 1 - (1 - slow) * (1 - stays), pace, usualPace: usual, expected, allowed };
}
