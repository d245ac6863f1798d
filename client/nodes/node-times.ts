/** Moments on the clock of a node. Pure. */
import { formatClock, formatDate, formatWeekday } from '../formats/times.ts';

/** `18:00` of today there, else `Tue 10 Nov 18:00`. */
export function nodeClock(at: number, now: number, timeZone: string): string {
  const clock = formatClock(at, timeZone);
  return formatDate(at, timeZone) === formatDate(now, timeZone) ? clock : `${formatWeekday(at, timeZone)} ${clock}`;
}

/** By when new orders must be there to leave on that day; what is open already has moments of its own. */
export function ordersTaken(cutOff: number | null, now: number, timeZone: string): { title: string; until: string } {
  if (cutOff === null) return { title: 'Takes orders until', until: 'no working day ahead' };
  return { title: `Takes orders for ${nodeDay(cutOff, now, timeZone)} until`, until: formatClock(cutOff, timeZone) };
}

/** `Lines due today`: those promised by midnight of the node's next day of work, and those that are late. */
export function linesDueTitle(cutOff: number | null, now: number, timeZone: string): string {
  if (cutOff === null) return 'Lines due by now';
  const day = nodeDay(cutOff, now, timeZone);
  return day === 'today' ? 'Lines due today' : `Lines due by the end of ${day}`;
}

const nodeDay = (at: number, now: number, timeZone: string): string =>
  formatDate(at, timeZone) === formatDate(now, timeZone) ? 'today' : formatWeekday(at, timeZone);

/** `EST`, `CET`: said where somebody reads times of a place that may not be theirs. */
export function zoneName(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

const dayClocks = new Map<string, Intl.DateTimeFormat>();

/** When the day of a moment began there; on the two days a year when clocks change, to within their change. */
export function startOfNodeDay(at: number, timeZone: string): number {
  let clock = dayClocks.get(timeZone);
  if (clock === undefined) {
    const form = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en-GB', { ...form, timeZone });
    dayClocks.set(timeZone, clock);
  }
  const [hours = 0, minutes = 0, seconds = 0] = clock.format(at).split(':').map(Number);
  return Math.floor(at / 1_000) * 1_000 - ((hours * 60 + minutes) * 60 + seconds) * 1_000;
}
