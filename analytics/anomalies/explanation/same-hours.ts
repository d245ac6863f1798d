/** The same hours of the week before a window, by the clock of the workspace. */
import { localDayOf, offsetAt } from '../../../streams/operations/time-zone.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS_OF_WEEK = 7;

export type SameHours = {
  /** From the first of them up to the last of the week before. */
  over: { from: number; to: number };
  /** 1 is Monday; as the metric builder filters by them. */
  weekdays: string[];
  /** Empty: all of them. */
  hours: string[];
  /** How much of these hours the window itself covers, 0 to 1. */
  covered: number;
  /** Which week before a day lies in, 1 is the last one. @returns null for a day that is not of the window. @param at its start */
  weekOf(at: number): number | null;
};

/** @param to not included; less than a week after `from` */
export function sameHours({ from, to }: { from: number; to: number }, weeks: number, zone: string): SameHours {
  const [first, last] = [localDayOf(zone, from), localDayOf(zone, to - 1)];
  const days = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const hours = hoursOf(from, to, zone);
  const touched = (hours.length === 0 ? 24 : hours.length) * days.length;
  return {
    over: { from: from - weeks * DAYS_OF_WEEK * DAY_MS - DAY_MS, to: to - DAYS_OF_WEEK * DAY_MS + DAY_MS },
    weekdays: [...new Set(days.map((day) => String(((day + 3) % DAYS_OF_WEEK) + 1)))].slice(0, DAYS_OF_WEEK),
    hours: hours.map(String),
    covered: Math.min(1, (to - from) / HOUR_MS / touched),
    weekOf(at) {
      // The middle of the day: where it has no midnight, engine and calendar may differ by an hour.
      const day = localDayOf(zone, at + DAY_MS / 2);
      const week = Math.ceil((first - day) / DAYS_OF_WEEK);
      return week >= 1 && week <= weeks && day + week * DAYS_OF_WEEK <= last ? week : null;
    },
  };
}

/** Hours of the day that a window touches; none where it touches all. */
function hoursOf(from: number, to: number, zone: string): number[] {
  const hours = new Set<number>();
  for (let at = from; at < to; at = Math.floor(at / (HOUR_MS / 4) + 1) * (HOUR_MS / 4)) {
    hours.add(Math.floor(((at + offsetAt(zone, at)) % DAY_MS) / HOUR_MS));
    if (hours.size === 24) return [];
  }
  return [...hours].sort((a, b) => a - b);
}
