/** Days as fields of a form have them, at the clock of the workspace. Pure. */
import { formatClock } from '../../formats/times.ts';

const DAY_MS = 86_400_000;

/** The moment a day begins at a place: `2026-11-01`. */
export function dayBegins(day: string, timeZone: string): number | null {
  const utc = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(utc)) return null;
  // The offset of the place near that moment; once more where the clock is put forward or back in between.
  const first = utc - offsetAt(utc, timeZone);
  return utc - offsetAt(first, timeZone);
}

/** `2026-11-01`: the day of a moment at a place. */
export const dayOf = (at: number, timeZone: string): string =>
  new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 10);

/** From the beginning of the first day to the end of the last. */
export function spanOf(first: string, last: string, timeZone: string): { from: number; to: number } | null {
  const from = dayBegins(first, timeZone);
  const lastBegins = dayBegins(last, timeZone);
  if (from === null || lastBegins === null) return null;
  const to = dayBegins(dayOf(lastBegins + DAY_MS * 1.25, timeZone), timeZone);
  return to !== null && from < to ? { from, to } : null;
}

export function daysOf({ from, to }: { from: number; to: number }, timeZone: string): { first: string; last: string } {
  const endsWithDay = formatClock(to, timeZone) === '00:00';
  return { first: dayOf(from, timeZone), last: dayOf(endsWithDay ? to - 1 : to, timeZone) };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function offsetAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-US', { ...digits, second: '2-digit', hourCycle: 'h23', timeZone });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const local = Date.UTC(part['year']!, part['month']! - 1, part['day'], part['hour'], part['minute'], part['second']);
  return local - Math.floor(at / 1_000) * 1_000;
}
