/** Until when a snooze lasts: the usual moments, on the clock of a place. Pure. */
import { instantOf, partsOf } from '../../formats/local-time.ts';
import { formatClock, formatWeekday } from '../../formats/times.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Shifts end at these hours at the place. */
const SHIFT_ENDS = [6, 14, 22] as const;
/** An end of shift nearer than this is the next one: nobody snoozes for ten minutes. */
const SHIFT_LEAST_MS = 30 * MINUTE_MS;

export type Choice = { name: string; at: number };

export function snoozeChoices(now: number, timeZone: string): Choice[] {
  return [
    { name: '1 hour', at: now + HOUR_MS },
    { name: '4 hours', at: now + 4 * HOUR_MS },
    { name: 'End of shift', at: endOfShift(now, timeZone) },
    { name: 'Tomorrow 08:00', at: atHour(now, timeZone, 8, 1) },
  ];
}

export function endOfShift(now: number, timeZone: string): number {
  const ends = [0, 1].flatMap((day) => SHIFT_ENDS.map((hour) => atHour(now, timeZone, hour, day)));
  return ends.find((end) => end >= now + SHIFT_LEAST_MS) ?? now + 8 * HOUR_MS;
}

/** The instant of a full hour at a place, `days` after the day that `now` is there. */
export function atHour(now: number, timeZone: string, hour: number, days: number): number {
  const [year, month, day] = partsOf(now, timeZone);
  return instantOf([year, month, day + days, hour, 0], timeZone);
}

/** `Tue 24 Nov 08:00`. */
export const sayMoment = (at: number, timeZone: string): string =>
  `${formatWeekday(at, timeZone)} ${formatClock(at, timeZone)}`;
