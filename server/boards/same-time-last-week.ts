/** The same local time a week ago: clocks that changed in between do not move it. */
import { instantOfLocal, localDayOf, offsetAt } from '../../streams/operations/time-zone.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

export function sameTimeLastWeek(timeZone: string, at: number): number {
  const local = at + offsetAt(timeZone, at);
  const sinceMidnight = local - Math.floor(local / DAY_MS) * DAY_MS;
  return instantOfLocal(timeZone, localDayOf(timeZone, at) - 7, sinceMidnight / MINUTE_MS);
}

/** `vs last Tue`, for a moment on a Tuesday. */
export function vsLastWeekday(timeZone: string, at: number): string {
  return `vs last ${weekdays[new Date(at + offsetAt(timeZone, at)).getUTCDay()]!}`;
}
