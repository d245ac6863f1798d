/** Whether a node misses a promise to ship: more than a twentieth of its orders leave later or not at all. */
import { cutOffChance, MISSED_ABOVE_SHARE } from '../../policies/chances/cut-off-chance.ts';
import { linesDue } from '../../policies/free-capacity.ts';
import { nextCutOff, openMsBetween } from '../../policies/node-calendar.ts';
import { paceIsKnown, shareAt, workMsBetween } from '../../policies/node-capacity.ts';
import type { Draft } from '../draft.ts';
import { heardOf, paceOn, weekdayOf } from '../nodes/node-flow.ts';
import { ids, type Wave } from '../states.ts';
import { type Predicted, tenths } from './predicted.ts';
import { correctedBy } from './prediction-record.ts';

const HOUR_MS = 3_600_000;
/** Of what is still to be ordered. */
const LINES_PER_ORDER = 1.7;

/** Null when nobody has said what the node can do, or its moment is gone. */
export function cutOffFigures(draft: Draft, wave: Wave, at: number) {
  const node = draft.get('node', wave.node);
  if (node === undefined || !paceIsKnown(node) || wave.shipBy <= at || wave.orders === 0) return null;
  const load = draft.get('node-load', wave.node);
  const impaired = load?.impaired ?? null;
  const flow = load?.flow;
  // Up to then it is known what the node did; from then on it is reckoned.
  const from = load === undefined ? at : heardOf(draft, load, at);
  const cutOff = nextCutOff(node, at);
  // What is ordered until the order cut-off is due by then as well.
  const comesHours = cutOff !== null && cutOff < wave.shipBy ? openMsBetween(node, at, cutOff) / HOUR_MS : 0;
  const perHour = flow === undefined || flow.comes.hours === 0 ? 0 : flow.comes.lines / flow.comes.hours;
  const comes = perHour * comesHours;
  const need = (load === undefined ? 0 : linesDue(load, wave.shipBy)) + comes;
  const chance = cutOffChance({
    need,
    open: wave.orders,
    orders: wave.orders + (wave.shipped ?? 0) + comes / LINES_PER_ORDER,
    hours: (wave.shipBy - from) / HOUR_MS,
    workHours: openMsBetween(node, from, wave.shipBy) / HOUR_MS,
    strengthHours: workMsBetween(node, impaired, from, wave.shipBy) / HOUR_MS,
    share: shareAt(impaired, at),
    usualPace: paceOn(node, flow, weekdayOf(node, at)),
    now: flow?.now,
    seenHours: flow?.usual.hours ?? 0,
  });
  return { ...chance, need, probability: correctedBy(draft, 'cut-off-miss', chance.chance) };
}

export function cutOffPredicted(draft: Draft, wave: Wave, at: number): Predicted | null {
  const figures = cutOffFigures(draft, wave, at);
  if (figures === null) return null;
  const { need, pace, usualPace: usual, expected, allowed, chance, probability } = figures;
  return {
    prediction: 'cut-off-miss',
    subject: ids.wave(wave.node, wave.shipBy),
    title: `${wave.node} misses its cut-off`,
    at,
    horizon: wave.shipBy,
    uncorrected: chance,
    probability,
    among: wave.node,
    sku: null,
    node: wave.node,
    purchaseOrder: null,
    supplier: null,
    when: clears(need, pace, usual, at),
    inputs: {
      linesToPick: Math.round(need),
      linesPerHourNow: tenths(pace),
      linesPerHourUsually: tenths(usual),
      linesPossible: Math.round(expected),
      linesMayBeLeft: tenths(allowed),
      orders: wave.orders,
      missedAbovePercent: MISSED_ABOVE_SHARE * 100,
    },
    formula:
      'chance that the lines that will be picked by then, at the pace of now turning to the usual one (gamma), are fewer than those due less what may be left, or that too many that are picked have not left',
  };
}

/** When the work due is done: at the usual pace, at the present one, and at the slower of both with a quarter less. */
function clears(need: number, pace: number, usual: number, at: number): Predicted['when'] {
  const by = (perHour: number) => (perHour <= 0 ? null : Math.round(at + (need / perHour) * HOUR_MS));
  const [slow, fast] = pace < usual ? [pace, usual] : [usual, pace];
  return { p10: by(fast), p50: by(pace), p90: by(slow * 0.75) };
}
