/** Node-local time: working hours, workdays and cut-offs, from epoch milliseconds and back. */
import { IANAZone } from 'luxon';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** About six weeks. */
const HOURS_KNOWN_MAX = 1_024;

export type WorkingHours = { workdays: readonly number[]; opensAt: number; closesAt: number };
export type LocalTime = ReturnType<typeof localTimeOf>;

export function localTimeOf(timeZone: string) {
  const zone = IANAZone.create(timeZone);
  const hourKnown = new Float64Array(HOURS_KNOWN_MAX).fill(-1);
  const offsetKnown = new Int32Array(HOURS_KNOWN_MAX);

  /** Offset to UTC in ms. Zones change on whole hours, and we ask about the same few weeks again and again. */
  function offset(at: number): number {
    const hour = Math.floor(at / HOUR);
    const slot = hour % HOURS_KNOWN_MAX;
    if (hour !== hourKnown[slot]) {
      offsetKnown[slot] = zone.offset(hour * HOUR) * MINUTE;
      hourKnown[slot] = hour;
    }
    return offsetKnown[slot]!;
  }

  /** Local calendar day as a count of days, ISO weekday (1 = Monday), ms since local midnight. */
  function partsOf(at: number): { day: number; weekday: number; inDay: number } {
    const local = at + offset(at);
    const day = Math.floor(local / DAY);
    return { day, weekday: ((day + 3) % 7) + 1, inDay: local - day * DAY };
  }

  const instantOf = (day: number, inDay: number): number => {
    const local = day * DAY + inDay;
    return local - offset(local - offset(local));
  };

  /** The same moment when the node works, else its next opening. `closesAt` may be earlier than the node's own. */
  function nextOpen(at: number, hours: WorkingHours): number {
    const { day, weekday, inDay } = partsOf(at);
    if (hours.workdays.includes(weekday)) {
      if (inDay < hours.opensAt * HOUR) return instantOf(day, hours.opensAt * HOUR);
      if (inDay < hours.closesAt * HOUR) return at;
    }
    return instantOf(nextWorkday(day + 1, hours), hours.opensAt * HOUR);
  }

  /** When `work` ms of labour are done, begun at `at` and going on only in working hours. */
  function afterWork(at: number, work: number, hours: WorkingHours): number {
    let begin = nextOpen(at, hours);
    let left = work;
    for (;;) {
      const close = instantOf(partsOf(begin).day, hours.closesAt * HOUR);
      if (begin + left <= close) return begin + left;
      left -= close - begin;
      begin = nextOpen(close, hours);
    }
  }

  function nextWorkday(day: number, hours: WorkingHours): number {
    let candidate = day;
    while (!hours.workdays.includes(((candidate + 3) % 7) + 1)) candidate++;
    return candidate;
  }

  /** Close of the day on which an order of `at` is due to leave: today before the cut-off, else the next workday. */
  function shipBy(at: number, cutOff: string, hours: WorkingHours): number {
    const { day, weekday, inDay } = partsOf(at);
    const inTime = hours.workdays.includes(weekday) && inDay < msOfDay(cutOff);
    return instantOf(inTime ? day : nextWorkday(day + 1, hours), hours.closesAt * HOUR);
  }

  return { partsOf, instantOf, nextOpen, afterWork, shipBy };
}

/** "15:30" as ms since midnight. */
export function msOfDay(localTime: string): number {
  const [hours, minutes] = localTime.split(':');
  return Number(hours) * HOUR + Number(minutes) * MINUTE;
}
