/** Until when a snooze lasts: the usual moments, on the clock of a place. Pure. */
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

/** What `<input type="datetime-local">` says, as an instant at the place; NaN when it says nothing. */
export function instantOfLocal(text: string, timeZone: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(text);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  return instantOf([year, month, day, hour, minute], timeZone);
}

/** `Tue 24 Nov 08:00`. */
export const sayMoment = (at: number, timeZone: string): string =>
  `${formatWeekday(at, timeZone)} ${formatClock(at, timeZone)}`;

/** Twice, because the first guess may stand on the other side of a change of clocks. */
function instantOf(local: [number, number, number, number, number], timeZone: string): number {
  const [year, month, day, hour, minute] = local;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const first = asUtc - offsetOf(asUtc, timeZone);
  return asUtc - offsetOf(first, timeZone);
}

function offsetOf(at: number, timeZone: string): number {
  const [year, month, day, hour, minute] = partsOf(at, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

const forms = new Map<string, Intl.DateTimeFormat>();

function partsOf(at: number, timeZone: string): [number, number, number, number, number] {
  let form = forms.get(timeZone);
  if (form === undefined) {
    const numeric = 'numeric';
    form = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      hourCycle: 'h23',
    });
    forms.set(timeZone, form);
  }
  const parts = new Map(form.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return [of('year'), of('month'), of('day'), of('hour'), of('minute')];
}
