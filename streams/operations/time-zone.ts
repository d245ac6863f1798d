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
