/** Local days and hours of a time zone, worked out once per hour and zone. */

const OFFSETS_MAX = 50_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Milliseconds that local time is ahead of UTC in the hour of this instant. */
export function offsetAt(timeZone: string, instant: number): number {
  if (timeZone === 'UTC') return 0;
  const quarter = Math.floor(instant / (HOUR_MS / 4));
  const key = `${timeZone}|${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const hour = quarter * (HOUR_MS / 4);
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(hour)
      .map((part) => [part.type, Number(part.value)]),
  );
  const local = Date.UTC(parts.year!, parts.month! - 1, parts.day!, parts.hour! % 24, parts.minute!, parts.second!);
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  offsets.set(key, local - hour);
  return local - hour;
}

/** The instant at which the local day of this instant began. */
export function startOfLocalDay(timeZone: string, instant: number): number {
  const local = instant + offsetAt(timeZone, instant);
  const midnight = Math.floor(local / DAY_MS) * DAY_MS;
  // The offset at midnight may differ from the one now, on the two days a year when clocks change.
  const guess = midnight - offsetAt(timeZone, instant);
  return midnight - offsetAt(timeZone, guess);
}

/** The local day of this instant, as days since 1970-01-01. */
export const localDayOf = (timeZone: string, instant: number): number =>
  Math.floor((instant + offsetAt(timeZone, instant)) / DAY_MS);

/**
 * The instant at which clocks of a zone show a time of a day. A time they show twice means the first of the two; one
 * they jump over means the moment of the jump.
 * @param day days since 1970-01-01
 * @param minutes minutes since local midnight; may pass 24 hours
 */
export function instantOfLocal(timeZone: string, day: number, minutes: number): number {
  const local = day * DAY_MS + minutes * 60_000;
  const before = offsetAt(timeZone, local - DAY_MS);
  const after = offsetAt(timeZone, local + DAY_MS);
  const early = local - before;
  if (before === after || offsetAt(timeZone, early) === before) return early;
  const late = local - after;
  if (offsetAt(timeZone, late) === after) return late;
  // Only a jump forward leaves a time that neither offset shows: it lies between the two guesses.
  let jump = Math.floor(late / (HOUR_MS / 4)) * (HOUR_MS / 4);
  while (offsetAt(timeZone, jump) === before) jump += HOUR_MS / 4;
  return jump;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
