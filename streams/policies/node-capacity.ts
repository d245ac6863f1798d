/** How many order lines a node can work off in a span of time, by its calendar, its pace and what impairs it. */
import type { Weakness } from '../operations/nodes/node-load-state.ts';
import { type NodeCalendar, openMsBetween } from './node-calendar.ts';

export type NodePace = NodeCalendar & {
  linesPerHour?: number | undefined;
  capacityLinesPerDay?: number | undefined;
  opensAt?: string | undefined;
  closesAt?: string | undefined;
};

const HOUR_MS = 3_600_000;

/** Whether anybody has said what the node can do. Without that nothing limits it but its calendar. */
export const paceIsKnown = (node: NodePace): boolean =>
  node.linesPerHour !== undefined || node.capacityLinesPerDay !== undefined;

/** What is left of the node's capacity at an instant. An impairment that lasts longer than was expected goes on. */
export function shareAt(weakness: Weakness | null, at: number): number {
  return weakness !== null && at >= weakness.from ? weakness.share : 1;
}

/** Hours of work between two instants, in ms at full strength: an hour at half strength counts as half an hour. */
export function workMsBetween(node: NodePace, weakness: Weakness | null, from: number, to: number): number {
  const whole = openMsBetween(node, from, to);
  if (weakness === null || weakness.share >= 1) return whole;
  const begin = Math.max(from, weakness.from);
  // Expected to be over by now and still there: nobody knows how long, so it is not planned with again.
  const lasts = weakness.until === null || weakness.until <= from ? to : Math.min(to, weakness.until);
  if (lasts <= begin) return whole;
  return whole - Math.round(openMsBetween(node, begin, lasts) * (1 - weakness.share));
}

/**
 * Lines the node can pick between two instants. Its pace is what it does in an hour, or its day's lines over the day's
 * hours, whichever is less.
 * @returns whole lines; Infinity when no pace is known and it works at all in that time
 */
export function linesPossible(node: NodePace, weakness: Weakness | null, from: number, to: number): number {
  const work = workMsBetween(node, weakness, from, to);
  if (!paceIsKnown(node)) {
    const idle = weakness !== null && weakness.share === 0 && work <= 0 && openMsBetween(node, from, to) > 0;
    return idle ? 0 : Number.POSITIVE_INFINITY;
  }
  return Math.floor((linesPerHourOf(node) * work) / HOUR_MS);
}

/** Its pace by master data, at full strength; Infinity when nobody has said it. */
export function linesPerHourOf(node: NodePace): number {
  const perHour = node.linesPerHour ?? Number.POSITIVE_INFINITY;
  const perDay = node.capacityLinesPerDay;
  const byHours = perDay === undefined ? Number.POSITIVE_INFINITY : (perDay * HOUR_MS) / dayMs(node);
  return Math.min(perHour, byHours);
}

/** Hours of one working day, in ms by the clock on the wall. */
function dayMs(node: NodePace): number {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const opens = minutes(node.opensAt ?? '08:00');
  const closes = minutes(node.closesAt ?? '18:00');
  return (closes <= opens ? closes + 1_440 - opens : closes - opens) * 60_000;
}
