/** What a node does in an hour of work while it has something to do: noted at each check of its pace. */
import { type Rate, usualPace } from '../../policies/chances/cut-off-chance.ts';
import { openMsBetween } from '../../policies/node-calendar.ts';
import { linesPerHourOf, shareAt } from '../../policies/node-capacity.ts';
import type { Draft } from '../draft.ts';
import type { Node } from '../states.ts';
import { localDayOf } from '../time-zone.ts';
import type { Flow, NodeLoad } from './node-load-state.ts';

const HOUR_MS = 3_600_000;
/** Hours of work after which what was seen weighs half. */
const NOW_HALVES_HOURS = 0.7;
const USUAL_HALVES_HOURS = 40;
const COMES_HALVES_HOURS = 2;
/** With less than this share of what it usually does still open, it had too little to do to show its pace. */
const BUSY_ABOVE_SHARE = 0.5;
/** A weekday is taken to be like the others until it was seen for about so many hours of work. */
const DAY_PROVEN_HOURS = 6;
/** A source that tells of a node speaks at least this often. */
const QUIET_MS = 20 * 60_000;

/** Up to when it is known what the node did: its source may be silent. */
export function heardOf(draft: Draft, load: NodeLoad, at: number): number {
  const source = load.toldBy === undefined ? undefined : draft.get('source', load.toldBy);
  return source === undefined || at - source.lastOccurredAt <= QUIET_MS ? at : source.lastOccurredAt;
}

/**
 * @param at of the check, epoch ms
 * @param heardAt up to when it is known what the node did
 */
export function flowAt(node: Node, load: NodeLoad, at: number, heardAt: number): Flow | undefined {
  const worked = load.worked ?? 0;
  const open = load.slots.reduce((sum, { lines }) => sum + lines, 0);
  const known = load.flow;
  if (known === undefined) return { at, worked, open, now: none, usual: none, days: week(), comes: none };
  // What it did meanwhile is told together once its source speaks again.
  if (heardAt < at) return known;
  const hours = openMsBetween(node, known.at, at) / HOUR_MS;
  // It was closed in between: what was ordered and done meanwhile says nothing of an hour of work.
  if (hours * HOUR_MS < (at - known.at) / 2) return { ...known, at, worked, open };
  const lines = worked - known.worked;
  const comes = faded(known.comes, hours, COMES_HALVES_HOURS, Math.max(0, open - known.open + lines), hours);
  const share = shareAt(load.impaired, at);
  const day = weekdayOf(node, at);
  const expects = paceOn(node, known, day) * share * hours;
  const isBusy = open >= BUSY_ABOVE_SHARE * expects || lines >= expects;
  const teaches = isBusy && share === 1;
  return {
    at,
    worked,
    open,
    now: faded(known.now, hours, NOW_HALVES_HOURS, isBusy ? lines : 0, isBusy ? hours : 0),
    usual: teaches ? faded(known.usual, hours, USUAL_HALVES_HOURS, lines, hours) : known.usual,
    days: teaches ? known.days.with(day, faded(known.days[day]!, hours, USUAL_HALVES_HOURS, lines, hours)) : known.days,
    comes,
  };
}

/** Lines an hour on a weekday, at full strength. */
export function paceOn(node: Node, flow: Flow | undefined, day: number): number {
  const usual = usualPace(linesPerHourOf(node), flow?.usual);
  const own = flow?.days[day] ?? none;
  return (own.lines + usual * DAY_PROVEN_HOURS) / (own.hours + DAY_PROVEN_HOURS);
}

/** 0 is Monday, by the clock of the node; 1970-01-01 was a Thursday. */
export const weekdayOf = (node: Node, at: number): number => (((localDayOf(node.timeZone, at) + 3) % 7) + 7) % 7;

const none: Rate = { lines: 0, hours: 0 };
const week = (): Rate[] => Array.from({ length: 7 }, () => none);

function faded(known: Rate, passed: number, halves: number, lines: number, hours: number): Rate {
  const keeps = 0.5 ** (passed / halves);
  return { lines: rounded(known.lines * keeps + lines), hours: rounded(known.hours * keeps + hours) };
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
