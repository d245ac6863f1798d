/** Moments on the clock of a node. Pure. */
import { formatClock, formatDate, formatWeekday } from '../formats/times.ts';

/** `18:00` of today there, else `Tue 10 Nov 18:00`. */
export function nodeClock(at: number, now: number, timeZone: string): string {
  const clock = formatClock(at, timeZone);
  return formatDate(at, timeZone) === formatDate(now, timeZone) ? clock : `${formatWeekday(at, timeZone)} ${clock}`;
}

/** `EST`, `CET`: said where somebody reads times of a place that may not be theirs. */
export function zoneName(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'short' }).formatToParts(at);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}
