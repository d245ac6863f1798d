/** Moments on a clock of a place: the node's where there is one, else the workspace's. */
import { region } from './region.ts';

type Form = 'clock' | 'seconds' | 'dayName' | 'weekday' | 'date' | 'moment' | 'monthDay';

const forms: Record<Form, Intl.DateTimeFormatOptions> = {
  clock: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  dayName: { weekday: 'short' },
  weekday: { weekday: 'short', day: 'numeric', month: 'short' },
  date: { day: 'numeric', month: 'short', year: 'numeric' },
  moment: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  monthDay: { day: 'numeric', month: 'short' },
};
// Making a formatter costs about 50 µs, using one under 1 µs; a table draws hundreds.
const formatters = new Map<string, Intl.DateTimeFormat>();

/** `14:32` */
export const formatClock = (at: number, timeZone: string) => format('clock', at, timeZone);
/** `14:31:20` */
export const formatSeconds = (at: number, timeZone: string) => format('seconds', at, timeZone);
/** `Tue 10 Nov` */
export const formatWeekday = (at: number, timeZone: string) => format('weekday', at, timeZone).replace(',', '');
/** `28 Feb 2011` */
export const formatDate = (at: number, timeZone: string) => format('date', at, timeZone);
/** `10 Nov, 14:31:20` */
export const formatMoment = (at: number, timeZone: string) => format('moment', at, timeZone);
/** `10 Nov` */
export const formatMonthDay = (at: number, timeZone: string) => format('monthDay', at, timeZone);

/** The clock when it is the same day at that place, else the date. */
export function formatNear(at: number, now: number, timeZone: string): string {
  const sameDay = formatDate(at, timeZone) === formatDate(now, timeZone);
  return sameDay ? formatSeconds(at, timeZone) : formatMoment(at, timeZone);
}

const DAY_MS = 86_400_000;
const DAYS_NAMED_MAX = 6;

/** `18:00` of today there, `Tue 18:00` within the next days, `10 Nov` when a day's name alone would mislead. */
export function formatClockOrDay(at: number, now: number, timeZone: string): string {
  if (formatDate(at, timeZone) === formatDate(now, timeZone)) return formatClock(at, timeZone);
  const isNear = Math.abs(at - now) < DAYS_NAMED_MAX * DAY_MS;
  return isNear ? `${format('dayName', at, timeZone)} ${formatClock(at, timeZone)}` : formatMonthDay(at, timeZone);
}

function format(form: Form, at: number, timeZone: string): string {
  const key = `${region()} ${form} ${timeZone}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(region(), { ...forms[form], timeZone });
    formatters.set(key, formatter);
  }
  return formatter.format(at);
}
