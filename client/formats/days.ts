/** Days as fields of a form have them, at the clock of a place. Pure. */
import { instantOfLocal, textOfLocal } from './local-time.ts';
import { formatClock } from './times.ts';

const DAY_MS = 86_400_000;

/** The moment a day begins at a place: `2026-11-01`. */
export function dayBegins(day: string, timeZone: string): number | null {
  const at = instantOfLocal(`${day}T00:00`, timeZone);
  return Number.isNaN(at) ? null : at;
}

/** `2026-11-01`: the day of a moment at a place. */
export const dayOf = (at: number, timeZone: string): string => textOfLocal(at, timeZone).slice(0, 'YYYY-MM-DD'.length);

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
