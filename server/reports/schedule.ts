/** When a report is due. Pure: a schedule and a moment in, a moment out. */
import { DateTime } from 'luxon';
import type { ReportSchedule } from '../http/contract/reports.ts';

const DAYS_AHEAD_MAX = 8;

/**
 * The first moment after `after`. A local time that a change of clocks leaves out is taken as much later as the clocks
 * jump; one that comes twice is taken the first time: either way once a day.
 */
export function nextSlot(schedule: ReportSchedule, after: number): number {
  return slots(schedule, after, 0, DAYS_AHEAD_MAX).find((slot) => slot > after)!;
}

/** The last moment up to `now`, and after `after`; null when there was none. */
export function lastSlot(schedule: ReportSchedule, after: number, now: number): number | null {
  return slots(schedule, now, -DAYS_AHEAD_MAX, 0).findLast((slot) => slot > after && slot <= now) ?? null;
}

function slots({ days, at, timeZone }: ReportSchedule, around: number, from: number, to: number): number[] {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const day = DateTime.fromMillis(around, { zone: timeZone }).startOf('day');
  const all: number[] = [];
  for (let ahead = from; ahead <= to; ahead++) {
    const { year, month, day: date, weekday } = day.plus({ days: ahead });
    if (!days.includes(weekday)) continue;
    const local = DateTime.fromObject({ year, month, day: date, hour, minute }, { zone: timeZone });
    // Of a time that comes twice, which one is meant would otherwise depend on the offset of today.
    all.push(Math.min(...local.getPossibleOffsets().map((moment) => moment.toMillis())));
  }
  return all;
}
